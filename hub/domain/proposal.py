"""What a person proposes to pay: which fields each kind of proposal has, and what of them a bank is asked to give up.

A proposal to all banks together is split: payments by what is owed to each, waivers by what of each part is owed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated

from cattrs import override

from hub.domain.affordability import shares
from hub.domain.amounts import AMOUNT_NAMES, Amounts
from hub.domain.errors import Fault
from hub.domain.terms import MAX_DEFERRAL_MONTHS, Kind, Waived, range_faults

# In this order a sum that was not named part by part is taken off: penalty first, principal last.
_GIVEN_UP_FIRST = ("penalty_fen", "fees_fen", "interest_fen", "principal_fen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the person could pay, to one bank or to all together.

    `settlement_fen` settles everything at once; `waived` is what of the debt a reduction is to give up. Both are left
    out of plain data where nothing was said, so that what was sealed before they were there is spelt as it was.
    """

    kind: Kind
    first_due_on: date
    instalments: int | None = None
    months: int | None = None
    monthly_payment_fen: int | None = None
    down_payment_fen: int = 0
    minimum_percent: Decimal | None = None
    waive_interest: bool = False
    note: str = ""
    settlement_fen: Annotated[int | None, override(omit_if_default=True)] = None
    waived: Annotated[Waived | None, override(omit_if_default=True)] = None

    @property
    def payments(self) -> int | None:
        """How many months it runs, where that is said."""
        return self.instalments or self.months

    @property
    def total_fen(self) -> int | None:
        """What is paid in all, where that is said."""
        if self.kind is Kind.SETTLEMENT:
            return self.settlement_fen
        if not self.monthly_payment_fen or not self.instalments:
            return None
        return self.down_payment_fen + self.monthly_payment_fen * self.instalments


@dataclass(frozen=True, slots=True, kw_only=True)
class BankProposal(Proposal):
    """A proposal meant for one bank."""

    bank_code: str

    @property
    def proposal(self) -> Proposal:
        """The same, without whom it is meant for."""
        return Proposal(**{each.name: getattr(self, each.name) for each in fields(Proposal)})


_IN_PARTS = ("instalments", "monthly_payment_fen", "down_payment_fen")
OWN_FIELDS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        Kind.INSTALMENTS: _IN_PARTS,
        Kind.REDUCTION: (*_IN_PARTS, "waived"),
        Kind.DEFERRAL: ("months",),
        Kind.SETTLEMENT: ("settlement_fen",),
        Kind.LOWER_MINIMUM: ("minimum_percent", "months"),
    }
)
"""The fields that a proposal of each kind has beside `kind`, `first_due_on`, `waive_interest` and `note`."""
_OF_ONE_KIND = tuple(dict.fromkeys(name for names in OWN_FIELDS.values() for name in names))
LEFT_OUT: Mapping[str, object] = MappingProxyType(
    {"instalments": None, "monthly_payment_fen": None, "down_payment_fen": 0}
)
"""What host apps always sent with every kind: taken, and as here where the kind has no such field."""


def field_faults(kind: Kind, found: Mapping[str, object]) -> Iterator[Fault]:
    """What is wrong with the fields of a proposal of `kind`, as far as they could be read.

    A field of another kind is refused, unless it says nothing (null, or no fen) or is one of those `LEFT_OUT`.
    """
    for name in _OF_ONE_KIND:
        if name not in OWN_FIELDS[kind] and name not in LEFT_OUT and says_something(found.get(name)):
            yield Fault(f"/{name}", "not_for_this_kind", {"kind": kind.value})
    if kind.is_in_parts:
        yield from (Fault(f"/{name}", "required") for name in _IN_PARTS[:2] if found.get(name, 0) is None)
        if found.get("monthly_payment_fen") == 0:
            yield Fault("/monthly_payment_fen", "too_small", {"least": 1})
    months = found.get("months")
    if kind is Kind.DEFERRAL and isinstance(months, int):
        yield from range_faults("/months", months, 1, MAX_DEFERRAL_MONTHS)


def says_something(value: object) -> bool:
    """Whether a field holds more than null, no fen, or a waiver of nothing."""
    return any(value.values()) if isinstance(value, Mapping) else bool(value)


def debt_faults(settlement_fen: int | None, waived: Waived | None, owed: Amounts) -> Iterator[Fault]:
    """`more_than_owed` where a settlement is more than all that is owed, or more is to be waived than is owed of it."""
    if settlement_fen is not None and settlement_fen > owed.total_fen:
        yield Fault("/settlement_fen", "more_than_owed", {"owed_fen": owed.total_fen})
    for part in AMOUNT_NAMES:
        if waived is not None and getattr(waived, part) > getattr(owed, part):
            yield Fault(f"/waived/{part}", "more_than_owed", {"owed_fen": getattr(owed, part)})


def split(whole: Proposal, owed_by_bank: Mapping[str, Amounts]) -> dict[str, Proposal]:
    """Each bank's own part of a proposal made to all of them; every sum adds up to the fen."""
    totals = {code: owed.total_fen for code, owed in owed_by_bank.items()}

    def parts_of(sum_fen: int | None) -> Mapping[str, int | None]:
        return dict.fromkeys(totals) if sum_fen is None else dict(shares(sum_fen, totals))

    monthly, settlement = parts_of(whole.monthly_payment_fen), parts_of(whole.settlement_fen)
    down = shares(whole.down_payment_fen, totals)
    waived = None if whole.waived is None else _split_waiver(whole.waived, owed_by_bank)
    return {
        code: replace(
            whole,
            monthly_payment_fen=monthly[code],
            down_payment_fen=down[code],
            settlement_fen=settlement[code],
            waived=None if waived is None else waived[code],
        )
        for code in owed_by_bank
    }


def _split_waiver(waived: Waived, owed_by_bank: Mapping[str, Amounts]) -> dict[str, Waived]:
    by_part = {
        part: shares(wished_fen, {code: getattr(owed, part) for code, owed in owed_by_bank.items()})
        for part in AMOUNT_NAMES
        if (wished_fen := getattr(waived, part))
    }
    return {code: Waived(**{part: of_bank[code] for part, of_bank in by_part.items()}) for code in owed_by_bank}


def waiver_wished(proposal: Proposal, owed: Amounts) -> Waived:
    """What of `owed` the bank is asked to give up: what was named, the rest of a settlement, or interest and penalty.

    Never more of a part than is owed of it.
    """
    if proposal.kind is Kind.SETTLEMENT and proposal.settlement_fen is not None:
        return taken_off(owed, owed.total_fen - proposal.settlement_fen)
    wished = Waived() if proposal.waived is None else proposal.waived
    parts = {part: min(getattr(wished, part), getattr(owed, part)) for part in AMOUNT_NAMES}
    if proposal.waive_interest:
        parts |= {"interest_fen": owed.interest_fen, "penalty_fen": owed.penalty_fen}
    return Waived(**parts)


def taken_off(owed: Amounts, sum_fen: int) -> Waived:
    """`sum_fen` of `owed` as a waiver: penalty first, principal last; nothing of a sum below 0."""
    found, left_fen = {}, max(0, sum_fen)
    for part in _GIVEN_UP_FIRST:
        found[part] = min(left_fen, getattr(owed, part))
        left_fen -= found[part]
    return Waived(**found)
