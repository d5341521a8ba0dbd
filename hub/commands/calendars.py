"""`hub calendar`: working days, the notices behind them, and the years that are still provisional."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from hub.commands.files import READABLE_FILE
from hub.commands.opened import OPERATOR, as_json, opened_hub, rows_unless_json
from hub.domain.china import china_day
from hub.domain.errors import Unusable
from hub.domain.notices import Notice, parse_notice
from hub.domain.statutory_days import LAST_YEAR
from hub.domain.working_days import YearBasis
from hub.services.negotiations import answer_clocks, notice_import
from hub.services.negotiations.notice_import import Effect

_DATE = click.DateTime(formats=["%Y-%m-%d"])
MAX_DAYS = 3660


@click.group()
def calendar() -> None:
    """Working days of China."""


@calendar.command()
@click.option("--from", "from_", type=_DATE, required=True, help="The first day, YYYY-MM-DD.")
@click.option("--days", type=click.IntRange(1, MAX_DAYS), required=True, help="How many calendar days.")
@as_json
def show(from_: datetime, days: int, wants_json: bool) -> None:
    """Show each day: whether it works, and why."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        in_force = tx.calendar()
        first = from_.date()
        rows = [_day(in_force, first + timedelta(days=number)) for number in range(days)]
    for row in rows_unless_json(rows, wants_json=wants_json):
        mark = "works" if row["working"] else "off  "
        provisional = "  (provisional)" if row["provisional"] else ""
        click.echo(f"{row['date']}  {row['weekday']}  {mark}  {row['why_en']} {row['why']}{provisional}")


def _day(in_force: Any, day: date) -> dict[str, Any]:
    reason = in_force.why(day)
    return {
        "date": day.isoformat(),
        "weekday": f"{day:%a}",
        "working": reason.works,
        "why": reason.name_zh,
        "why_en": reason.name_en,
        "notice": reason.notice,
        "provisional": in_force.is_provisional(day.year),
    }


@calendar.command(name="import")
@click.argument("file", type=READABLE_FILE)
@click.option("--dry-run", is_flag=True, help="Only say what it would change.")
def import_(file: Path, dry_run: bool) -> None:
    """Import a notice: {"year","notice","published_on","off":[dates],"work":[dates]}."""
    with opened_hub() as hub:
        try:
            data = json.loads(file.read_text(encoding="utf-8-sig"))
            # Half of a surrogate pair is JSON, but no text that could be kept.
            json.dumps(data, ensure_ascii=False).encode()
        except (ValueError, OSError, RecursionError) as error:
            raise Unusable(f"{file} is not a readable JSON file: {type(error).__name__}") from error
        notice = parse_notice(data)
        if dry_run:
            with hub.reading(OPERATOR) as tx:
                effect = notice_import.effect_of(tx, notice)
            _say_effect(notice, effect)
            return
        moved = answer_clocks.import_notice(hub, notice, actor=OPERATOR)
    click.echo(f"{notice.notice} is in force for {notice.year}; {moved} open clocks moved.")


def _say_effect(notice: Notice, effect: Effect) -> None:
    click.echo(f"{notice.notice} would be in force for {notice.year}; nothing was changed.")
    for each in effect.days:
        click.echo(f"{each.day}  {each.day:%a}  {'would work' if each.works else 'would be off'}")
    click.echo(f"{effect.moved} of {effect.running} open clocks would move.")


@calendar.command()
@as_json
def status(wants_json: bool) -> None:
    """Say for which years an official notice is known."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        this_year = china_day(tx.now).year
        years = [each for each in tx.calendar().years_status(through=this_year + 2) if each.year >= this_year - 1]
    rows = [
        {
            "year": each.year,
            "provisional": each.basis == YearBasis.PROVISIONAL,
            "notice": None if each.notice is None else each.notice.notice,
            "published_on": None if each.notice is None else each.notice.published_on.isoformat(),
            "working_days": each.working_days,
        }
        for each in years
    ]
    for row in rows_unless_json(rows, wants_json=wants_json):
        basis = "provisional: import the State Council's notice" if row["provisional"] else row["notice"] or "published"
        click.echo(f"{row['year']}  {row['working_days']} working days  {basis}")


def utc(text: str | None, default: datetime) -> datetime:
    """The instant that `text` names, RFC 3339; `default` without one."""
    if text is None:
        return default
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unusable(f"{text!r} is not a time; write it as 2026-11-21T18:00:00+08:00") from error
    if at.tzinfo is None:
        raise Unusable(f"{text!r} has no offset; write it as 2026-11-21T18:00:00+08:00")
    if at.year > LAST_YEAR:
        raise Unusable(f"{text!r} is beyond the calendar, which ends with the year {LAST_YEAR}")
    return at.astimezone(UTC)
