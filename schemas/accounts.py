"""Cards on the wire, with what is owed on them, and the rules between a card's fields."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from hub.domain.amounts import AMOUNT_NAMES
from hub.domain.application import EARLIEST_DAY, Account
from hub.domain.card_role import GROUP_LIMIT, CardRole, sharing_faults
from hub.domain.debt_components import MOST_TERMS_SAID, Component, ComponentKind, component_faults
from hub.domain.errors import Fault, InvalidValue
from hub.domain.identifiers import fits_luhn
from hub.domain.issuers import check_card
from hub.domain.legal_stage import LegalStage
from hub.domain.proposed_account import MOST_ACCOUNTS
from schemas.base import Found, Schema, parts
from schemas.fields import Choice, Day, Each, Fen, Formed, Part, Text, TrueOrFalse, Whole, with_metadata
from schemas.identifiers import BankCode, CardNumber

MAX_ACCOUNTS = MOST_ACCOUNTS
MAX_COMPONENTS = 20
COURT_LIMIT = 60
CASE_NUMBER_LIMIT = 60
"""Characters of a court's name, and of a case's number."""
_CURRENCY = "CNY"


def _currency(text: str) -> str:
    if text != _CURRENCY:
        raise InvalidValue("unsupported_currency", supported=_CURRENCY)
    return text


class Currency(Formed):
    """The one currency that is taken."""

    def __init__(self, **options: Any) -> None:
        super().__init__(_currency, **with_metadata(options, enum=[_CURRENCY]))


class ComponentSchema(Schema):
    """One part of a principal; `remaining_terms` of what is in instalments alone."""

    kind = Choice(ComponentKind, required=True)
    principal_fen = Fen(required=True, least=1)
    remaining_terms = Whole(least=1, most=MOST_TERMS_SAID, load_default=None, allow_none=True)


class AccountSchema(Schema):
    """One card and what is owed on it, in fen."""

    bank_code = BankCode(required=True)
    card_number = CardNumber(required=True)
    currency = Currency(required=True)
    principal_fen = Fen(required=True)
    interest_fen = Fen(required=True)
    fees_fen = Fen(required=True)
    penalty_fen = Fen(required=True)
    overdue_since = Day(load_default=None, allow_none=True)
    as_printed = TrueOrFalse(load_default=False)
    legal_stage = Choice(LegalStage, load_default=LegalStage.NONE)
    court = Text(limit=COURT_LIMIT, load_default="")
    case_number = Text(limit=CASE_NUMBER_LIMIT, load_default="")
    components = Each(Part(ComponentSchema), most=MAX_COMPONENTS, load_default=list)
    account_group = Text(limit=GROUP_LIMIT, minimum=1, load_default=None, allow_none=True)
    role = Choice(CardRole, load_default=CardRole.PRIMARY)


def card_faults(found: Found, pointer: str) -> Iterator[Fault]:
    """What speaks against one card: a digit likely mistyped, a debit card, or another bank's than the one named."""
    if found.get("card_number") is None:
        return
    # Some real cards have another check digit; whoever compared theirs once more says so.
    if not fits_luhn(found["card_number"]) and not found.get("as_printed"):
        yield Fault(f"{pointer}/card_number", "luhn")
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
        yield from past_day_faults(account, "overdue_since", pointer, today=today)
        yield from (fault.under(pointer) for fault in found_component_faults(account))
        yield from legal_stage_faults(account, pointer)
    yield from (fault.under("/accounts") for fault in sharing_faults(parts(found, "accounts")))


def found_component_faults(found: Found) -> Iterator[Fault]:
    """What speaks against the parts of a principal, as far as they could be read."""
    listed = found.get("components") or []
    if any(each is None or not {"kind", "principal_fen"} <= set(each) for each in listed):
        return
    yield from component_faults([_component(each) for each in listed], found.get("principal_fen"))


def _component(found: Found) -> Component:
    return Component(
        kind=found["kind"],
        principal_fen=found["principal_fen"],
        # One that could not be read was sent, and has a fault of its own.
        remaining_terms=found.get("remaining_terms", 1 if found["kind"].is_in_instalments else None),
    )


def components_of(found: Found) -> tuple[Component, ...]:
    """The parts of the principal, which have no fault."""
    return tuple(_component(each) for each in found["components"])


def legal_stage_faults(found: Found, pointer: str = "") -> Iterator[Fault]:
    """What speaks against where a debt stands in court: a court or a case, and no suit."""
    named = any(found.get(name, "").strip() for name in ("court", "case_number"))
    if named and found.get("legal_stage") is LegalStage.NONE:
        yield Fault(f"{pointer}/legal_stage", "legal_stage_missing")


def owes_nothing(found: Found) -> bool:
    """Whether each of the four amounts was given, and is 0."""
    return all(found.get(part) == 0 for part in AMOUNT_NAMES)


def past_day_faults(found: Found, name: str, pointer: str, *, today: date) -> Iterator[Fault]:
    """What speaks against a day that a person remembers: it is still to come, or before anybody's life."""
    day = found.get(name)
    if day is None:
        return
    if day > today:
        yield Fault(f"{pointer}/{name}", "date_in_future")
    elif day < EARLIEST_DAY:
        yield Fault(f"{pointer}/{name}", "date_too_long_ago")


def accounts_of(found: Found) -> tuple[Account, ...]:
    """The accounts, none of which has a fault."""
    return tuple(Account(**{**each, "components": components_of(each)}) for each in found["accounts"])


def named_banks(found: Found, *names: str) -> tuple[tuple[str, str], ...]:
    """(JSON Pointer, code) of every bank named in the lists `names`, as far as they could be read."""
    return tuple(
        (f"/{name}/{place}/bank_code", each["bank_code"])
        for name in names
        for place, each in enumerate(parts(found, name))
        if "bank_code" in each
    )
