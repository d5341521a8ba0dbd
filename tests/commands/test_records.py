"""`hub log`, `hub record`, `hub check`, `hub jobs` and `hub delivery`."""

import os
import pwd
import subprocess
import sys
import zipfile
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.log_heads import heads_in
from hub.mail.senders import MailFolder
from hub.services.notifications import head_mail
from hub.services.reading.reading_log import readings_of
from hub.wiring import Hub
from storage import access_log, negotiations
from storage.append_only import undo_statements
from storage.records import NegotiationRecord
from tests.applications import ICBC
from tests.commands.conftest import RunHub
from tests.conftest import Submit


@pytest.fixture
def reference(hub: Hub, submitted: Submit, work_off: Callable[[], int]) -> str:
    """The reference of a negotiation that its bank has."""
    sent = submitted(ICBC)
    work_off()
    with hub.reading(HUB) as tx:
        return tx.session.get_one(NegotiationRecord, sent.negotiation).reference


_ANEW = "the hub has another head of that number: the log was written anew, or restored from before it"
_KEEP_IT = "Keep what shows it before anything is mended: `hub backup` into a new folder, and these lines."


def tamper(hub: Hub, *statements: str) -> None:
    with hub.database.engine.begin() as connection:
        for each in [*undo_statements("sqlite"), *statements]:
            connection.execute(sa.text(each))


def test_sound_logs_verify_by_reference_by_id_and_all_together(run_hub: RunHub, reference: str) -> None:
    for words in ((), (reference,)):
        said = run_hub("log", "verify", *words)
        # Who holds the keys can write everything anew, so the answer says what it does not show.
        assert (said.status, "none of them from outside: give one" in said.out) == (0, True)
    said = run_hub("log", "verify", "--json").json
    assert (said.pop("verified"), said.pop("heads_kept")) == (1, 0)
    assert said == {"broken": [], "broken_heads": [], "lost_heads": [], "gone": [], "broken_rows": []}


def test_a_changed_entry_is_named(run_hub: RunHub, hub: Hub, reference: str) -> None:
    tamper(hub, "UPDATE log_entry SET party = 'bank' WHERE sequence = 2")
    for words in ((), (reference,)):
        said = run_hub("log", "verify", *words)
        assert (said.status, said.error.splitlines()) == (1, [f"{reference}: entry 2 is broken (digest)", _KEEP_IT])
    checked = run_hub("check", "--all", "--json")
    assert checked.status == 1
    assert [each["subject"] for each in checked.json if each["invariant"] == "log_chain"] == [reference]


def test_the_mail_that_a_bank_has_kept_verifies_as_it_is(
    run_hub: RunHub, hub: Hub, reference: str, tmp_path: Path
) -> None:
    assert run_hub("bank", "set", ICBC, "desk_email=desk@icbc.example").status == 0
    assert run_hub("log", "head", "--sign").status == 0
    folder = MailFolder(tmp_path / "sent", "http://127.0.0.1:8000")
    assert head_mail.tell(hub, folder) == 1
    [mail] = (tmp_path / "sent").glob("*.eml")
    words = tmp_path / "words.txt"
    body = message_from_bytes(mail.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    words.write_text(body.get_content())
    attached = tmp_path / "attached.json"
    [enclosed] = [part for part in message_from_bytes(mail.read_bytes()).walk() if part.get_filename()]
    attached.write_bytes(bytes(enclosed.get_payload(decode=True)))
    for kept in (mail, words, attached):
        said = run_hub("log", "verify", "--head", str(kept))
        assert (said.status, said.out.endswith("the signed heads, against 1 kept outside.\n")) == (0, True)
    [head] = heads_in(words.read_bytes())
    on_paper = ("log", "verify", "--printed", f"{head.number}:{head.root}")
    assert run_hub(*on_paper).status == 0
    # Somebody with the keys writes everything anew, heads too: only who kept a mail or a paper sees it.
    tamper(hub, *(f"DELETE FROM {table}" for table in ("log_head", "log_end", "log_node", "row_seal", "audit_entry")))
    assert run_hub("log", "head", "--sign").status == 0
    assert run_hub("log", "verify").status == 0
    for kept in (mail, words, attached):
        said = run_hub("log", "verify", "--head", str(kept))
        assert (said.status, said.error.splitlines()) == (1, [f"head 1 is broken (other): {_ANEW}", _KEEP_IT])
    assert run_hub(*on_paper).error.startswith("head 1 is broken (other): ")
    said = run_hub("log", "verify", "--printed", f"2:{head.root}")
    assert (said.status, said.error.startswith("head 2 is broken (number): heads are missing")) == (1, True)
    said = run_hub("log", "verify", "--printed", "2:abc")
    assert (said.status, "copy both from the last page" in said.error) == (1, True)


def test_an_unknown_negotiation_is_one_line(run_hub: RunHub, tmp_path: Path) -> None:
    for words in (
        ("log", "verify", "XS-1"),
        ("record", "export", "XS-1", "-o", str(tmp_path / "x.zip"), "--reason", "x"),
        ("delivery", "send-again", "XS-1"),
        ("jobs", "send-again", "none"),
    ):
        said = run_hub(*words)
        assert (words, said.status, len(said.error.splitlines())) == (words, 1, 1)
    assert not (tmp_path / "x.zip").exists()


def test_a_record_is_exported_and_verifies_by_itself(run_hub: RunHub, reference: str, tmp_path: Path) -> None:
    file = tmp_path / "记录.zip"
    assert run_hub("record", "export", reference, "-o", str(file), "--reason", "本人来信").status == 0
    with zipfile.ZipFile(file) as packed:
        packed.extractall(tmp_path / "record")
    run = subprocess.run(
        [sys.executable, "-I", "verify.py"],
        cwd=tmp_path / "record",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    assert [path.name for path in tmp_path.glob("*.part")] == []


def test_an_export_is_its_owners_file_and_on_record_with_who_and_why(
    run_hub: RunHub, hub: Hub, reference: str, tmp_path: Path
) -> None:
    file = tmp_path / "record.zip"
    said = run_hub("record", "export", reference, "-o", str(file), "--reason", "法院调取")
    assert (said.status, file.stat().st_mode & 0o777) == (0, 0o600)
    [line] = [each for each in run_hub("audit", "--json").json if each["kind"] == "record_exported"]
    assert (line["about"], line["details"]) == (reference, {"reason": "法院调取"})
    assert line["actor"] == f"hub:command/{pwd.getpwuid(os.getuid()).pw_name}"
    with hub.reading(HUB) as tx:
        row = negotiations.find_negotiation(tx, reference)
        assert row is not None
        assert "export/法院调取" in [each.what for each in access_log.list_readings(tx, row.id)]


def test_an_export_without_a_reason_is_on_record_as_well(
    run_hub: RunHub, hub: Hub, reference: str, tmp_path: Path
) -> None:
    file = tmp_path / "record.zip"
    assert run_hub("record", "export", reference, "-o", str(file)).status == 0
    with zipfile.ZipFile(file) as packed:
        assert packed.testzip() is None
    [line] = [each for each in run_hub("audit", "--json").json if each["kind"] == "record_exported"]
    assert (line["about"], line["details"]) == (reference, {"reason": ""})
    with hub.reading(HUB) as tx:
        row = negotiations.find_negotiation(tx, reference)
        assert row is not None
        [read] = [each for each in readings_of(tx, row.id) if each.what == "export"]
    assert (read.reader, read.words) == ("hub", "")


def test_a_record_that_cannot_be_written_is_one_line(run_hub: RunHub, reference: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "no" / "such" / "folder.zip", tmp_path / "file" / "x.zip"):
        said = run_hub("record", "export", reference, "-o", str(place), "--reason", "本人来信")
        assert (said.status, len(said.error.splitlines())) == (1, 1)


def test_every_invariant_is_looked_for(run_hub: RunHub, hub: Hub, reference: str) -> None:
    sound = run_hub("check", "--all")
    assert (sound.status, sound.error, run_hub("check", "--all", "--json").json) == (0, "", [])
    tamper(hub, "UPDATE negotiation SET due_at = opened_at")
    broken = run_hub("check", "--all")
    assert (broken.status, broken.out) == (1, "")
    assert broken.error.splitlines() == [f"due_time: {reference}: the queue's due time is not the clock's"]


def test_only_what_was_given_up_is_delivered_again(run_hub: RunHub, reference: str) -> None:
    said = run_hub("delivery", "send-again", reference)
    assert (said.status, "awaiting_bank" in said.error, len(said.error.splitlines())) == (1, True, 1)


def test_a_head_is_printed_signed_and_checked_against(
    run_hub: RunHub, hub: Hub, reference: str, tmp_path: Path
) -> None:
    none = run_hub("log", "head")
    assert (none.status, len(none.error.splitlines())) == (1, 1)
    printed = run_hub("log", "head", "--sign")
    assert printed.json["number"] == 1
    assert run_hub("log", "head").out == run_hub("log", "head", "--json").out == printed.out
    kept, empty, bent = tmp_path / "kept.json", tmp_path / "empty", tmp_path / "bent"
    kept.write_text(printed.out)
    empty.write_text("nothing")
    bent.write_text(printed.out.replace('"root": "', '"root": "x'))
    assert run_hub("log", "verify", "--head", str(kept)).status == 0
    assert "holds no head" in run_hub("log", "verify", "--head", str(empty)).error
    assert "malformed" in run_hub("log", "verify", "--head", str(bent)).error
    tamper(hub, "DELETE FROM log_head")
    said = run_hub("log", "verify", reference, "--head", str(kept))
    assert (said.status, said.error.startswith("head 1 is broken (number): ")) == (1, True)
