"""`hub demo`: fills an empty hub with people, banks and negotiations that have a past."""

import sys

import click

from hub.commands.opened import opened_hub
from hub.demo import demonstration
from hub.demo import progress as demo_progress
from hub.demo.stories import STORIES


@click.command()
def demo() -> None:
    """Fill an empty hub with demo data; a hub that holds banks is left as it is."""
    with opened_hub() as hub:
        demonstration.require_fit(hub)
        if demonstration.is_there(hub):
            click.echo("The hub holds banks already; nothing was changed.")
            return
        with click.progressbar(
            length=len(STORIES), label="Demo data", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:

            def report(_: str) -> None:
                bar.update(1)
                demo_progress.note(hub.settings.home, done=bar.pos, of=len(STORIES))

            demo_progress.note(hub.settings.home, done=0, of=len(STORIES))
            demonstration.fill(hub, report=report)
    click.echo(f"Demo data is in: {len(demonstration.BANKS)} banks, {len(STORIES)} applications.")
