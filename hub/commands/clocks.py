"""`hub clock` moves the embedded hub's clock; `hub sla` reports every open clock."""

from datetime import timedelta

import click

from hub.clocks import MovableClock
from hub.commands.calendars import utc
from hub.commands.opened import OPERATOR, as_json, opened_hub, rows_unless_json, say_json
from hub.domain.bank_settings import duration
from hub.domain.errors import Unusable
from hub.domain.plain import instant
from hub.services.negotiations import answer_clocks
from hub.services.notifications import outgoing_mail
from hub.services.operating import audit, sweeps
from hub.services.operating.audit import AuditKind
from hub.wiring import Hub

# Far enough for every agreement of a demo to end, and well within the calendar.
MOST_AHEAD = timedelta(days=3660)


@click.group()
def clock() -> None:
    """The hub's clock, on the embedded default: for demos and tests."""


def _movable(hub: Hub) -> MovableClock:
    if not isinstance(hub.clock, MovableClock):
        raise Unusable("the clock can be moved on the embedded default only (HUB_ENV=embedded)")
    return hub.clock


@clock.command()
@click.argument("by", metavar="30m|12h|3d")
def advance(by: str) -> None:
    """Move the clock on; what falls due meanwhile happens at once."""
    with opened_hub() as hub:
        movable = _movable(hub)
        step = duration(by)
        if movable.moved_by() + step > MOST_AHEAD:
            raise Unusable(f"the clock can be at most {MOST_AHEAD.days} days ahead; set it back with `hub clock reset`")
        movable.advance(step)
        with hub.writing(OPERATOR) as tx:
            audit.note(tx, AuditKind.CLOCK_MOVED, by)
        sweeps.run_due(hub)
        outgoing_mail.send_due(hub, hub.mail, hub.real_clock)
        now = movable.now()
    click.echo(f"The hub's clock says {instant(now)}.")


@clock.command()
def reset() -> None:
    """Set the clock back to the machine's."""
    with opened_hub() as hub:
        _movable(hub).reset()
        with hub.writing(OPERATOR) as tx:
            audit.note(tx, AuditKind.CLOCK_RESET)
        now = hub.clock.now()
    click.echo(f"The hub's clock says {instant(now)}.")


@clock.command()
@as_json
def show(wants_json: bool) -> None:
    """Say what time the hub takes it to be."""
    with opened_hub() as hub:
        now = hub.clock.now()
        ahead = hub.clock.moved_by() if isinstance(hub.clock, MovableClock) else timedelta()
    if wants_json:
        say_json({"now": instant(now), "ahead_by_s": round(ahead.total_seconds())})
        return
    click.echo(instant(now))


@click.group()
def sla() -> None:
    """Banks' times to answer."""


@sla.command()
@click.option("--as-of", metavar="TIME", help="RFC 3339; now by default.")
@as_json
def report(as_of: str | None, wants_json: bool) -> None:
    """List every open clock with its due time, the next one due first."""
    with opened_hub() as hub, hub.reading(OPERATOR) as tx:
        lines = [line.plain() for line in answer_clocks.report(tx, as_of=utc(as_of, tx.now))]
    for line in rows_unless_json(lines, wants_json=wants_json):
        marks = [name for name in ("breached", "paused", "provisional") if line[name]]
        click.echo(
            f"{line['negotiation']}  {line['bank_code']}  due {line['due_at']}  "
            f"{line['working_days_left']} working days left  {' '.join(marks)}".rstrip()
        )
