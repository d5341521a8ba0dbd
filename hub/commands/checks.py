"""`hub check` looks for broken invariants in everything stored; `hub doctor` for whatever is wrong with the machine."""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

import click

from hub import health
from hub.clocks import SystemClock
from hub.commands.opened import as_json, errors_as_one_line, opened_hub, say_json
from hub.commands.passing import Passing, in_parts
from hub.findings import Finding, State, fine, wrong
from hub.services.operating import invariants
from hub.wiring import hub_from_environment

_SETTINGS: Final = "settings"
# Raised with whatever would break a probe that reads it: a name that is gone or means something else.
_SCHEMA: Final = 1


@click.command()
@click.option("--all", "everything", is_flag=True, required=True, help="Over everything stored.")
@in_parts
@as_json
def check(everything: bool, progress: Path | None, limit: int | None, wants_json: bool) -> None:  # noqa: ARG001 - the switch says what it does
    """Look whether every invariant holds; exit 1 naming each breach.

    Some rows at a time, each time in a short transaction. With --progress a run that was stopped or killed is gone on
    with by the next; it exits 1 where any run since the beginning found a breach.
    """
    breaches = []
    with opened_hub() as hub:
        passing = Passing(hub=hub, command="check", sections=invariants.sections(hub.store), file=progress, limit=limit)
        for breach in passing.run(lambda _: True):
            # At once: nobody waits for hours, and whoever kills it has what was found.
            click.echo(f"{breach.invariant}: {breach.subject}: {breach.detail}", err=True)
            if wants_json:
                breaches.append(breach.plain())
    if wants_json:
        say_json(breaches)
    passing.say_where()
    if passing.was_broken:
        raise SystemExit(1)
    if not wants_json and passing.place is None:
        click.echo("Every invariant holds.")


@click.command()
@click.option("--running", is_flag=True, help="Also whether what waits is done; for a hub whose worker should run.")
@as_json
def doctor(running: bool, wants_json: bool) -> None:
    """Look at database, migrations, store, mail, scanner, fonts and PDF speed, calendar and keys."""
    try:
        with errors_as_one_line():
            hub = hub_from_environment()
    except click.ClickException as error:
        if not wants_json:
            raise
        _say({_SETTINGS: wrong(error.message)})
        raise SystemExit(1) from error
    try:
        found = health.examination(hub, running=running)
    finally:
        hub.close()
    if wants_json:
        _say({_SETTINGS: fine(hub.settings.env), **{part.name.lower(): each for part, each in found.items()}})
    else:
        for part, each in found.items():
            click.echo(f"{each.state:<7} {part}: {each.detail}")
    if any(each.state == State.WRONG for each in found.values()):
        raise SystemExit(1)


def _say(found: Mapping[str, Finding]) -> None:
    """As docs/deploy/doctor.schema.json has it."""
    states = {each.state for each in found.values()}
    say_json(
        {
            "schema": _SCHEMA,
            "version": version("negotiated-repayment-hub"),
            "at": SystemClock().now().isoformat(timespec="seconds"),
            "state": next(each for each in (State.WRONG, State.WARNING, State.FINE) if each in states),
            "parts": [{"part": part, "state": each.state, "detail": each.detail} for part, each in found.items()],
        }
    )
