"""`hub demo`: fills an empty hub with people, banks and negotiations that have a past."""

import sys

import click

from hub.commands.opened import opened_hub
from hub.demo import demonstration, turns
from hub.demo import progress as demo_progress
from hub.demo.stories import STORIES
from hub.wiring import Hub


@click.command()
def demo() -> None:
    """Fill an empty hub with demo data; a hub that holds banks is left as it is."""
    with opened_hub() as hub:
        demonstration.require_fit(hub)
        if demonstration.is_there(hub) or not _fill(hub):
            click.echo("The hub holds banks already; nothing was changed.")
            return
    click.echo(f"Demo data is in: {len(demonstration.BANKS)} banks, {len(STORIES)} applications.")


def _fill(hub: Hub) -> bool:
    """Whether the hub is filled now, and was not by somebody else until it was our turn."""
    with turns.filling(hub.settings.home):
        if demonstration.is_there(hub):
            return False
        with click.progressbar(
            length=len(STORIES), label="Demo data", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:

            def report(_: str) -> None:
                bar.update(1)
                demo_progress.note(hub.settings.home, done=bar.pos, of=len(STORIES))

            demo_progress.note(hub.settings.home, done=0, of=len(STORIES))
            demonstration.fill(hub, report=report)
    return True
