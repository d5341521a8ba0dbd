"""The four amounts that a debt on a card is made of, their one sum, and how an amount is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What is owed, planned or waived, by what it is made of, in fen."""

    principal_fen: int
    interest_fen: int
    fees_fen: int
    penalty_fen: int

    @property
    def total_fen(self) -> int:
        """All four together."""
        return self.principal_fen + self.interest_fen + self.fees_fen + self.penalty_fen


AMOUNT_NAMES = ("principal_fen", "interest_fen", "fees_fen", "penalty_fen")
"""The four, as they are called wherever they are written down."""


def amounts_in(data: Mapping[str, Any]) -> Amounts:
    """The four as they stand under their names in plain data; raises `KeyError` where one is missing."""
    return Amounts(**{name: int(data[name]) for name in AMOUNT_NAMES})


def owed_fen(amounts: Iterable[Amounts]) -> int:
    """The sum of all that is owed on several cards."""
    return sum(each.total_fen for each in amounts)


def sum_of(amounts: Iterable[Amounts]) -> Amounts:
    """Several of them added up, each of the four by itself."""
    listed = list(amounts)
    return Amounts(
        principal_fen=sum(each.principal_fen for each in listed),
        interest_fen=sum(each.interest_fen for each in listed),
        fees_fen=sum(each.fees_fen for each in listed),
        penalty_fen=sum(each.penalty_fen for each in listed),
    )


def yuan(amount_fen: int) -> str:
    """`amount_fen` as yuan with two decimals and thousands separators, without the unit."""
    sign, fen = ("−", -amount_fen) if amount_fen < 0 else ("", amount_fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"
