"""The transfer of a claim (债权转让): the bank's notice to the person, after Civil Code 545 to 549.

It counts for the person from the notice on. An agreement that is in force goes over with the claim and binds whoever
has it now.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTransfer:
    """To whom a bank has transferred its claim, how they are reached, and since when; `text` are its words to that."""

    name: str
    contact: str
    transferred_on: date
    text: str = ""
