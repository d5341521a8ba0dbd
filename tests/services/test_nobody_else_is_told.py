"""Nothing of a debt goes to anybody but the person and the bank: no helper, no agency, nobody who has the claim now."""

from __future__ import annotations

import pytest

from hub.domain.agreement_end import EndReason
from hub.domain.clock import FixedClock
from hub.domain.collection import CollectionChannel, CollectionReport, HoldApplied
from hub.domain.credit_note import CreditNote, CreditNoteKind
from hub.services.agreements import collection
from hub.services.negotiations import credit_notes
from hub.wiring import Hub
from storage.records import MailRecord
from tests.applications import person
from tests.services.case import Case
from tests.services.conftest import OpenCase, SetRules
from tests.services.posting import DESK, PERSON, Posting

HELPER = {"name": "王大明", "relation": "父亲", "mobile": "13900139000"}


@pytest.fixture
def case(open_case: OpenCase, set_rules: SetRules) -> Case:
    """A negotiation of somebody with a helper, at a bank that has agencies collect."""
    set_rules(desk_email=DESK, collection_agencies="甲催收公司，乙催收公司")
    return open_case(applicant=person(), representative=HELPER)


def live(case: Case, posting: Posting) -> None:
    """All that is told happens: asked, offered, signed, held, missed, reported, asked about, transferred, ended."""
    case.ask()
    case.write("补充如下", case.upload(), answers=True)
    posting.send()
    case.accept(case.offer())
    posting.send()
    with case.hub.writing(case.REVIEWER) as tx:
        collection.confirm_hold(tx, case.id, HoldApplied(by="甲催收公司", at=case.clock.at), bank_code=case.bank_code)
    with case.hub.writing(case.cardholder) as tx:
        said = CollectionReport(at=case.clock.at, channel=CollectionChannel.PHONE, caller="乙催收公司", text="又打来。")
        collection.report(tx, case.id, said, client_id=case.client_id)
        asked = CreditNote(kind=CreditNoteKind.SETTLED, text="请核对。")
        credit_notes.ask(tx, case.id, asked, client_id=case.client_id)
    posting.send()
    case.transfer()
    posting.at("2027-01-20 10:00")
    case.miss()
    posting.send()
    case.end(EndReason.SETTLED, waive_rest=True)
    posting.send()


def test_only_the_person_and_their_bank_are_written_to(case: Case, hub: Hub, clock: FixedClock) -> None:
    posting = Posting(hub=hub, clock=clock)
    live(case, posting)
    assert {mail["To"] for mail in posting.kept.sent} == {PERSON, DESK}
    assert {row.reader for row in _rows(case)} <= {"cardholder", "desk", "supervisors"}
    told = " ".join(mail.as_string() for mail in posting.kept.sent)
    assert not any(name in told for name in (HELPER["name"], "甲催收公司", "乙催收公司", "某某资产管理有限公司"))


def _rows(case: Case) -> list[MailRecord]:
    return [row for kind in ("agreed", "collection_reported", "credit_note_asked") for row in case.mails(kind)]
