"""A sum to all banks divided by the person's own hand: each bank's part, and what is left over or too much."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from hub.domain.affordability import shares
from hub.domain.amounts import Amounts
from hub.domain.proposal import Proposal, split
from hub.domain.ready_plans import MonthlyPlan, basis_of, plan_by_month


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """Each bank's part in fen, in ascending order of bank code.

    `left_over_fen` was given to no bank, `too_much_fen` is above the sum; one of them at least is 0.
    """

    parts: Mapping[str, int]
    left_over_fen: int = 0
    too_much_fen: int = 0

    @property
    def is_even(self) -> bool:
        """Whether the parts make up the sum."""
        return not (self.left_over_fen or self.too_much_fen)


def divided(total_fen: int, owed_by_bank: Mapping[str, int], chosen: Mapping[str, int]) -> Division:
    """`total_fen` with the `chosen` parts as they are, and the rest for the other banks by what is owed to them."""
    rest_fen = total_fen - sum(chosen.values())
    others = {code: owed for code, owed in owed_by_bank.items() if code not in chosen}
    if others and rest_fen >= 0:
        parts = {**chosen, **shares(rest_fen, others)}
        return Division(parts=dict(sorted(parts.items())))
    parts = {code: chosen.get(code, 0) for code in sorted(owed_by_bank)}
    return Division(parts=parts, left_over_fen=max(0, rest_fen), too_much_fen=max(0, -rest_fen))


def evened_out(total_fen: int, owed_by_bank: Mapping[str, int], chosen: Mapping[str, int]) -> dict[str, int]:
    """Parts that make up `total_fen`, as near to the `chosen` ones as can be.

    What is left over goes on top by what is owed; what is too much comes off in proportion to what was chosen. Where
    nothing would be left for a bank that was not chosen, all of it is shared by what is owed.
    """
    division = divided(total_fen, owed_by_bank, chosen)
    if division.is_even:
        return dict(division.parts)
    if division.left_over_fen:
        more = shares(division.left_over_fen, owed_by_bank)
        return {code: part + more[code] for code, part in division.parts.items()}
    if all(division.parts.values()):
        return shares(total_fen, division.parts)
    return shares(total_fen, owed_by_bank)


def plan_of_part(monthly_fen: int, owed: Amounts, down_fen: int, first_due_on: date, today: date) -> MonthlyPlan:
    """What one bank's part a month comes to for what is owed to it."""
    return plan_by_month(
        monthly_fen, basis_of(owed, down_fen=down_fen, left_fen=None, first_due_on=first_due_on, today=today)
    )


def split_by_hand(
    whole: Proposal, owed_by_bank: Mapping[str, Amounts], parts: Mapping[str, int], *, today: date
) -> dict[str, Proposal]:
    """Each bank's own part of `whole`, its payment or settlement as `parts` have it, and as many months as that takes.

    `parts` name every bank, each above 0 where it is paid in instalments; the first day leaves room for one payment.
    """
    proposals = split(whole, owed_by_bank)
    if not whole.kind.is_in_parts:
        return {code: replace(each, settlement_fen=parts[code]) for code, each in proposals.items()}
    found = {}
    for code, each in proposals.items():
        plan = plan_of_part(parts[code], owed_by_bank[code], each.down_payment_fen, whole.first_due_on, today)
        found[code] = replace(each, monthly_payment_fen=parts[code], instalments=plan.instalments)
    return found
