"""`hub conformance`: what a bank's endpoint must pass before it is switched on. It changes nothing in the hub."""

import uuid

import click

from hub.banks.conformance.examining import examined
from hub.banks.conformance.listening import Door
from hub.banks.conformance.report import Check, Mark, Trial
from hub.commands.opened import OPERATOR, as_json, opened_hub, say_json
from hub.services import banks
from hub.wiring import Hub


@click.command()
@click.argument("code", metavar="BANK")
@click.option("--listen", type=click.IntRange(0, 65535), metavar="PORT", help="Wait there for what the bank says.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to wait at.")
@click.option("--wait", "wait_s", default=120.0, show_default=True, help="Seconds to wait at most.")
@as_json
def conformance(code: str, listen: int | None, host: str, wait_s: float, wants_json: bool) -> None:
    """Examine BANK's endpoint with a test application of an invented person; exit 1 if anything fails."""
    checks: list[Check] = []
    with opened_hub() as hub:
        for check in examined(_trial(hub, code), port=listen, host=host, wait_s=wait_s, opened=_say_where):
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


def _say_where(door: Door) -> None:
    click.echo(f"The bank is to call {door.path} at port {door.port} about negotiation {door.negotiation}.", err=True)


def _say(check: Check) -> None:
    click.echo(f"{check.mark:<10} {check.name}" + (f": {check.came}" if check.came else ""))
    if check.mark is Mark.FAILED:
        click.echo(f"{'':<10} expected: {check.expected}")
        click.echo(f"{'':<10} do: {check.to_do}")
