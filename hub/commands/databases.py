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
        hub.upgrade()
    click.echo("The database is up to date.")
