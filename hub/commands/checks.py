"""`hub check` looks for broken invariants in everything stored; `hub doctor` for whatever is wrong with the machine."""

import click

from hub import health
from hub.commands.opened import OPERATOR, as_json, errors_as_one_line, opened_hub, say_json
from hub.findings import State
from hub.services.operating import invariants
from hub.wiring import hub_from_environment


@click.command()
@click.option("--all", "everything", is_flag=True, required=True, help="Over everything stored.")
@as_json
def check(everything: bool, wants_json: bool) -> None:  # noqa: ARG001 - the switch says what it does
    """Look whether every invariant holds; exit 1 naming each breach."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        breaches = [breach.plain() for breach in invariants.breaches(tx, hub.store)]
    if wants_json:
        say_json(breaches)
    for breach in breaches:
        click.echo(f"{breach['invariant']}: {breach['subject']}: {breach['detail']}", err=True)
    if breaches:
        raise SystemExit(1)
    if not wants_json:
        click.echo("Every invariant holds.")


@click.command()
@as_json
def doctor(wants_json: bool) -> None:
    """Look at database, migrations, store, mail, scanner, fonts and PDF speed, calendar and keys."""
    with errors_as_one_line():
        hub = hub_from_environment()
    try:
        found = health.examination(hub)
    finally:
        hub.close()
    if wants_json:
        say_json([{"part": part, "state": each.state, "detail": each.detail} for part, each in found.items()])
    else:
        for part, each in found.items():
            click.echo(f"{each.state:<7} {part}: {each.detail}")
    if any(each.state == State.WRONG for each in found.values()):
        raise SystemExit(1)
