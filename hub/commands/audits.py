"""`hub audit`: who signed in or tried to, from where, and who changed what about the hub."""

from datetime import date, datetime, time
from typing import Any

import click

from hub.commands.calendars import utc
from hub.commands.opened import OPERATOR, as_json, opened_hub, rows_unless_json
from hub.domain.china import CHINA
from hub.domain.plain import instant
from hub.services.operating.audit import AuditLine, newest


@click.command()
@click.option("--since", metavar="TIME", help="RFC 3339, or a day as 2026-11-21 in China; everything by default.")
@as_json
def audit(since: str | None, wants_json: bool) -> None:
    """List what was done about the hub itself, the oldest first."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        listed = [_plain(each) for each in reversed(newest(tx, since=_start(since)))]
    for each in rows_unless_json(listed, wants_json=wants_json):
        who = each["email"] or each["actor"]
        details = "  ".join(f"{name}={_spelt(value)}" for name, value in each["details"].items())
        click.echo(
            f"{each['at']}  {each['kind']}  {who}  {each['address'] or '-'}  {each['about']}  {details}".rstrip()
        )


def _start(since: str | None) -> datetime | None:
    if since is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(since), time(), CHINA)
    except ValueError:
        return utc(since, datetime.now(CHINA))


def _plain(line: AuditLine) -> dict[str, Any]:
    return {
        "at": instant(line.at),
        "kind": line.kind,
        "actor": line.actor,
        "email": line.email,
        "address": line.address,
        "about": line.about,
        "details": dict(line.details),
    }


def _spelt(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
