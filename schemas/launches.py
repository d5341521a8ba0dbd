"""The body with which a host app sends a person it has signed in over to the hub's pages."""

from dataclasses import dataclass
from datetime import date

from hub.domain.identifiers import IdType
from hub.domain.references import References
from schemas.accounts import MAX_ACCOUNTS, card_faults, named_banks
from schemas.base import ReadNaming, Schema, parts, read
from schemas.fields import Each, Part
from schemas.identifiers import BankCode, CardNumber
from schemas.person import PersonSchema, settle_id_number


class CardSchema(Schema):
    """A card that the form shall be filled with."""

    bank_code = BankCode(required=True)
    card_number = CardNumber(required=True)


class LaunchSchema(PersonSchema):
    """The person, as the host app has verified them, and their cards."""

    cards = Each(Part(CardSchema), most=MAX_ACCOUNTS, load_default=list)


LAUNCH = LaunchSchema()


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """Who is sent over. `cards`: (bank code, card number) each."""

    subject: str
    name: str
    mobile: str
    id_type: IdType
    id_number: str
    cards: tuple[tuple[str, str], ...]


def load_launch(data: object, *, today: date) -> ReadNaming[Launch]:
    """The person that `data` holds, or None and every fault; and the banks of their cards."""
    found, faults = read(LAUNCH, data)
    faults += settle_id_number(found, "", today=today)
    for place, card in enumerate(parts(found, "cards")):
        faults += card_faults(card, f"/cards/{place}")
    references = References(bank_codes=named_banks(found, "cards"))
    if faults:
        return ReadNaming(None, faults, references)
    cards = tuple((card["bank_code"], card["card_number"]) for card in found["cards"])
    return ReadNaming(Launch(**{**found, "cards": cards}), [], references)
