"""A loan: its creditor is the lender whom the contract names, never the app in which it was found.

Where several lend together each is owed its own share. The shares of a loan add up to all of it, to the fen.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from cattrs import override

from hub.domain.affordability import shares
from hub.domain.amounts import AMOUNT_NAMES, Amounts
from hub.domain.errors import Fault, InvalidValue
from hub.domain.invisible import without_invisible
from hub.domain.issuers import bank_key, same_bank

MOST_LOANS: Final = 16
MOST_LENDERS: Final = 5
PRODUCT_LIMIT: Final = 60
"""Characters of what a product or a platform is called."""
_ALL: Final = Decimal(100)
_STEPS: Final = 100
_END = re.compile(r"[0-9A-Z]{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoLender:
    """One of several who lend together, and its share of the loan in percent."""

    creditor_code: str
    share_percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanAccount(Amounts):
    """One loan and what the person says is owed on it. Of its contract's number the last four signs are known.

    `co_lenders` are all who lend together, `creditor_code` among them; none where one lends alone. `is_share`: the
    amounts are one creditor's share, and what others lend is not told.
    """

    creditor_code: str
    contract_last4: str
    product: str
    platform_name: Annotated[str, override(omit_if_default=True)] = ""
    co_lenders: Annotated[tuple[CoLender, ...], override(omit_if_default=True)] = ()
    overdue_since: date | None = None
    annual_rate_percent: Decimal | None = None
    is_share: Annotated[bool, override(omit_if_default=True)] = False

    @property
    def creditor_codes(self) -> tuple[str, ...]:
        """Who is owed something: the creditor first."""
        others = (each.creditor_code for each in self.co_lenders)
        return tuple(dict.fromkeys((self.creditor_code, *others)))

    @property
    def key(self) -> str:
        """What the loan is told from others of its creditor by, and from cards."""
        return key_of(self.contract_last4)


def key_of(contract_last4: str) -> str:
    """The key of the loan whose contract's number ends so; no card's number has this form."""
    return f"loan/{contract_last4}"


def contract_end(text: str) -> str:
    """The last four letters or digits of a contract's number, large letters; raises `contract_last4_form`."""
    end = unicodedata.normalize("NFKC", without_invisible(text)).strip().upper()
    if not _END.fullmatch(end):
        raise InvalidValue("contract_last4_form")
    return end


def lender_faults(creditor_code: str | None, lenders: Sequence[tuple[str | None, Decimal | None]]) -> Iterator[Fault]:
    """What speaks against those who lend together, as (code, share) each; None is what could not be read.

    Pointers are relative to the loan.
    """
    if not lenders:
        return
    seen: set[str] = set()
    for place, (code, share) in enumerate(lenders):
        if code is not None and bank_key(code) in seen:
            yield Fault(f"/co_lenders/{place}/creditor_code", "listed_twice")
        seen |= set() if code is None else {bank_key(code)}
        if share == 0:
            yield Fault(f"/co_lenders/{place}/share_percent", "too_small", {"least": 1})
    codes_read = all(code is not None for code, _ in lenders)
    if creditor_code is not None and codes_read and bank_key(creditor_code) not in seen:
        yield Fault("/co_lenders", "creditor_not_among_lenders")
    told = [share for _, share in lenders if share is not None]
    if len(told) == len(lenders) and sum(told) != _ALL:
        yield Fault("/co_lenders", "shares_do_not_add_up", {"sum": f"{sum(told):f}"})


def share_of(loan: LoanAccount, bank_code: str) -> LoanAccount | None:
    """What of the loan is owed to that creditor, under either of a bank's codes; None where nothing is.

    A share says nothing of the others. Each amount is split by itself; fen that do not divide go to the largest
    remainders, so that all shares of an amount are that amount.
    """
    if not loan.co_lenders:
        return loan if same_bank(loan.creditor_code, bank_code) else None
    own = next((each.creditor_code for each in loan.co_lenders if same_bank(each.creditor_code, bank_code)), None)
    if own is None:
        return None
    weights = {each.creditor_code: int(each.share_percent * _STEPS) for each in loan.co_lenders}
    principal, interest, fees, penalty = (shares(getattr(loan, name), weights)[own] for name in AMOUNT_NAMES)
    return replace(
        loan,
        creditor_code=own,
        co_lenders=(),
        is_share=True,
        principal_fen=principal,
        interest_fen=interest,
        fees_fen=fees,
        penalty_fen=penalty,
    )


def shares_of(loan: LoanAccount) -> tuple[LoanAccount, ...]:
    """What is owed to each of its creditors."""
    return tuple(share for code in loan.creditor_codes if (share := share_of(loan, code)) is not None)


def places_listed_twice(loans: Sequence[tuple[str, str]]) -> list[int]:
    """The places of loans that stand there before, counted from 0; `loans`: (creditor's code, contract's end) each."""
    seen: set[tuple[str, str]] = set()
    places = []
    for place, (code, end) in enumerate(loans):
        loan = (bank_key(code), end)
        if code and end and loan in seen:
            places.append(place)
        seen.add(loan)
    return places
