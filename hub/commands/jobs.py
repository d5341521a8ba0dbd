"""`hub jobs` shows dead letters and sends them again; `hub delivery` sends again what a bank did not take."""

import click

from hub.commands.opened import OPERATOR, as_json, opened_hub, say_json
from hub.domain.plain import instant
from hub.services import delivery as deliveries


@click.group()
def jobs() -> None:
    """Background work."""


@jobs.command()
@as_json
def dead(wants_json: bool) -> None:
    """List the jobs that were given up."""
    with opened_hub() as hub:
        listed = [
            {
                "key": each.key,
                "name": each.name,
                "argument": each.argument,
                "error": each.error,
                "since": instant(each.since),
            }
            for each in hub.jobs.list_dead()
        ]
    if wants_json:
        say_json(listed)
        return
    for each in listed:
        click.echo(f"{each['since']}  {each['key']}  {each['error']}")


@jobs.command(name="send-again")
@click.argument("key")
def send_again(key: str) -> None:
    """Put a dead job back into its queue."""
    with opened_hub() as hub:
        hub.jobs.send_again(key)
    click.echo(f"{key} waits again.")


@click.group()
def delivery() -> None:
    """Messages to banks."""


@delivery.command(name="send-again")
@click.argument("negotiation")
@click.option("--through", metavar="KIND", help="Another adapter than the bank's own, e.g. portal.")
def deliver_again(negotiation: str, through: str | None) -> None:
    """Send again what the bank's system did not take for days."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        deliveries.send_again(tx, negotiation, OPERATOR, through=through)
    click.echo(f"{negotiation} is on its way again.")
