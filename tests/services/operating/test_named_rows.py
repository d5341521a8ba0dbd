"""Whatever was changed, moved or taken away in the database is named, and hides nothing else that is wrong."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.consent import Purpose
from hub.services.consents import withdrawal
from hub.services.operating import invariants
from storage import sealed_places
from storage.records import (
    AgreementRecord,
    ApplicationRecord,
    ClockRecord,
    ConsentRecord,
    ConsentWithdrawalRecord,
    ContentSaltRecord,
    DocumentRecord,
    EvidenceRecord,
    GivenEvidenceRecord,
    LogEntryRecord,
    NegotiationRecord,
    OfferRecord,
    PaymentRecord,
    Record,
    SubmissionRecord,
)
from tests.bent import bent
from tests.services.breaking import broken
from tests.services.case import Case
from tests.services.conftest import OpenCase


@pytest.fixture
def agreed(open_case: OpenCase) -> Case:
    """A negotiation with an agreement in force, a payment, and a consent that was taken back."""
    case = open_case()
    case.accept(case.offer())
    case.work_off()
    case.pay()
    with case.hub.writing(case.cardholder) as tx:
        withdrawal.withdraw(tx, case.id, Purpose.SHARE_WITH_BANK, client_id=case.client_id)
    return case


def breaches(case: Case, *statements: sa.Executable) -> set[tuple[str, str]]:
    """(invariant, detail) of all that does not hold once the statements were run."""
    with broken(case.hub, *statements) as tx:
        tx.session.expire_all()
        return {(each.invariant, each.detail) for each in invariants.breaches(tx, case.hub.store)}


OTHER = b"\x01" * 60
CHANGES: list[tuple[str, Callable[[], sa.Executable], set[str]]] = [
    ("a submission that is gone", lambda: sa.delete(SubmissionRecord), {"submission_is_logged"}),
    ("a version that is none", lambda: sa.update(NegotiationRecord).values(version=2), {"submission_is_logged"}),
    ("a consent that is gone", lambda: sa.delete(ConsentRecord), {"consents"}),
    ("a consent to other words", lambda: sa.update(ConsentRecord).values(sha256="f" * 64), {"consents"}),
    ("a consent to another version", lambda: sa.update(ConsentRecord).values(version="x"), {"consents"}),
    (
        "a consent of another time",
        lambda: sa.update(ConsentRecord).values(given_at=datetime.fromisoformat("2026-11-01T00:00:00+00:00")),
        {"consents"},
    ),
    ("a ledger that is disowned", lambda: sa.update(NegotiationRecord).values(consents_noted=False), {"consents"}),
    ("a file that is gone", lambda: sa.delete(EvidenceRecord), {"nothing_lost"}),
    ("a file that no bank is given", lambda: sa.delete(GivenEvidenceRecord), {"nothing_lost"}),
    (
        "a file given as another kind",
        lambda: sa.update(GivenEvidenceRecord).values(kind_sealed=OTHER),
        {"sealed_values"},
    ),
    ("a salt that is another's", lambda: sa.update(ContentSaltRecord).values(salt_sealed=OTHER), {"sealed_values"}),
    ("a paper that is gone", lambda: sa.delete(DocumentRecord), {"nothing_lost"}),
    ("an offer that is gone", lambda: sa.delete(OfferRecord), {"nothing_lost"}),
    (
        "an agreement in another state",
        lambda: sa.update(AgreementRecord).values(status="settled"),
        {"agreement_is_logged"},
    ),
    (
        "an agreement of another time",
        lambda: sa.update(AgreementRecord).values(signed_at=datetime.fromisoformat("2026-11-01T00:00:00+00:00")),
        {"agreement_is_signed"},
    ),
    ("what cannot be read of a clock", lambda: sa.update(ClockRecord).values(closes_at="zzz"), {"readable"}),
    ("what cannot be read of an entry", lambda: sa.update(LogEntryRecord).values(previous="zzz"), {"log_chain"}),
    (
        "where no file can lie",
        lambda: sa.update(DocumentRecord).values(store_name="../" + DocumentRecord.id),
        {"evidence_bytes"},
    ),
]


@pytest.mark.parametrize(("change", "named"), [each[1:] for each in CHANGES], ids=[each[0] for each in CHANGES])
def test_what_was_changed_or_taken_away_is_named(
    agreed: Case, change: Callable[[], sa.Executable], named: set[str]
) -> None:
    assert breaches(agreed) == set()
    found = {name for name, _ in breaches(agreed, change())}
    assert found >= named


def test_a_withdrawal_is_missed_where_the_row_was_made_to_agree(agreed: Case) -> None:
    both = (sa.delete(ConsentWithdrawalRecord), sa.update(NegotiationRecord).values(withdrawn_purposes=None))
    assert ("consents", "the ledger says otherwise of what was taken back than the log") in breaches(agreed, *both)


@pytest.mark.parametrize("record", [SubmissionRecord, ApplicationRecord, PaymentRecord, OfferRecord, AgreementRecord])
@pytest.mark.parametrize("bend", [bent, lambda sealed: sealed[:1] + bytes(6) + sealed[7:]])
def test_a_sealed_value_that_was_changed_is_named_by_its_place_and_hides_nothing(
    agreed: Case, record: Any, bend: Callable[[bytes], bytes]
) -> None:
    table = record.__table__
    column = next(each for each in table.c if each.name.endswith("_sealed"))
    with agreed.hub.reading(HUB) as tx:
        sealed: Any = tx.session.scalar(sa.select(column))
    statement = sa.update(table).values({column.name: bend(sealed)})
    elsewhere = sa.update(EvidenceRecord).values(sha256="f" * 64)
    with broken(agreed.hub, statement, elsewhere) as tx:
        tx.session.expire_all()
        found = {(each.invariant, each.subject.split()[0]) for each in invariants.breaches(tx, agreed.hub.store)}
    assert ("sealed_values", table.name) in found
    assert "evidence_bytes" in {name for name, _ in found}


def test_every_table_with_sealed_values_says_how_its_rows_are_named() -> None:
    for table in Record.metadata.sorted_tables:
        if any(each.name.endswith("_sealed") for each in table.c):
            assert table.name in {*sealed_places.NAMED_OTHERWISE, *sealed_places.ELSEWHERE} or "id" in table.c
