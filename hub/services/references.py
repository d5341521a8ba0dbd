"""Numbers that people say on the phone, and the names of jobs."""

import secrets
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from hub.domain.china import china_day
from hub.jobs.port import Job
from hub.services.transaction import HubTransaction
from storage.numbers import taken
from storage.records import DeliveryRecord

NEGOTIATION_PREFIX = "XS"
APPLICATION_PREFIX = "SQ"
AGREEMENT_PREFIX = "XY"


def references(tx: HubTransaction, prefix: str, column: InstrumentedAttribute[Any], count: int) -> list[str]:
    """`count` new numbers with the day in China and six random digits, none of which `column` holds already."""
    return references_of_each(tx, (prefix, column, count))[0]


def references_of_each(
    tx: HubTransaction, *wanted: tuple[str, InstrumentedAttribute[Any], int]
) -> tuple[list[str], ...]:
    """The same for several of (prefix, column, count), in one look at all the columns."""
    day = f"{china_day(tx.now):%Y%m%d}"
    while True:
        # A few more than needed, so that one look is nearly always enough, also late on a busy day.
        drawn = [
            {f"{prefix}-{day}-{secrets.randbelow(10**6):06d}" for _ in range(count + 4)} for prefix, _, count in wanted
        ]
        known = taken(tx, [(column, numbers) for (_, column, _), numbers in zip(wanted, drawn, strict=True)])
        free = [sorted(numbers - known, key=lambda _: secrets.randbits(32)) for numbers in drawn]
        if all(len(numbers) >= count for numbers, (_, _, count) in zip(free, wanted, strict=True)):
            return tuple(numbers[:count] for numbers, (_, _, count) in zip(free, wanted, strict=True))


def screen_job(application_or_negotiation: str, *, why: str) -> Job:
    """Screens what stands in screening of an application or negotiation."""
    return Job(
        name="screen",
        key=f"screen:{application_or_negotiation}:{why}",
        argument=application_or_negotiation,
        queue="documents",
    )


def deliver_job(record: DeliveryRecord, *, in_batches: bool = False) -> Job:
    """The next attempt to deliver one message, or all that its bank takes together; a new job each time it is due."""
    due = "" if record.next_try_at is None else f":{record.next_try_at.timestamp():.3f}"
    return Job(
        name="deliver_batch" if in_batches else "deliver",
        key=f"deliver:{record.id}:{record.attempts + 1}{due}",
        argument=record.bank_code if in_batches else record.id,
        queue="deliver",
        partition=record.bank_code,
    )


def print_agreement_job(negotiation_id: str, *, why: str = "accepted") -> Job:
    """Prints and keeps the agreement of a negotiation."""
    key = f"print:{negotiation_id}:{why}"
    return Job(name="print_agreement", key=key, argument=negotiation_id, queue="documents")
