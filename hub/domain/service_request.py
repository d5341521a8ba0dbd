"""What a bank or lender can offer beside the negotiation; each turns on what it offers, and nothing is on by itself."""

import re
from enum import StrEnum

from hub.domain.errors import InvalidValue


class Service(StrEnum):
    """A service beside the negotiation."""

    REMINDERS = "reminders"  # bills that the bank tells with its customer's consent
    MANDATES = "mandates"
    INSTALMENTS = "instalments"
    APPOINTMENTS = "appointments"


def read_services(text: str) -> tuple[Service, ...]:
    """The services that a list names, each once and in their own order; raises `InvalidValue` `services`."""
    names = {name for name in re.split(r"[\s,，、]+", text) if name}
    if not names <= set(Service):
        raise InvalidValue("services", known=", ".join(Service))
    return tuple(each for each in Service if each in names)
