"""What a bank is shown of a negotiation, given what the person took back."""

from hub.domain.affordability import Finances
from hub.domain.submission import Submission, without_what_is_withheld
from hub.services.transaction import HubTransaction
from storage import consents
from storage.records import NegotiationRecord
from storage.submissions import submission_of


def shown_to_bank(tx: HubTransaction, negotiation: NegotiationRecord) -> Submission:
    """The submission in force, less what is kept back; its month is for `finances_for_bank` to tell."""
    submission = submission_of(tx, negotiation)
    return without_what_is_withheld(submission) if consents.withheld_of(tx, negotiation).everything else submission


def finances_for_bank(tx: HubTransaction, negotiation: NegotiationRecord) -> Finances | None:
    """What the person declared of their month; None once they took back that the bank is given it."""
    return None if consents.withheld_of(tx, negotiation).everything else submission_of(tx, negotiation).finances
