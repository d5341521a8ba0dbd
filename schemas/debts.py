"""The bodies of what a bank says of a debt. Each gives a value, or None and every fault."""

from hub.domain.claim_transfer import ClaimTransfer
from hub.domain.legal_stage import LegalStage, LegalStanding
from schemas.accounts import CASE_NUMBER_LIMIT, COURT_LIMIT, legal_stage_faults
from schemas.actions import read_body
from schemas.base import Read, Schema
from schemas.fields import Choice, Day, FreeText, Text

PARTY_LIMIT = 100
CONTACT_LIMIT = 200
"""Characters of the name of whoever has a claim now, and of how they are reached."""


class LegalStageSchema(Schema):
    """Where the debt stands in court, as the bank knows it."""

    legal_stage = Choice(LegalStage, required=True)
    court = Text(limit=COURT_LIMIT, load_default="")
    case_number = Text(limit=CASE_NUMBER_LIMIT, load_default="")


class ClaimTransferSchema(Schema):
    """To whom the bank has transferred its claim, how they are reached, and since when."""

    name = Text(limit=PARTY_LIMIT, minimum=1, required=True)
    contact = Text(limit=CONTACT_LIMIT, minimum=1, required=True)
    transferred_on = Day(required=True)
    text = FreeText(load_default="")


LEGAL_STAGE = LegalStageSchema()
CLAIM_TRANSFER = ClaimTransferSchema()


def load_legal_stage(data: object) -> Read[LegalStanding]:
    """Where the debt stands in court."""
    found, faults = read_body(LEGAL_STAGE, data)
    faults += legal_stage_faults(found)
    return Read.of(faults, lambda: LegalStanding(**found))


def load_claim_transfer(data: object) -> Read[ClaimTransfer]:
    """To whom the bank has transferred its claim. Whether that day can be is not judged here."""
    found, faults = read_body(CLAIM_TRANSFER, data)
    return Read.of(faults, lambda: ClaimTransfer(**found))
