"""`hub conformance`: what a bank's endpoint must pass before it is switched on. It changes nothing in the hub."""

import uuid
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

import click

from hub.banks.conformance.listening import Door, not_listened
from hub.banks.conformance.report import Check, Examine, Mark, Trial
from hub.banks.port import Answering
from hub.commands.opened import OPERATOR, as_json, opened_hub, say_json
from hub.domain.errors import Unusable
from hub.services import banks
from hub.wiring import Hub

_PACKAGE = "hub.banks.conformance"


@click.command()
@click.argument("code", metavar="BANK")
@click.option("--listen", type=click.IntRange(0, 65535), metavar="PORT", help="Wait there for what the bank says.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to wait at.")
@click.option("--wait", "wait_s", default=120.0, show_default=True, help="Seconds to wait at most.")
@as_json
def conformance(code: str, listen: int | None, host: str, wait_s: float, wants_json: bool) -> None:
    """Examine BANK's endpoint with a test application of an invented person; exit 1 if anything fails."""
    with opened_hub() as hub:
        trial = _trial(hub, code)
        checks: list[Check] = []
        for check in _examined(trial, listen, host, wait_s):
            checks.append(check)
            if not wants_json:
                _say(check)
    if wants_json:
        say_json([check.plain() for check in checks])
    failed = sum(check.mark is Mark.FAILED for check in checks)
    if failed:
        raise click.ClickException(f"{failed} of {len(checks)} checks failed: the bank is not to be switched on yet.")


def _trial(hub: Hub, code: str) -> Trial:
    with hub.reading(OPERATOR) as tx:
        bank = banks.get(tx, code)
    return Trial(
        bank=bank,
        adapter=hub.adapters.of(bank),
        surroundings=hub.adapters.surroundings,
        negotiation=uuid.uuid4().hex,
        started_at=hub.real_clock.now(),
        new_id=lambda: uuid.uuid4().hex,
    )


def _examined(trial: Trial, listen: int | None, host: str, wait_s: float) -> Iterator[Check]:
    examine = _examine_of(trial.bank.adapter)
    adapter = trial.adapter
    if not isinstance(adapter, Answering):
        yield from examine(trial)
        yield from not_listened("a bank of this kind does not call the hub")
        return
    if listen is None:
        yield from examine(trial)
        yield from not_listened("wait for it with --listen PORT")
        return
    with Door(trial, adapter, host=host, port=listen) as door:
        click.echo(f"The bank calls {door.path} at port {door.port}; negotiation {trial.negotiation}.", err=True)
        yield from examine(trial)
        door.wait(wait_s)
        yield from door.checks()


def _examine_of(kind: str) -> Examine:
    if find_spec(f"{_PACKAGE}.{kind}") is None:
        raise Unusable(f"a bank of kind {kind} has no endpoint to examine")
    examine: Examine = import_module(f"{_PACKAGE}.{kind}").examine
    return examine


def _say(check: Check) -> None:
    click.echo(f"{check.mark:<10} {check.name}" + (f": {check.came}" if check.came else ""))
    if check.mark is Mark.FAILED:
        click.echo(f"{'':<10} expected: {check.expected}")
        click.echo(f"{'':<10} do: {check.to_do}")
