"""What a person asks about their entry at the credit register: who hears of it, by when it is answered, and how."""

import pytest

from hub.domain.agreement_end import EndReason
from hub.domain.credit_note import STATEMENT_ZH, TEMPLATES_ZH, CreditNote, CreditNoteKind
from hub.domain.errors import AgreementConflict, NotFound, StatusConflict
from hub.services.negotiations import credit_notes
from tests.applications import CMB
from tests.banks.simulated import SimulatedBank
from tests.services.case import Case, everything_stored
from tests.services.conftest import OpenCase
from tests.services.offer_case import case, database

__all__ = ["case", "database"]


def ask(case: Case, kind: CreditNoteKind = CreditNoteKind.SETTLED, *, with_file: bool = False) -> str:
    files = (case.upload(),) if with_file else ()
    with case.hub.writing(case.cardholder) as tx:
        note = CreditNote(kind=kind, text="已于十月结清，请核对。", evidence=files)
        return credit_notes.ask(tx, case.id, note, client_id=case.client_id).id


def answer(case: Case, note_id: str, text: str = "已更新为结清。", bank_code: str | None = None) -> None:
    with case.hub.writing(case.REVIEWER) as tx:
        credit_notes.answer(tx, case.id, note_id, text, bank_code=bank_code or case.bank_code)


def test_it_is_told_to_the_desk_and_its_answer_due_in_twenty_days(case: Case) -> None:
    note_id = ask(case, with_file=True)
    [shown] = case.view()["credit_notes"]
    assert (shown["id"], shown["kind"], shown["answer"]) == (note_id, "settled", None)
    assert (shown["due_at"], shown["late"]) == ("2026-12-11T18:00:00+08:00", False)
    assert [each["kind"] for each in shown["evidence"]] == ["bank_statement"]
    assert [mail.reader for mail in case.mails("credit_note_asked")] == ["desk"]
    entry = case.log()[-1]
    assert (entry.header.kind, len(entry.header.attachments)) == ("credit_note_asked", 1)
    assert "已于十月结清" in str(entry.text)


def test_without_an_answer_in_time_it_is_late_and_an_answer_after_it_stays_late(case: Case) -> None:
    note_id = ask(case)
    case.clock.at = case.clock.at.replace(month=12, day=11, hour=10)
    assert case.view()["credit_notes"][0]["late"] is False
    case.clock.at = case.clock.at.replace(hour=11)
    assert case.view()["credit_notes"][0]["late"] is True
    answer(case, note_id)
    assert case.view()["credit_notes"][0]["late"] is True


def test_the_banks_answer_is_the_persons_to_read_and_stands(case: Case) -> None:
    note_id = ask(case, CreditNoteKind.WRONG_ENTRY)
    for _ in range(2):
        answer(case, note_id)
    [shown] = case.view()["credit_notes"]
    assert (shown["answer"], shown["answered_at"]) == ("已更新为结清。", "2026-11-21T10:00:00+08:00")
    assert case.kinds().count("credit_note_answered") == 1
    assert len(case.mails("credit_note_answered")) == 1
    with pytest.raises(AgreementConflict, match="already_answered"):
        answer(case, note_id, "另有说法。")


def test_it_can_be_asked_ever_after_an_agreement(case: Case) -> None:
    case.accept(case.offer())
    ask(case)
    case.end(EndReason.SETTLED, waive_rest=True)
    answer(case, ask(case))


@pytest.mark.parametrize("worked_off", [True, False], ids=["after the end", "before the bank has it"])
def test_without_an_agreement_nothing_is_asked(open_case: OpenCase, *, worked_off: bool) -> None:
    case = open_case(worked_off=worked_off)
    if worked_off:
        case.reject()
    before = everything_stored(case.hub)
    with pytest.raises(StatusConflict):
        ask(case)
    assert everything_stored(case.hub) == before


def test_another_bank_has_no_word_in_it_and_no_note_of_another_negotiation_is_there(open_case: OpenCase) -> None:
    case, other = open_case(), open_case()
    note_id = ask(case)
    with pytest.raises(NotFound):
        answer(case, note_id, bank_code=CMB)
    with pytest.raises(NotFound):
        answer(other, note_id)


def test_a_banks_system_gets_it_as_a_message(open_case: OpenCase, simulated: SimulatedBank) -> None:
    case = open_case(CMB)
    ask(case)
    case.work_off()
    [told] = [each for each in simulated.taken.values() if each.kind == "negotiation.message"]
    assert '"credit_note"' in told.body.decode()


def test_no_text_to_copy_sells_a_repair_or_promises_that_an_entry_goes_away() -> None:
    for text in (*TEMPLATES_ZH.values(), STATEMENT_ZH):
        assert not any(word in text for word in ("修复", "洗白", "删除", "消除"))
