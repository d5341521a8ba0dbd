"""The person who applies, or is launched into the pages, on the wire; and the rule that needs a date."""

from collections.abc import Iterator
from datetime import date

from hub.domain.errors import Fault, InvalidValue
from hub.domain.identifiers import IdType, id_number
from schemas.base import Found, Schema
from schemas.fields import Choice, Name
from schemas.identifiers import Email, IdNumber, IdText, Mobile


class PersonSchema(Schema):
    """Who somebody is, and how to reach them."""

    subject = IdText(required=True)
    name = Name(required=True)
    id_type = Choice(IdType, required=True)
    id_number = IdNumber(limit=64, required=True)
    mobile = Mobile(required=True)


class ApplicantSchema(PersonSchema):
    """The applicant."""

    email = Email(load_default=None, allow_none=True)


def settle_id_number(found: Found, pointer: str, *, today: date) -> Iterator[Fault]:
    """Brings the number in `found` into its one form, or yields what is wrong with it on `today`.

    A number whose type could not be read is left alone.
    """
    if "id_type" not in found or "id_number" not in found:
        return
    try:
        found["id_number"] = id_number(found["id_type"], found["id_number"], today=today)
    except InvalidValue as error:
        yield error.at(f"{pointer}/id_number")
