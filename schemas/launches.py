"""The body with which a host app sends a person it has signed in over to the hub's pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hub.domain.amounts import AMOUNT_NAMES
from hub.domain.identifiers import IdType
from hub.domain.plain import Plain
from hub.domain.references import References
from schemas.accounts import MAX_ACCOUNTS, card_faults, named_banks, past_day_faults
from schemas.base import Found, ReadNaming, Schema, parts, read
from schemas.fields import Day, Each, Fen, Part
from schemas.identifiers import BankCode, CardNumber
from schemas.person import PersonSchema, settle_id_number


class CardSchema(Schema):
    """A card that the form shall be filled with, and what is owed on it as far as the host app knows."""

    bank_code = BankCode(required=True)
    card_number = CardNumber(required=True)
    principal_fen = Fen(load_default=None, allow_none=True)
    interest_fen = Fen(load_default=None, allow_none=True)
    fees_fen = Fen(load_default=None, allow_none=True)
    penalty_fen = Fen(load_default=None, allow_none=True)
    overdue_since = Day(load_default=None, allow_none=True)


class LaunchSchema(PersonSchema):
    """The person, as the host app has verified them, and their cards."""

    cards = Each(Part(CardSchema), most=MAX_ACCOUNTS, load_default=list)


LAUNCH = LaunchSchema()


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """Who is sent over. `cards`: (bank code, card number) each; `balances`: what was said to be owed, by card."""

    subject: str
    name: str
    mobile: str
    id_type: IdType
    id_number: str
    cards: tuple[tuple[str, str], ...]
    balances: Mapping[tuple[str, str], Plain]


def load_launch(data: object, *, today: date) -> ReadNaming[Launch]:
    """The person that `data` holds, or None and every fault; and the banks of their cards."""
    found, faults = read(LAUNCH, data)
    faults += settle_id_number(found, "", today=today)
    for place, card in enumerate(parts(found, "cards")):
        faults += card_faults(card, f"/cards/{place}")
        faults += past_day_faults(card, "overdue_since", f"/cards/{place}", today=today)
    references = References(bank_codes=named_banks(found, "cards"))
    if faults:
        return ReadNaming(None, faults, references)
    cards = tuple((card["bank_code"], card["card_number"]) for card in found["cards"])
    balances = {(card["bank_code"], card["card_number"]): _balance(card) for card in found["cards"]}
    return ReadNaming(Launch(**{**found, "cards": cards, "balances": balances}), [], references)


def _balance(card: Found) -> Plain:
    """What is said to be owed on the card, by the names of an account; nothing of what was not said."""
    named = (*AMOUNT_NAMES, "overdue_since")
    known = {name: card[name] for name in named if card.get(name) is not None}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in known.items()}
