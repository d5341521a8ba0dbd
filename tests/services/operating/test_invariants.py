"""Each invariant, broken on purpose, is named; and whatever the services do, none is broken."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.credit_note import CreditNote, CreditNoteKind
from hub.services.negotiations import credit_notes
from hub.services.operating import invariants
from hub.settings import Settings
from storage.records import (
    AgreementRecord,
    ApplicationRecord,
    ClockRecord,
    CreditNoteRecord,
    DeliveryRecord,
    DocumentRecord,
    EvidenceRecord,
    LogEntryRecord,
    NegotiationRecord,
    OfferRecord,
    StaffRecord,
    TeamRecord,
    new_id,
)
from tests.applications import CITIC, ICBC
from tests.services.breaking import broken
from tests.services.case import Case
from tests.services.conftest import OpenCase


@pytest.fixture
def waiting(open_case: OpenCase) -> Case:
    """A negotiation whose clock runs, after a turn that was answered."""
    case = open_case()
    case.offer()
    case.counter()
    return case


def breaches(case: Case, *statements: sa.Executable) -> set[str]:
    """The names of the invariants that do not hold once the statements were run."""
    with broken(case.hub, *statements) as tx:
        return {breach.invariant for breach in invariants.breaches(tx, case.hub.store)}


def copied(record: Any, **changes: Any) -> sa.Executable:
    """Every row of the table once more, but for the changes."""
    table = record.__table__
    kept = [each for each in table.c if each.name not in changes]
    query = sa.select(*kept, *(sa.literal(value) for value in changes.values()))
    return sa.insert(table).from_select([*(each.name for each in kept), *changes], query)


def test_nothing_is_broken_by_a_whole_life(waiting: Case, agreed: Case) -> None:
    assert breaches(waiting) == set()


_ID = "0" * 31 + "1"
_STRANGER = sa.insert(StaffRecord).values(
    id=_ID, bank_code=CITIC, role="reviewer", email_index="x", fs_uniquifier=_ID, active=True, is_demo=False,
    added_at=datetime(2026, 11, 1, tzinfo=UTC),
)  # fmt: skip
_TEAM_OF_CITIC = sa.insert(TeamRecord).values(
    id=_ID, bank_code=CITIC, name="一组", added_at=datetime(2026, 11, 1, tzinfo=UTC)
)
ON_A_WAITING_ONE: list[tuple[str, Callable[[], list[sa.Executable]], set[str]]] = [
    (
        "a status without an entry",
        lambda: [sa.update(NegotiationRecord).values(status="in_review")],
        {"status_is_logged"},
    ),
    (
        "a status that is none",
        lambda: [sa.update(NegotiationRecord).values(status="lost")],
        {"status_is_logged", "one_clock"},
    ),
    (
        "the head in the row",
        lambda: [sa.update(NegotiationRecord).values(log_head="f" * 64)],
        {"log_chain"},
    ),
    (
        "a due time moved",
        lambda: [sa.update(ClockRecord).values(due_at=ClockRecord.opened_at).where(ClockRecord.answered_at.is_(None))],
        {"due_time"},
    ),
    (
        "the queue's due time moved",
        lambda: [sa.update(NegotiationRecord).values(due_at=NegotiationRecord.opened_at)],
        {"due_time"},
    ),
    ("days that cannot be", lambda: [sa.update(ClockRecord).values(response_days=0)], {"due_time"}),
    ("two clocks", lambda: [sa.update(ClockRecord).values(answered_at=None)], {"one_clock"}),
    (
        "an agreed one without an agreement",
        lambda: [sa.update(NegotiationRecord).values(status="agreed")],
        {"status_is_logged", "one_agreement", "one_clock"},
    ),
    (
        "another content under a delivery's id",
        lambda: [sa.update(DeliveryRecord).values(sha256="f" * 64)],
        {"one_content"},
    ),
    (
        "a delivery that cannot be read",
        lambda: [sa.update(DeliveryRecord).values(body_sealed=b"x")],
        {"one_content", "sealed_values"},
    ),
    ("an offer of another bank", lambda: [sa.update(OfferRecord).values(bank_code=CITIC)], {"one_bank"}),
    (
        "an owner of another bank",
        lambda: [_STRANGER, sa.update(NegotiationRecord).values(owner_id=_ID)],
        {"one_bank"},
    ),
    (
        "an answer of another bank's team",
        lambda: [_TEAM_OF_CITIC, sa.update(ClockRecord).values(team_id=_ID)],
        {"one_bank"},
    ),
    (
        "somebody in another bank's team",
        lambda: [_TEAM_OF_CITIC, _STRANGER, sa.update(StaffRecord).values(bank_code=ICBC, team_id=_ID)],
        {"one_bank"},
    ),
    (
        "an entry of another bank",
        lambda: [sa.update(LogEntryRecord).values(bank_code=CITIC)],
        {"one_bank", "log_chain"},
    ),
    (
        "an application that opened nothing",
        lambda: [copied(ApplicationRecord, id=new_id(), reference="SQ-20261121-000000")],
        {"nothing_lost", "sealed_values"},
    ),
    ("a file's digest", lambda: [sa.update(EvidenceRecord).values(sha256="f" * 64)], {"evidence_bytes"}),
    (
        "a file's key",
        lambda: [sa.update(EvidenceRecord).values(file_key_sealed=b"x")],
        {"evidence_bytes", "sealed_values"},
    ),
    (
        "a document's digest",
        lambda: [sa.update(DocumentRecord).values(sha256="f" * 64)],
        {"evidence_bytes", "document_is_logged"},
    ),
    ("a document's size", lambda: [sa.update(DocumentRecord).values(size=1)], {"evidence_bytes"}),
]


def test_each_broken_invariant_is_named(waiting: Case) -> None:
    for what, statements, named in ON_A_WAITING_ONE:
        assert (what, breaches(waiting, *statements())) == (what, named)
    assert breaches(waiting) == set()


def test_a_question_about_the_credit_register_of_another_bank_is_named(agreed: Case) -> None:
    note = CreditNote(kind=CreditNoteKind.SETTLED, text="已经结清。")
    with agreed.hub.writing(agreed.cardholder) as tx:
        credit_notes.ask(tx, agreed.id, note, client_id=agreed.client_id)
    assert breaches(agreed) == set()
    assert breaches(agreed, sa.update(CreditNoteRecord).values(bank_code=CITIC)) == {"one_bank"}


def test_a_second_agreement_and_an_agreement_without_its_status_are_named(agreed: Case) -> None:
    unguarded = sa.text("DROP INDEX uq_agreement_in_force")
    other_offer = copied(OfferRecord, id="x" * 32)
    second = copied(AgreementRecord, id=new_id(), number="XY-20261121-000000", offer_id="x" * 32)
    # A row that was copied cannot be opened under its new id.
    assert breaches(agreed, unguarded, other_offer, second) == {
        "one_agreement",
        "agreement_is_signed",
        "offer_is_whole",
        "sealed_values",
    }
    assert "one_agreement" in breaches(agreed, sa.update(NegotiationRecord).values(status="offered"))
    running = sa.update(ClockRecord).values(answered_at=None)
    assert "one_clock" in breaches(agreed, running)


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone"])
def test_a_file_whose_bytes_were_touched_is_named(agreed: Case, settings: Settings, damage: str) -> None:
    files: list[Path] = sorted((settings.home / "evidence").glob("??/*"))
    # What was sent, its copy and its page, the form and the agreement.
    assert len(files) == 5
    for path in files:
        path.chmod(0o600)
        content = path.read_bytes()
        if damage == "gone":
            path.unlink()
        else:
            middle = len(content) // 2
            flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
            path.write_bytes(flipped if damage == "flipped" else content[:-1])
        assert (path.name, breaches(agreed)) == (path.name, {"evidence_bytes"})
        path.write_bytes(content)
    assert breaches(agreed) == set()


def test_a_breach_names_what_it_is_of(waiting: Case) -> None:
    with broken(waiting.hub, sa.update(NegotiationRecord).values(status="in_review")) as tx:
        [breach] = invariants.breaches(tx, waiting.hub.store)
    assert breach.plain() == {
        "invariant": "status_is_logged",
        "subject": waiting.view()["reference"],
        "detail": "stands at in_review, the log at awaiting_bank",
    }


def test_a_step_that_the_lifecycle_has_not_is_named(waiting: Case) -> None:
    change = (
        sa.update(LogEntryRecord)
        .where(LogEntryRecord.to_status == "offered")
        .values(from_status="awaiting_bank", event="screened")
    )
    assert breaches(waiting, change) == {"log_chain", "status_is_logged"}


def test_a_new_calendar_leaves_answered_clocks_as_they_were(waiting: Case) -> None:
    waiting.clock.at += timedelta(days=30)
    waiting.sweep()
    assert breaches(waiting) == set()
