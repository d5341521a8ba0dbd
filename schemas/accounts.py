"""Cards on the wire, with what is owed on them, and the rules between a card's fields."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from hub.domain.application import Account
from hub.domain.errors import Fault, InvalidValue
from hub.domain.issuers import check_card
from schemas.base import Found, Schema, parts
from schemas.fields import Day, Fen, Formed, with_metadata
from schemas.identifiers import BankCode, CardNumber

MAX_ACCOUNTS = 16
_CURRENCY = "CNY"


def _currency(text: str) -> str:
    if text != _CURRENCY:
        raise InvalidValue("unsupported_currency", supported=_CURRENCY)
    return text


class Currency(Formed):
    """The one currency that is taken."""

    def __init__(self, **options: Any) -> None:
        super().__init__(_currency, **with_metadata(options, enum=[_CURRENCY]))


class AccountSchema(Schema):
    """One card and what is owed on it, in fen."""

    bank_code = BankCode(required=True)
    card_number = CardNumber(required=True)
    currency = Currency(required=True)
    principal_fen = Fen(required=True, least=1)
    interest_fen = Fen(required=True)
    fees_fen = Fen(required=True)
    penalty_fen = Fen(required=True)
    overdue_since = Day(load_default=None, allow_none=True)


def card_faults(found: Found, pointer: str) -> Iterator[Fault]:
    """What speaks against one card: a debit card, or another bank's than the one named."""
    if found.get("card_number") is None:
        return
    try:
        check_card(found["card_number"], found.get("bank_code", ""))
    except InvalidValue as error:
        # Without a bank that could be read, nothing can be said about whose card it is.
        if error.code == "debit_card" or "bank_code" in found:
            yield error.at(f"{pointer}/card_number")


def account_faults(found: Found, *, today: date) -> Iterator[Fault]:
    """The rules between the fields of each of the `accounts`, as far as they could be read."""
    for place, account in enumerate(parts(found, "accounts")):
        pointer = f"/accounts/{place}"
        yield from card_faults(account, pointer)
        overdue_since = account.get("overdue_since")
        if overdue_since is not None and overdue_since > today:
            yield Fault(f"{pointer}/overdue_since", "date_in_future")


def accounts_of(found: Found) -> tuple[Account, ...]:
    """The accounts, none of which has a fault."""
    return tuple(Account(**each) for each in found["accounts"])


def named_banks(found: Found, *names: str) -> tuple[tuple[str, str], ...]:
    """(JSON Pointer, code) of every bank named in the lists `names`, as far as they could be read."""
    return tuple(
        (f"/{name}/{place}/bank_code", each["bank_code"])
        for name in names
        for place, each in enumerate(parts(found, name))
        if "bank_code" in each
    )
