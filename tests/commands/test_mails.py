"""`hub mail bounce`, as a mail server's alias pipes a report into it."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import CliRunner

from hub.__main__ import main
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.wiring import Hub
from storage import banks as bank_rows
from storage.records import NegotiationRecord
from tests.applications import ICBC
from tests.commands.conftest import CommandResult, RunHub
from tests.commands.set_clock import set_to_morning
from tests.conftest import Submit
from tests.mail.reports import report
from tests.services.case import everything_stored


@pytest.fixture
def banks(hub: Hub) -> dict[str, Bank]:
    """A bank that is reached by mail; the mails are files in the hub's home."""
    with hub.writing(HUB) as tx:
        bank = bank_rows.add_bank(
            tx,
            code=ICBC,
            name_zh="中国工商银行",
            name_en="ICBC",
            adapter="email",
            settings={"desk_email": "d@icbc.example"},
        )
    return {ICBC: bank}


@pytest.fixture
def pipe(home: Path) -> Callable[[bytes], CommandResult]:
    """A way to hand a mail to the command."""

    def run(content: bytes) -> CommandResult:
        result = CliRunner().invoke(main, ["mail", "bounce"], input=content)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return CommandResult(status=result.exit_code, out=result.stdout, error=result.stderr)

    return run


@pytest.fixture
def sent(hub: Hub, submitted: Submit, work_off: Callable[[], int], home: Path) -> tuple[str, str]:
    """An application that was mailed to its bank: the negotiation's id and the mail's Message-ID."""
    set_to_morning(home)
    made = submitted(ICBC)
    work_off()
    [file] = (home / "mail").glob("*.eml")
    return made.negotiation, message_from_bytes(file.read_bytes(), policy=policy.default)["Message-ID"]


def test_a_report_about_a_message_to_a_bank_is_on_record(
    hub: Hub, pipe: Callable[[bytes], CommandResult], run_hub: RunHub, sent: tuple[str, str]
) -> None:
    negotiation, message_id = sent
    said = pipe(report(message_id))
    assert (said.status, said.error) == (0, "")
    assert "operator" in said.out
    again = pipe(report(message_id))
    assert (again.status, again.out) == (0, "Nothing to do.\n")
    with hub.reading(HUB) as tx:
        assert tx.session.get_one(NegotiationRecord, negotiation).status == "awaiting_bank"
    assert run_hub("delivery", "send-again", negotiation).status == 0


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"Subject: hello\n\nhello\n", "report"),
        (b"", "report"),
        (report("none"), "Message-ID"),
        (report("<0193a000000070008000000000000001@hub.example>"), "hub"),
    ],
)
def test_any_other_mail_is_one_line_and_nothing_is_written(
    hub: Hub, pipe: Callable[[bytes], CommandResult], sent: tuple[str, str], content: bytes, named: str
) -> None:
    before = everything_stored(hub)
    said = pipe(content)
    assert (said.status, said.out, len(said.error.splitlines())) == (65, "", 1)
    assert named in said.error
    assert everything_stored(hub) == before


def test_a_delay_is_nothing_to_do(hub: Hub, pipe: Callable[[bytes], CommandResult], sent: tuple[str, str]) -> None:
    before = everything_stored(hub)
    said = pipe(report(sent[1], action="delayed"))
    assert (said.status, said.out) == (0, "Nothing to do.\n")
    assert everything_stored(hub) == before


def test_a_large_mail_that_comes_back_is_read_to_its_end(
    pipe: Callable[[bytes], CommandResult], sent: tuple[str, str]
) -> None:
    said = pipe(report(sent[1]) + b"x" * 79 * 40_000)
    assert said.status == 0


def test_a_hub_that_cannot_work_just_now_asks_for_the_mail_again(
    pipe: Callable[[bytes], CommandResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", "sqlite:////nonexistent/folder/hub.db")
    said = pipe(report())
    assert (said.status, len(said.error.splitlines())) == (75, 1)
