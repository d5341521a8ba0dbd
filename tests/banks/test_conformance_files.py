"""`hub conformance` of banks that take files or mails, and what its door says to calls that do not fit."""

from __future__ import annotations

import email
import email.policy
import json
from email.message import EmailMessage
from pathlib import Path

import pytest
import urllib3
from cryptography.hazmat.primitives.asymmetric import rsa

from hub.banks.adapters.webhook import secrets_of
from hub.banks.conformance.application import REFERENCE
from hub.banks.conformance.examining import examined
from hub.banks.conformance.listening import Door
from hub.banks.conformance.report import Mark
from hub.banks.port import Answering
from hub.banks.standard_webhooks import signed_headers
from tests.banks.joined import FarBank
from tests.banks.sshd import write_key
from tests.banks.test_conformance import Run, examine, failed, hub_of, port, started, trial_of, webhook

__all__ = ["examine", "port", "webhook"]  # fixtures

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["out_dir", "in_dir", "done_dir"])
def test_a_folder_that_is_not_there_fails_and_nothing_is_sent(
    name: str, port: int, tmp_path: Path, examine: Run
) -> None:
    with started("sftp", port, tmp_path) as far:
        checks = examine(far, **{name: "/not/there"})
    assert failed(checks) == [f"{name} can be read"]
    behind = checks[[check.name for check in checks].index(f"{name} can be read") + 1 :]
    assert {check.mark for check in behind} == {Mark.NOT_ASKED}
    assert far.wrote("came") == []


def test_the_test_leaves_no_file_of_its_own_but_batches_that_withdraw_it(
    port: int, tmp_path: Path, examine: Run
) -> None:
    with started("sftp", port, tmp_path) as far:
        examine(far)
        files = tmp_path / "bank" / "files"
        assert list((files / "in").iterdir()) == []
        assert {path.name[:4] for path in (files / "done").iterdir()} == {"RSP_"}
        *_, last = sorted((files / "out").glob("NEG_*.jsonl"))
    messages = [json.loads(line) for line in last.read_text().splitlines()]
    assert messages[-1]["type"] == "negotiation.withdrawn"
    assert all("不是真实申请" in json.dumps(each, ensure_ascii=False) for each in messages)


def test_responses_about_anything_else_are_left_where_they_lie(port: int, tmp_path: Path, examine: Run) -> None:
    with started("sftp", port, tmp_path) as far:
        far.behave("accept,stray")
        checks = examine(far)
        left = sorted(path.suffix for path in (tmp_path / "bank" / "files" / "in").iterdir())
    assert (failed(checks), set(left)) == ([], {".ctl", ".jsonl"})


@pytest.mark.parametrize(
    ("behaviour", "fails"),
    [
        ("accept,garbled", ["its control files agree"]),
        ("silent", ["lays out a response about the test application"]),
        ("accept,out-of-order", ["acknowledges before it decides"]),
        ("ask", ["decides: an offer or a rejection"]),
        ("accept,replayed", ["says one thing under one id"]),
    ],
)
def test_what_a_bank_lays_out_wrong_fails_the_check_that_is_about_it(
    port: int, tmp_path: Path, examine: Run, behaviour: str, fails: list[str]
) -> None:
    with started("sftp", port, tmp_path) as far:
        far.behave(behaviour)
        assert failed(examine(far, wait_s=3.0)) == fails


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_another_host_key_is_named_and_trusted_by_nobody(kind: str, port: int, tmp_path: Path, examine: Run) -> None:
    key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else None
    other = write_key(tmp_path / "other", key).strip()
    with started("sftp", port, tmp_path) as far:
        first, *rest = examine(far, host_key=other)
    assert ("host key" in first.came, "host_key" in first.to_do) == (True, True)
    assert {check.mark for check in rest} == {Mark.NOT_ASKED}


def mails_in(folder: Path) -> list[EmailMessage]:
    paths = sorted(folder.glob("mail/*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [
        email.message_from_bytes(each.read_bytes(), _class=EmailMessage, policy=email.policy.default) for each in paths
    ]


def test_mails_of_a_test_say_so_and_bring_the_locked_pdf(port: int, tmp_path: Path, examine: Run) -> None:
    with started("email", port, tmp_path) as far:
        checks = examine(far, attach_pdf="true")
        mails = mails_in(tmp_path / "bank")
    assert failed(checks) == []
    assert len(mails) == 3
    for mail in mails:
        body = mail.get_body(("plain",))
        assert body is not None
        words = body.get_content()
        assert mail["Subject"].startswith("[接口测试，请勿办理] ")
        assert REFERENCE in mail["Subject"]
        assert ("不是真实申请" in words, "interface test" in words, "negotiations/" in words) == (True, True, False)
        assert "前答复" not in mail["Subject"] + words
    assert [each.get_content_type() for each in mails[0].iter_attachments()] == ["application/pdf"]


@pytest.mark.parametrize(("language", "title"), [("", "无法确认是谁发来的"), ("en", "It is not certain who sent this")])
def test_the_door_refuses_in_the_sentences_of_the_hub(
    webhook: FarBank, tmp_path: Path, sqlite_database: str, language: str, title: str
) -> None:
    with hub_of(webhook, tmp_path, sqlite_database) as (hub, bank):
        trial = trial_of(hub, bank)
        assert isinstance(trial.adapter, Answering)
        with Door(trial, trial.adapter, host="127.0.0.1", port=0) as door:
            door.open()
            headers = {"webhook-id": "1", "webhook-timestamp": f"{trial.started_at.timestamp():.0f}"}
            told = urllib3.request(
                "POST",
                f"http://127.0.0.1:{door.port}{door.path}",
                body=b"{}",
                headers={**headers, "webhook-signature": "v1,x", "accept-language": language},
            )
    problem = json.loads(told.data)
    assert (told.status, problem["code"], problem["status"]) == (401, "signature_wrong", 401)
    assert problem["title"] == title
    assert problem["detail"] not in ("", "signature_wrong")


def test_faults_of_an_event_are_an_array_with_pointers(
    webhook: FarBank, tmp_path: Path, sqlite_database: str, port: int
) -> None:
    with hub_of(webhook, tmp_path, sqlite_database) as (hub, bank):
        trial = trial_of(hub, bank, wait_s=0.1)
        found: list[tuple[int, dict[str, object]]] = []

        def opened(door: Door) -> None:
            body = json.dumps({"type": "negotiation.rejected", "negotiation": trial.negotiation, "data": {}}).encode()
            headers = signed_headers("e1", trial.started_at, body, secrets_of(bank.settings["secret"]))
            told = urllib3.request("POST", f"http://127.0.0.1:{door.port}{door.path}", body=body, headers=headers)
            found.append((told.status, json.loads(told.data)))

        list(examined(trial, port=port, host="127.0.0.1", opened=opened))
    [(status, problem)] = found
    assert (status, problem["code"]) == (422, "invalid_input")
    errors = problem["errors"]
    assert isinstance(errors, list)
    assert {each["pointer"] for each in errors} == {"/data/reason_code", "/data/text"}
    assert all(each["message"] and each["code"] == "required" for each in errors)
    assert "/data/" not in str(problem["detail"])
