"""Loans on the wire, with what is owed on them, and the rules between a loan's fields."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from hub.domain.amounts import AMOUNT_NAMES
from hub.domain.errors import Fault
from hub.domain.loan import (
    MOST_LENDERS,
    MOST_LOANS,
    PRODUCT_LIMIT,
    CoLender,
    LoanAccount,
    contract_end,
    lender_faults,
    places_listed_twice,
    shares_of,
)
from schemas.accounts import owes_nothing, past_day_faults
from schemas.base import Found, Schema, parts, read
from schemas.fields import Day, Each, Fen, Formed, Part, Percent, Text, TrueOrFalse
from schemas.identifiers import CreditorCode

CONTRACT_END = {"pattern": "^[0-9A-Za-z]{4}$"}


class CoLenderSchema(Schema):
    """One of several who lend together, and its share of the loan."""

    creditor_code = CreditorCode(required=True)
    share_percent = Percent(required=True)


class LoanSchema(Schema):
    """One loan and what is owed on it, in fen; of the contract's number its end alone."""

    creditor_code = CreditorCode(required=True)
    contract_last4 = Formed(contract_end, required=True, metadata=CONTRACT_END)
    product = Text(limit=PRODUCT_LIMIT, minimum=1, required=True)
    platform_name = Text(limit=PRODUCT_LIMIT, load_default="")
    co_lenders = Each(Part(CoLenderSchema), most=MOST_LENDERS, load_default=list)
    principal_fen = Fen(required=True)
    interest_fen = Fen(required=True)
    fees_fen = Fen(required=True)
    penalty_fen = Fen(required=True)
    overdue_since = Day(load_default=None, allow_none=True)
    annual_rate_percent = Percent(load_default=None, allow_none=True)


class LoanAnswerSchema(LoanSchema):
    """One loan as its creditor is told it: the creditor's own share where several lend together."""

    class Meta:
        exclude = ("co_lenders",)

    is_share = TrueOrFalse()


_LOAN = LoanSchema()


def loan_faults(found: Found, *, today: date) -> Iterator[Fault]:
    """The rules between the fields of each of the `loans`, as far as they could be read."""
    listed = parts(found, "loans")
    for place, loan in enumerate(listed):
        pointer = f"/loans/{place}"
        yield from past_day_faults(loan, "overdue_since", pointer, today=today)
        yield from (fault.under(pointer) for fault in lender_faults(loan.get("creditor_code"), _lenders(loan)))
        if owes_nothing(loan):
            yield Fault(f"{pointer}/principal_fen", "loan_owes_nothing")
        yield from (fault.under(pointer) for fault in _empty_share_faults(loan))
    named = [(each.get("creditor_code") or "", each.get("contract_last4") or "") for each in listed]
    yield from (Fault(f"/loans/{place}/contract_last4", "loan_listed_twice") for place in places_listed_twice(named))


def debt_faults(found: Found) -> Iterator[Fault]:
    """`required` where neither a card nor a loan is named."""
    if found.get("accounts", True) or found.get("loans", True):
        return
    yield Fault("/accounts", "required")


def _lenders(found: Found) -> list[tuple[str | None, Decimal | None]]:
    # One of which nothing could be read has a fault of its own.
    return [(each.get("creditor_code"), each.get("share_percent")) for each in parts(found, "co_lenders")]


def _empty_share_faults(found: Found) -> Iterator[Fault]:
    """Shares of a loan that come to nothing: nobody negotiates with whom nothing is owed."""
    if not found.get("co_lenders") or owes_nothing(found):
        return
    loan = _sound(found)
    codes = [each.get("creditor_code") for each in parts(found, "co_lenders")]
    for share in () if loan is None else shares_of(loan):
        if share.total_fen == 0:
            yield Fault(f"/co_lenders/{codes.index(share.creditor_code)}/share_percent", "loan_owes_nothing")


def _sound(found: Found) -> LoanAccount | None:
    """The loan as far as its sums and lenders go; None where any of them has a fault."""
    is_read = "creditor_code" in found and all(name in found for name in AMOUNT_NAMES) and "co_lenders" in found
    if not is_read or None in [value for pair in _lenders(found) for value in pair]:
        return None
    if any(True for _ in lender_faults(found["creditor_code"], _lenders(found))):
        return None
    return LoanAccount(
        creditor_code=found["creditor_code"],
        contract_last4=found.get("contract_last4", ""),
        product="",
        co_lenders=_co_lenders(found),
        **{name: found[name] for name in AMOUNT_NAMES},
    )


def found_shares(found: Found) -> list[Found]:
    """Each creditor's share of each loan, spelt as an account is; an empty one for a loan that could not be read."""
    shares: list[Found] = []
    for each in parts(found, "loans"):
        loan = _sound(each)
        if loan is None:
            shares.append({})
            continue
        shares += [
            {"bank_code": share.creditor_code, "is_loan": True, **{name: getattr(share, name) for name in AMOUNT_NAMES}}
            for share in shares_of(loan)
        ]
    return shares


def _co_lenders(found: Found) -> tuple[CoLender, ...]:
    return tuple(CoLender(**each) for each in found["co_lenders"])


def loans_of(found: Found) -> tuple[LoanAccount, ...]:
    """The loans, none of which has a fault."""
    return tuple(LoanAccount(**{**each, "co_lenders": _co_lenders(each)}) for each in found["loans"])


def loans_in(listed: Iterable[object]) -> tuple[LoanAccount, ...]:
    """The loans of `listed` as the wire spells them; those of which something cannot be read are left out."""
    read_ones = (read(_LOAN, each) for each in listed)
    return loans_of({"loans": [found for found, faults in read_ones if not faults]})


def named_creditors(found: Found) -> tuple[tuple[str, str], ...]:
    """(JSON Pointer, code) of every creditor that the `loans` name, as far as they could be read."""
    named: list[tuple[str, str]] = []
    for place, each in enumerate(parts(found, "loans")):
        pointer = f"/loans/{place}"
        named += [(f"{pointer}/creditor_code", each["creditor_code"])] if "creditor_code" in each else []
        named += [
            (f"{pointer}/co_lenders/{number}/creditor_code", other["creditor_code"])
            for number, other in enumerate(parts(each, "co_lenders"))
            if "creditor_code" in other
        ]
    return tuple(named)


__all__ = [
    "CONTRACT_END",
    "MOST_LOANS",
    "LoanAnswerSchema",
    "LoanSchema",
    "debt_faults",
    "found_shares",
    "loan_faults",
    "loans_in",
    "loans_of",
    "named_creditors",
]
