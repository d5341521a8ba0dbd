"""Cards that share a debt: several cards of one account, and supplementary cards of the main holder's.

An account is owed once, on one of its cards; a supplementary card's debt is its main holder's, who alone applies.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from hub.domain.amounts import AMOUNT_NAMES
from hub.domain.errors import Fault
from hub.domain.issuers import bank_key

GROUP_LIMIT = 20
"""Characters of the label that cards of one account share."""


class CardRole(StrEnum):
    """Whose card it is."""

    PRIMARY = "primary"
    SUPPLEMENTARY = "supplementary"


def sharing_faults(accounts: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """What is wrong between cards that share a debt, as far as the accounts could be read.

    An account that owes nothing is one of a group, or supplementary, and another card bears the debt. Pointers are
    relative to the list.
    """
    for place, each in enumerate(accounts):
        beside = [other for number, other in enumerate(accounts) if number != place and _same_bank(each, other)]
        is_supplementary = each.get("role") is CardRole.SUPPLEMENTARY
        mains = [other for other in beside if other.get("role") is not CardRole.SUPPLEMENTARY]
        if is_supplementary and not mains:
            yield Fault(f"/{place}/role", "supplementary_alone")
            continue
        group = _group(each)
        others = [other for other in beside if group and _group(other) == group]
        before = [other for other in accounts[:place] if group and _same_bank(each, other) and _group(other) == group]
        if not _owes(each) and not any(map(_owes, others)) and not (is_supplementary and any(map(_owes, mains))):
            yield Fault(f"/{place}/principal_fen", "account_owes_nothing")
        elif _owes(each) and any(map(_owes, before)):
            yield Fault(f"/{place}/principal_fen", "account_owed_twice")


def _same_bank(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bank_key(one.get("bank_code", "")) == bank_key(other.get("bank_code", ""))


def _group(account: Mapping[str, Any]) -> str:
    return (account.get("account_group") or "").strip()


def _owes(account: Mapping[str, Any]) -> bool:
    # An amount that could not be read is taken for one that is owed: its own fault says so.
    return any(account.get(name, 1) for name in AMOUNT_NAMES)
