"""A clerk answers what a customer asked about the credit register."""

from flask import Flask

from hub.domain.credit_note import CreditNote, CreditNoteKind
from hub.services.negotiations import credit_notes
from tests.services.case import Case
from tests.web.pages.clerk import Clerk


def test_the_question_stands_on_the_case_until_it_is_answered(app: Flask, case: Case) -> None:
    clerk = Clerk(app, "reviewer", case)
    with case.hub.writing(case.cardholder) as tx:
        note = CreditNote(kind=CreditNoteKind.SETTLED, text="已于十月结清。")
        note_id = credit_notes.ask(tx, case.id, note, client_id=case.client_id).id
    path = f"/credit-notes/{note_id}/answer"
    assert f"{clerk.address}{path}" in clerk.read()
    queue = clerk.page("/portal/")
    assert ("等待本行处理的其他事项" in queue, "客户请核对信用报告" in queue, "前须处理" in queue) == (True, True, True)
    page, _ = clerk.refused(path, {**clerk.form(path), "text": ""})
    assert "请填写要写给客户的话" in page
    assert clerk.done(path, {**clerk.form(path), "text": "已更新为结清。"}) == "credit_answered"
    page = clerk.read()
    assert ("已更新为结清。" in page, f"{clerk.address}{path}" in page) == (True, False)
    assert "等待本行处理的其他事项" not in clerk.page("/portal/")
    assert clerk.get(f"{clerk.address}/credit-notes/x/answer").status_code == 404
