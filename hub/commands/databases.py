"""`hub db`: the database's schema."""

import click

from hub.commands.opened import opened_hub, say_json
from hub.services.operating import upgrades
from hub.services.operating.upgrades import Ahead

_NEWER = "The database is of a newer version ({database}, this one knows {code}). "
_SAYS = {
    Ahead.NOTHING: "Nothing to do: the database is at {code}.",
    Ahead.EXPANDS: "Ahead: {count}, up to {code}. The release before may go on meanwhile and afterwards.",
    Ahead.CONTRACTS: "Ahead: {count}, up to {code}. Stop every web and worker of the release before first.",
    Ahead.NEWER: _NEWER + "This one runs on it.",
    Ahead.TOO_NEW: _NEWER + "This one does not run on it.",
}


@click.group()
def db() -> None:
    """The database."""


@db.command()
@click.option("--check", is_flag=True, help="Change nothing; say what is ahead, by words and by the exit status.")
@click.option("--json", "wants_json", is_flag=True, help="With --check: print JSON.")
def upgrade(check: bool, wants_json: bool) -> None:
    """Bring the database up to date; nothing happens where it is.

    \b
    With --check it ends with
      0  nothing to do
      3  steps ahead, beside which the release before may go on (also: an empty database)
      4  steps ahead, before which everything of the release before is stopped
      5  the database is of a newer version, on which this one runs
      6  the database is of a newer version, on which this one does not run
    """
    if check:
        raise SystemExit(_check(wants_json=wants_json))
    if wants_json:
        raise click.UsageError("--json goes with --check.")
    with opened_hub(up_to_date=False) as hub:
        to_run = hub.upgrade()
    click.echo("The database is up to date.")
    if to_run is not None:
        click.echo(
            "The application still works as the owner of the tables. To give it a role of its own, run this as a "
            f"superuser, then `hub db upgrade` again: {to_run}"
        )


def _check(*, wants_json: bool) -> Ahead:
    with opened_hub(up_to_date=False) as hub:
        # Opened, an embedded hub's database would be made.
        found = upgrades.look(hub.database.engine if hub.has_database else None)
    if wants_json:
        say_json(found.plain())
        return found.ahead
    # Of an empty database nobody asks which.
    for each in found.steps if found.database is not None else ():
        click.echo(f"{each.revision}  {each.kind:<8}  {each.what}")
    click.echo(_SAYS[found.ahead].format(count=len(found.steps), database=found.database, code=found.code))
    return found.ahead
