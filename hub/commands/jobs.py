"""`hub jobs` shows dead letters and sends them again; `hub delivery` sends again what a bank did not take."""

import click

from hub.commands.opened import OPERATOR, as_json, opened_hub, rows_unless_json
from hub.domain.errors import StatusConflict, Unusable
from hub.domain.plain import instant
from hub.services.delivery import queueing
from hub.services.operating.resending import send_job_again, try_all_now
from hub.services.reading.operator.messages import list_given_up, list_held_up


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
    for each in rows_unless_json(listed, wants_json=wants_json):
        click.echo(f"{each['since']}  {each['key']}  {each['error']}")


@jobs.command(name="send-again")
@click.argument("key")
def send_again(key: str) -> None:
    """Put a dead job back into its queue."""
    with opened_hub() as hub:
        send_job_again(hub, hub.jobs, key, OPERATOR)
    click.echo(f"{key} waits again.")


@click.group()
def delivery() -> None:
    """Messages to banks."""


@delivery.command(name="list")
@as_json
def stuck(wants_json: bool) -> None:
    """List the messages that were given up or fail and are tried again, the oldest first."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        found = [*list_given_up(tx), *list_held_up(tx)]
    listed = [
        {
            "id": each.id,
            "reference": each.reference,
            "bank_code": each.bank_code,
            "kind": each.kind,
            "attempts": each.attempts,
            "queued_at": instant(each.queued_at),
            "next_try_at": None if each.next_try_at is None else instant(each.next_try_at),
            "detail": each.detail,
        }
        for each in found
    ]
    for each in rows_unless_json(listed, wants_json=wants_json):
        when = f"next try {each['next_try_at']}" if each["next_try_at"] else "given up"
        tries = f"{each['attempts']} tries, {when}"
        click.echo(f"{each['reference']}  {each['bank_code']}  {each['kind']}  {tries}  {each['detail']}")


@delivery.command(name="try-now")
@click.argument("negotiation")
def try_now(negotiation: str) -> None:
    """Make the next attempt of what waits for the bank's system now, e.g. once that was mended."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        tried = try_all_now(tx, negotiation)
        if not tried:
            raise Unusable(
                f"nothing of {negotiation} waits to be tried: `hub delivery list` names what does, and "
                "`hub delivery send-again` sends what was given up"
            )
    click.echo(f"{negotiation}: {tried} on the way now.")


@delivery.command(name="send-again")
@click.argument("negotiation")
@click.option("--through", metavar="KIND", help="Another adapter than the bank's own, e.g. portal.")
def deliver_again(negotiation: str, through: str | None) -> None:
    """Send again what the bank's system did not take for days."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        try:
            queueing.send_again(tx, negotiation, OPERATOR, through=through)
        except StatusConflict as error:
            raise Unusable(
                f"nothing of {negotiation} was given up (it is {error.status}): what still waits is tried at once "
                "by `hub delivery try-now`"
            ) from error
    click.echo(f"{negotiation} is on its way again.")
