"""Entries at the credit register through the API: asked about by the person's client, answered by the bank's."""

from tests.web.api.faults import faults_of
from tests.web.caller import Caller, made

ASKED = {"kind": "wrong_entry", "text": "九月的记录不是我的，请核查。"}


def test_it_is_asked_and_answered(host_app: Caller, icbc: Caller, delivered: str) -> None:
    note = made(host_app.post(f"{delivered}/credit-notes", ASKED))
    assert (note["kind"], note["due_at"]) == ("wrong_entry", "2026-12-11T18:00:00+08:00")
    assert made(icbc.get(f"/bank{delivered}"), 200)["credit_notes"] == [note]
    path = f"/bank{delivered}/credit-notes/{note['id']}/answer"
    assert made(icbc.post(path, {"text": "已更正。"}))["answer"] == "已更正。"
    assert made(host_app.get(delivered), 200)["credit_notes"][0]["answer"] == "已更正。"
    again = icbc.post(path, {"text": "没有更正。"})
    assert (again.status_code, again.get_json()["code"]) == (409, "already_answered")


def test_what_is_missing_or_unknown_is_refused(host_app: Caller, icbc: Caller, delivered: str) -> None:
    assert faults_of(host_app.post(f"{delivered}/credit-notes", {"kind": "repair"})) == {
        ("/kind", "unknown_choice"),
        ("/text", "required"),
    }
    assert icbc.post(f"/bank{delivered}/credit-notes/none/answer", {"text": "好"}).status_code == 404
