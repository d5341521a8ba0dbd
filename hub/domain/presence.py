"""Who of a bank is at a case just now, so that two people do not answer it at once."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

PRESENT_FOR: Final = timedelta(seconds=150)
"""So long after the last sign of them somebody counts as there; an open page gives one about every half minute."""


class Doing(StrEnum):
    """What somebody does at a case."""

    VIEWING = "viewing"
    OFFER = "offer"
    REJECTION = "rejection"
    MESSAGE = "message"
    CALL = "call"
    EVIDENCE_REQUEST = "evidence_request"
    REVIEW = "review"
    FORM = "form"
