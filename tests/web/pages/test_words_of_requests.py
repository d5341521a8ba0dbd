"""What a person asks of a bank while an agreement is in force, as both sides read it in each of its states.

Both languages: no word of the other, none of the machine.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from hub.domain.amendment import AmendmentEvent
from hub.domain.clock import FixedClock
from hub.domain.collection import CollectionChannel, CollectionReport
from hub.domain.credit_note import CreditNote, CreditNoteKind
from hub.services.agreements import collection
from hub.services.negotiations import credit_notes
from hub.wiring import Hub
from storage.submissions import submission_of
from tests.applications import ICBC
from tests.conftest import SentMessages, Submit
from tests.services.agreements.amending import DAY, EARLY, Amending
from tests.services.case import Case
from tests.web.pages.cardholders import texted
from tests.web.pages.clerk import Clerk
from tests.web.pages.reading_aloud import foreign, said_in

_MY = ("", "/agreement", "/early-settlement", "/pay-day", "/collection-report", "/credit-note")


@pytest.fixture
def amending(hub: Hub, clock: FixedClock, submitted: Submit, work_off: Callable[[], int]) -> Amending:
    """An agreement with 36 rows, due on the 20th from 2026-12-20 on."""
    case = Case(hub=hub, clock=clock, work_off=work_off, sent=submitted(ICBC), bank_code=ICBC)
    work_off()
    case.accept(case.offer())
    return Amending(case=case)


Wrong = Callable[..., list[str]]


@pytest.fixture
def wrong(app: Flask, amending: Amending, sms: SentMessages) -> Wrong:
    """What does not belong on the pages of both sides; `paths` are those of the bank's alone."""
    clerk = Clerk(app, "reviewer", amending.case)
    with amending.case.row() as (tx, row):
        mobile = submission_of(tx, row).applicant.mobile
    person = texted(app, sms, mobile)

    def read(*paths: str) -> list[str]:
        found = []
        for language in ("zh", "en"):
            clerk.page(f"/portal/?lang={language}")
            person.web.get(f"/sign-in/?lang={language}")
            pages = {f"bank {path}": clerk.page(f"{clerk.address}{path}") for path in ("", *paths)}
            for path in _MY:
                answer = person.web.get(f"/my/negotiations/{amending.case.id}{path}")
                assert answer.status_code == 200, (path, answer.status_code, answer.location)
                pages[f"my {path}"] = answer.get_data(as_text=True)
            for path, page in pages.items():
                found += [f"{path} in {language}: {each}" for each in foreign(said_in(page, language), language)]
        return found

    return read


def test_an_early_settlement(amending: Amending, wrong: Wrong) -> None:
    asked = amending.ask_settlement(text="年终奖到了")
    assert wrong(f"/agreement/early-settlement/{asked}/quote", f"/agreement/early-settlement/{asked}/refuse") == []
    amending.quote(asked)
    assert wrong() == []
    assert amending.sign(asked, EARLY) is None
    amending.case.work_off()
    assert wrong() == []
    # Never paid.
    amending.case.at("2026-12-14 10:00")
    assert wrong() == []


def test_another_pay_day(amending: Amending, wrong: Wrong) -> None:
    asked = amending.ask_day(text="发薪之后")
    assert wrong(f"/agreement/pay-day/{asked}/agree", f"/agreement/pay-day/{asked}/refuse") == []
    amending.refuse(asked, DAY)
    assert wrong("/agreement/pay-day") == []
    amending.propose_day(28, "发薪之后。")
    assert wrong() == []
    amending.end(str(amending.newest(DAY)["id"]), DAY, AmendmentEvent.DECLINED)
    assert wrong() == []
    amending.agree(amending.ask_day())
    amending.case.work_off()
    assert wrong() == []


def test_a_report_of_collection_and_a_question_of_the_credit_register(amending: Amending, wrong: Wrong) -> None:
    case = amending.case
    said = CollectionReport(at=case.clock.at, channel=CollectionChannel.PHONE, caller="", text="又来电话。")
    with case.hub.writing(case.cardholder) as tx:
        report = collection.report(tx, case.id, said, client_id=case.client_id).id
        asked = CreditNote(kind=CreditNoteKind.SETTLED, text="请核对。")
        note = credit_notes.ask(tx, case.id, asked, client_id=case.client_id).id
    assert wrong(f"/collection-reports/{report}/answer", f"/credit-notes/{note}/answer") == []
    with case.hub.writing(case.REVIEWER) as tx:
        collection.answer(tx, case.id, report, "已通知停止。", bank_code=ICBC)
        credit_notes.answer(tx, case.id, note, "已更新。", bank_code=ICBC)
    assert wrong() == []
