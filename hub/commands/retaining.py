"""`hub retention`: how long what is kept, what is due, legal holds, and erasing a person who asks by letter."""

import json
from datetime import datetime
from typing import TextIO

import click

from hub.commands.opened import OPERATOR, as_json, opened_hub, rows_unless_json, say_json
from hub.domain.china import CHINA
from hub.domain.errors import NegotiationErased, NegotiationOpen, Unusable
from hub.domain.plain import instant
from hub.domain.retention import RULES
from hub.services.erasure import holds, replaying, requests
from hub.services.erasure import retention as retaining
from hub.services.erasure.replaying import Replayed


@click.group()
def retention() -> None:
    """How long what is kept, and what must not be erased."""


@retention.command()
@as_json
def show(wants_json: bool) -> None:
    """Show each class of data, for how long it is kept, and how much of it is due; and the holds that stand."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        due = {each.data_class: each for each in retaining.overview(tx, hub.settings.retention)}
        standing = holds.list_holds(tx)
    classes = [
        {
            "class": name,
            "days": due[name].days if name in due else rule.days,
            "from": rule.begins,
            "basis": rule.basis,
            "ends": rule.ends,
            "due": due[name].due if name in due else None,
            "next_at": instant(at) if name in due and (at := due[name].next_at) is not None else None,
        }
        for name, rule in RULES.items()
    ]
    held = [
        {"reference": each.reference, "reason": each.reason, "held_by": each.held_by, "held_at": instant(each.held_at)}
        for each in standing
    ]
    if wants_json:
        say_json({"classes": classes, "holds": held})
        return
    for each in classes:
        days = f"{_days(each['days'])} from {each['from']}" if each["days"] else each["ends"] or "nothing of a person"
        now = "" if each["due"] is None else f"  due now: {each['due']}, next: {each['next_at'] or 'none'}"
        click.echo(f"{each['class']}  {days}{now}".rstrip())
    for line in held:
        click.echo(f"held  {line['reference']}  {line['held_at']}  {line['held_by']}: {line['reason']}")


def _days(number: object) -> str:
    return f"{number} day" if number == 1 else f"{number} days"


@retention.command()
@click.option("--dry-run", is_flag=True, help="Say how much would be erased, and erase nothing.")
@as_json
def run(dry_run: bool, wants_json: bool) -> None:
    """Erase now what is due, as the worker does each night."""
    with opened_hub() as hub:
        if dry_run:
            with hub.reading(OPERATOR) as tx:
                done = {each.data_class: each.due for each in retaining.overview(tx, hub.settings.retention)}
        else:
            done = retaining.run(hub, hub.settings.retention)
    if wants_json:
        say_json({"dry_run": dry_run, "erased": done})
        return
    for name, times in done.items():
        click.echo(f"{name}  {times}{' would be erased' if dry_run else ' erased'}")


@retention.command()
@click.argument("reference")
@click.option("--reason", default="not stated", show_default=True, help="Why, for whoever looks at it later.")
def hold(reference: str, reason: str) -> None:
    """Let nothing of a negotiation be erased, whoever asks, until it is released."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        holds.hold(tx, reference, reason)
    click.echo(f"{reference} is held; nothing of it is erased.")


@retention.command()
@click.argument("reference")
def release(reference: str) -> None:
    """Let a negotiation that was held be erased in its time again."""
    with opened_hub() as hub, hub.writing(OPERATOR) as tx:
        holds.release(tx, reference)
    click.echo(f"{reference} is held no more.")


@retention.command()
@click.argument("reference")
@as_json
def erase(reference: str, wants_json: bool) -> None:
    """Erase the person of a negotiation who asks for it by letter, once you know that the letter is theirs."""
    with opened_hub() as hub:
        try:
            with hub.writing(OPERATOR) as tx:
                answer = requests.erase_by_letter(tx, reference, hub.settings.retention)
        except NegotiationOpen as error:
            raise Unusable(f"still open, so withdraw first: {', '.join(error.references)}") from error
        except NegotiationErased as error:
            raise Unusable(f"{error.reference} is erased already, since {instant(error.erased_at)}") from error
    goes = [{"what": each.what, "reference": each.reference} for each in answer.goes]
    stays = [
        {
            "what": each.what,
            "reference": each.reference,
            "why": each.why,
            "until": None if each.until is None else instant(each.until),
        }
        for each in answer.stays
    ]
    if wants_json:
        say_json({"goes": goes, "stays": stays})
        return
    for gone in goes:
        click.echo(f"erased  {gone['reference'] or '-'}  {gone['what']}")
    for kept in stays:
        click.echo(f"stays  {kept['reference']}  {kept['what']}  {kept['why']}  {kept['until'] or ''}".rstrip())


@retention.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Of this day (China) and later alone.")
@as_json
def erased(since: datetime | None, wants_json: bool) -> None:
    """List what was erased, a line of JSON each: keep it outside, for `hub retention replay` after a restore."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        done = replaying.list_done(tx, since=None if since is None else since.replace(tzinfo=CHINA))
    for line in rows_unless_json([each.plain for each in done], wants_json=wants_json):
        click.echo(json.dumps(line))


@retention.command()
@click.argument("file", type=click.File(encoding="utf-8"))
def replay(file: TextIO) -> None:
    """Erase again what a list of `hub retention erased` names, after a restore; exit 1 where something may not go."""
    with opened_hub() as hub:
        found = replaying.erasures_in(file)
        stays = False
        for each in found:
            with hub.writing(OPERATOR) as tx:
                became = replaying.erase_again(tx, each)
            stays |= became in (Replayed.OPEN, Replayed.HELD)
            click.echo(f"{became}  {each.reference}  {each.data_class}")
    if stays:
        raise SystemExit(1)
