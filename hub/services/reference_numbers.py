"""Numbers that people say on the phone: of applications, negotiations and agreements."""

import secrets
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from hub.domain.china import china_day
from hub.services.transaction import HubTransaction
from storage.numbers import taken

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
