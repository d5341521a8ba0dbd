"""No command prints anything of a person: each one is called over a case in which everything is planted."""

from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from hub.__main__ import main
from hub.domain.actor import HUB
from hub.wiring import Hub
from storage.records import NegotiationRecord
from tests.applications import ICBC, account, in_four_weeks
from tests.commands.conftest import RunHub
from tests.conftest import Submit
from tests.services.kept_bytes import stands_in
from tests.web.planting import CARDS, MARKERS, SUBJECTS, planted

# Those that add or change what is nobody's, serve, or are called with a person's own words by whoever has them.
_NOT_CALLED = {
    *("up", "web", "worker", "demo", "simulate-bank", "db upgrade", "conformance", "calendar import", "gateway key"),
    *("bank add", "staff add", "staff place", "staff remove", "staff rename", "staff renew", "staff team add"),
    *("staff team rename", "staff team remove", "partner add", "partner set", "partner show", "partner on"),
    *("partner off", "partner renew"),
    *("operator add", "operator remove", "operator renew", "client add", "client disable", "client enable"),
    *("client renew", "client set", "client tell-again", "clock advance", "clock reset", "jobs send-again"),
    *("delivery send-again", "delivery try-now", "task done", "task free-codes", "mail bounce", "retention replay"),
    "backups note",
}
_CALLED = (
    *("bank list", "bank show {bank}", "bank set {bank} hotline=95588", "bank close {bank}", "bank open {bank}"),
    *("bank reconcile {bank}", "staff list", "staff team list --bank {bank}", "operator list", "client list"),
    "partner list",
    *("calendar status", "calendar show --from 2026-11-21 --days 3", "clock show", "sla report"),
    *("log head --sign", "log verify {case}"),
    *("check --all", "doctor", "jobs dead", "delivery list", "task list", "task refusals", "retention show"),
    *("retention run --dry-run", "retention hold {case} --reason court", "retention release {case}", "audit"),
    *("record export {case} --reason court --output {folder}/record.zip", "backup {folder}/backup"),
    *("backups list", "restore {folder}/backup --check", "retention erase {case}", "retention erased"),
)


def leaves(group: click.Group, above: str = "") -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from leaves(command, f"{above}{name} ")
        else:
            yield f"{above}{name}"


@pytest.fixture
def reference(hub: Hub, submitted: Submit, work_off: Callable[[], int]) -> str:
    """The reference of a negotiation that its bank has, of somebody who is planted."""
    body = planted("api", ICBC, accounts=[account(ICBC, card_number=CARDS["own"])])
    body["proposal"]["first_due_on"] = in_four_weeks()
    changes = {name: body[name] for name in ("applicant", "accounts", "hardship", "proposal", "representative")}
    sent = submitted(ICBC, **changes)
    work_off()
    with hub.reading(HUB) as tx:
        return tx.session.get_one(NegotiationRecord, sent.negotiation).reference


def test_every_command_is_called_or_has_a_reason_not_to_be() -> None:
    called = {leaf for leaf in leaves(main) if any(f"{each} ".startswith(f"{leaf} ") for each in _CALLED)}
    assert set(leaves(main)) - called == _NOT_CALLED
    assert len(called) == len(_CALLED)


def test_no_command_prints_anything_of_a_person(run_hub: RunHub, reference: str, tmp_path: Path) -> None:
    told = {"bank": ICBC, "case": reference, "folder": str(tmp_path)}
    said: dict[str, str] = {}
    for each in _CALLED:
        words = each.format(**told).split()
        for more in ([], ["--json"]):
            if more and words[0] in {"backup", "restore", "record"}:
                continue
            answer = run_hub(*words, *more)
            said[" ".join(words + more)] = answer.out + answer.error
            assert more or answer.status in {0, 1}, (each, answer.error)
    assert reference in said["audit"]
    found = [
        (words, marker)
        for words, text in said.items()
        for marker in (*MARKERS, *SUBJECTS)
        if stands_in(text.encode(), marker)
    ]
    assert found == []
