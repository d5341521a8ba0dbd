"""`hub conformance`: what a bank's endpoint must pass before it is switched on. It changes nothing in the hub."""

import uuid

import click

from hub.banks.conformance.examining import examined
from hub.banks.conformance.listening import Door
from hub.banks.conformance.report import Check, Mark, Trial
from hub.commands.opened import OPERATOR, as_json, opened_hub, say_json
from hub.services.operating import banks
from hub.web.language import language_of
from hub.web.refusals import refusal_of
from hub.wiring import Hub

USUAL_WAIT_S = 120.0


@click.command()
@click.argument("code", metavar="BANK")
@click.option("--listen", type=click.IntRange(0, 65535), metavar="PORT", help="Wait there for what the bank says.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to wait at.")
@click.option("--reached-at", metavar="URL", help="How the bank reaches it; http://HOST:PORT where left out.")
@click.option(
    "--wait",
    "wait_s",
    type=click.FloatRange(min=0),
    help=f"Seconds to wait at most for what the bank says; {USUAL_WAIT_S:g} with --listen.",
)
@as_json
def conformance(
    code: str, listen: int | None, host: str, reached_at: str | None, wait_s: float | None, wants_json: bool
) -> None:
    """Examine BANK's endpoint with a test application of an invented person; exit 1 if anything fails."""
    checks: list[Check] = []
    if listen is not None and wait_s is None:
        wait_s = USUAL_WAIT_S
    door = None if listen is None else (reached_at or f"http://{host}:{listen}").rstrip("/")
    with opened_hub() as hub:
        trial = _trial(hub, code, door=door, wait_s=wait_s)
        for check in examined(trial, port=listen, host=host, opened=_say_where):
            checks.append(check)
            if not wants_json:
                _say(check)
    if wants_json:
        say_json([check.plain() for check in checks])
    failed = sum(check.mark is Mark.FAILED for check in checks)
    if failed:
        raise click.ClickException(f"{failed} of {len(checks)} checks failed: the bank is not to be switched on yet.")


def _trial(hub: Hub, code: str, *, door: str | None, wait_s: float | None) -> Trial:
    with hub.reading(OPERATOR) as tx:
        bank = banks.of_institution(tx, code)
    return Trial(
        bank=bank,
        adapter=hub.adapters.of(bank),
        surroundings=hub.adapters.surroundings,
        negotiation=uuid.uuid4().hex,
        started_at=hub.real_clock.now(),
        new_id=lambda: uuid.uuid4().hex,
        hub_url=door or hub.settings.public_url,
        refusal_of=lambda error, headers: refusal_of(error, language_of(headers.get("accept-language", ""))),
        wait_s=wait_s,
    )


def _say_where(door: Door) -> None:
    click.echo(f"The bank is to call {door.path} at port {door.port} about negotiation {door.negotiation}.", err=True)


def _say(check: Check) -> None:
    click.echo(f"{check.mark:<10} {check.name}" + (f": {check.came}" if check.came else ""))
    if check.mark is Mark.FAILED:
        click.echo(f"{'':<10} expected: {check.expected}")
        click.echo(f"{'':<10} do: {check.to_do}")
