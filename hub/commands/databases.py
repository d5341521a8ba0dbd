"""`hub db`: the database's schema."""

import click

from hub.commands.opened import opened_hub


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the database up to date; nothing happens where it is."""
    with opened_hub(up_to_date=False) as hub:
        to_run = hub.upgrade()
    click.echo("The database is up to date.")
    if to_run is not None:
        click.echo(
            "The application still works as the owner of the tables. To give it a role of its own, run this as a "
            f"superuser, then `hub db upgrade` again: {to_run}"
        )
