"""Reported deductions: who is told of an agreement that one broke, and from when until when an agreement holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.domain.agreement_end import EndReason
from hub.domain.bank import Bank
from hub.domain.deduction import Deduction
from hub.domain.errors import NotFound
from hub.domain.mandate import MandateContents
from hub.services.accounts import subjects
from hub.services.accounts.cardholders import Cardholder
from hub.services.accounts.subjects import Subject
from hub.services.delivery.bank_events import actor_of
from hub.services.mandates import at_bank, deductions, mandates
from hub.services.reading.cardholder import deductions as own_deductions
from hub.wiring import Hub
from storage import deductions as rows
from storage.records import MailRecord
from tests.applications import CMB, ICBC
from tests.services.case import Case, china
from tests.services.mandates.revoked import MANDATE, switch_on
from tests.services.mandates.test_revoking import BY_COMPANY

ABOVE_THE_ROW = 100_000
OF_ICBC = replace(MANDATE, payee_code=ICBC, account_bank=CMB)
FROM_ICBC = replace(MANDATE, payee_code=CMB, account_bank=ICBC)
COMPANY_FROM_ICBC = replace(BY_COMPANY, account_bank=ICBC)


def person_of(case: Case) -> Subject:
    """The agreement's person."""
    with case.row() as (_, row):
        assert row.subject_index is not None
        return Subject(indexes=(row.subject_index,), client_id=row.client_id)


def report(case: Case, contents: MandateContents | None = None, **taken: Any) -> str:
    """The id of a report of that person: by a mandate that says `contents`, else of ICBC itself."""
    person = person_of(case)
    with case.hub.writing(HUB) as tx:
        by = {"creditor_code": ICBC} if contents is None else {"mandate_id": mandates.add(tx, person, contents).id}
        said = {"at": tx.now, "amount_fen": ABOVE_THE_ROW, "account_last4": "4401", **by, **taken}
        made = deductions.report(tx, person, Deduction(**said)).id
    case.work_off()
    return made


def during_hold(case: Case, deduction_id: str) -> bool:
    """Whether it came during a hold, as its person reads it."""
    with case.hub.reading(HUB) as tx:
        record = rows.find(tx, deduction_id)
        assert record is not None
        return record.during_hold


def told(case: Case) -> dict[str, list[bool]]:
    """What each bank is told of the reports that reached it."""
    with case.hub.reading(HUB) as tx:
        found = {code: at_bank.views(tx, bank_code=code)["deductions"] for code in (ICBC, CMB)}
    return {code: [each["during_hold"] for each in reports] for code, reports in found.items()}


def mailed(case: Case) -> list[tuple[str, str]]:
    """Whose people were mailed of a deduction during a hold."""
    with case.hub.reading(HUB) as tx:
        mails = tx.session.query(MailRecord).filter_by(kind="deduction_during_hold")
        return sorted((each.bank_code, each.reader) for each in mails)


def test_a_payee_is_told_nothing_of_the_agreement_with_the_bank_of_the_account(agreed: Case) -> None:
    switch_on(agreed.hub, ICBC, CMB)
    taken = report(agreed, FROM_ICBC)
    assert not during_hold(agreed, taken)
    assert told(agreed) == {ICBC: [], CMB: [False]}
    assert mailed(agreed) == []


def test_the_bank_of_an_account_is_told_nothing_of_the_agreement_with_the_payee(agreed: Case) -> None:
    # The payee takes no reports here: the bank of the account gets this one.
    switch_on(agreed.hub, CMB)
    assert during_hold(agreed, report(agreed, OF_ICBC))
    assert told(agreed) == {ICBC: [], CMB: [False]}
    assert mailed(agreed) == [(ICBC, "desk"), (ICBC, "supervisors")]


def test_the_creditor_who_deducted_is_told_of_its_own_agreement(agreed: Case) -> None:
    switch_on(agreed.hub, ICBC, CMB)
    assert during_hold(agreed, report(agreed, OF_ICBC))
    assert told(agreed) == {ICBC: [True], CMB: []}
    assert mailed(agreed) == [(ICBC, "desk"), (ICBC, "supervisors")]


def test_what_a_payment_company_takes_breaks_no_agreement_with_the_bank_of_the_account(agreed: Case) -> None:
    switch_on(agreed.hub, ICBC)
    assert not during_hold(agreed, report(agreed, COMPANY_FROM_ICBC))
    assert (told(agreed), mailed(agreed)) == ({ICBC: [False], CMB: []}, [])


def test_an_agreement_holds_until_the_day_on_which_it_ended(agreed: Case) -> None:
    agreed.at("2026-11-25 10:00")
    agreed.end(EndReason.SETTLED, "余下的不再要求。", waive_rest=True)
    agreed.at("2026-11-30 10:00")
    assert during_hold(agreed, report(agreed, at=china("2026-11-25 09:00")))
    assert len(mailed(agreed)) == 2
    assert not during_hold(agreed, report(agreed, at=china("2026-11-26 09:00")))
    assert len(mailed(agreed)) == 2


def test_a_report_is_found_by_its_own_person_through_their_own_way_in_alone(agreed: Case) -> None:
    taken, mine = report(agreed), person_of(agreed)
    with agreed.hub.reading(HUB) as tx:
        assert deductions.get_own(tx, mine, taken).id == taken
        for other in (replace(mine, indexes=(b"another",)), replace(mine, client_id="another")):
            with pytest.raises(NotFound):
                deductions.get_own(tx, other, taken)


def test_what_its_creditor_has_answered_is_due_no_more_on_the_persons_page(hub: Hub, banks: dict[str, Bank]) -> None:
    switch_on(hub, ICBC)
    person = Cardholder(key="k", mobile="13900001234", mobile_indexes=(b"mobile",))
    with hub.writing(HUB) as tx:
        taken = Deduction(at=tx.now, amount_fen=1, account_last4="4401", creditor_code=ICBC)
        made = deductions.report(tx, subjects.of_cardholder(tx, person), taken).id
    with hub.reading(HUB) as tx:
        [waiting] = own_deductions.list_own(tx, person, language="zh")
    with hub.writing(actor_of(ICBC)) as tx:
        deductions.answer(tx, made, "已退回。", bank_code=ICBC)
    with hub.reading(HUB) as tx:
        [answered] = own_deductions.list_own(tx, person, language="zh")
    assert waiting.due_at is not None
    assert (answered.answer, answered.due_at) == ("已退回。", None)
