"""What a draft proposes, as the page shows it on which everything is checked: to all banks, and each bank's part."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hub.domain.affordability import left_fen, suggested
from hub.domain.plain import Plain
from hub.domain.proposal import Proposal, split
from hub.web.pages.apply.draft_body import owed_by_bank
from hub.web.pages.apply.household import finances_of
from hub.web.pages.formats import yuan
from hub.web.pages.proposal_words import proposal_rows
from hub.web.pages.translation import translate
from schemas.proposals import read_proposal

# What differs from bank to bank where the parts were set by hand, and stands with the banks then.
_OF_A_BANK: Final = frozenset({"instalments", "monthly_payment_fen", "down_payment_fen", "settlement_fen"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAnswers:
    """What is proposed in rows of (name, words), and the (bank, words) of each bank's part, where there are several.

    `above_fen`: the most that the household was advised to pay a month, where the proposal asks for more.
    """

    rows: list[tuple[str, str]]
    parts: list[tuple[str, str]]
    note: str
    above_fen: int | None


def plan_answers(data: Plain, names: Mapping[str, str]) -> PlanAnswers:
    """What the draft's `data` propose; nothing while it cannot be read, which is said elsewhere."""
    whole = read_proposal(data["proposal"]) if data.get("proposal") else None
    of_bank = _by_bank(data, whole)
    one = whole or next(iter(of_bank.values()), None)
    if one is None:
        return PlanAnswers(rows=[], parts=[], note="", above_fen=None)
    monthly_fen = sum(each.monthly_payment_fen or 0 for each in of_bank.values())
    rows = proposal_rows(one, without=_OF_A_BANK if whole is None else ())
    if whole is None and monthly_fen:
        rows.insert(1, (translate("每月"), yuan(monthly_fen)))
    return PlanAnswers(
        rows=rows,
        parts=[(names[code], words) for code, each in sorted(of_bank.items()) if (words := _part(each))]
        if len(of_bank) > 1
        else [],
        note=one.note,
        above_fen=_above(data, monthly_fen),
    )


def _by_bank(data: Plain, whole: Proposal | None) -> dict[str, Proposal]:
    if whole is not None:
        return split(whole, owed_by_bank(data))
    found = {}
    for each in data.get("proposals") or []:
        proposal = read_proposal({name: value for name, value in each.items() if name != "bank_code"})
        if proposal is not None:
            found[each["bank_code"]] = proposal
    return found


def _part(proposal: Proposal) -> str:
    """What one bank gets; "" where nothing is said in money."""
    if proposal.settlement_fen:
        return yuan(proposal.settlement_fen)
    if not proposal.monthly_payment_fen:
        return ""
    return translate("每月 %(amount)s，%(n)s 期", amount=yuan(proposal.monthly_payment_fen), n=proposal.instalments)


def _above(data: Plain, monthly_fen: int) -> int | None:
    month = finances_of(data)
    if month is None:
        return None
    most = suggested(left_fen(month))[1]
    return most if monthly_fen > most else None
