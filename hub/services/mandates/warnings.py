"""Before an agreement is signed: what may still be deducted by the same creditor above a row of it."""

from hub.domain.agreement import AgreementContents
from hub.domain.issuers import same_bank
from hub.domain.mandate import ACTIVE
from hub.services.accounts import subjects
from hub.services.accounts.subjects import Subject
from hub.services.agreements import acceptance
from hub.services.mandates import mandates
from hub.services.negotiations.offering import visible_offer
from hub.services.transaction import HubTransaction
from storage import mandates as rows
from storage.records import MandateRecord, NegotiationRecord
from storage.submissions import submission_of


def above_a_row(
    tx: HubTransaction, subject: Subject, bank_code: str, contents: AgreementContents
) -> list[MandateRecord]:
    """The person's active mandates whose payee is that creditor, and whose ceiling is above each row's sum."""
    most_fen = max((row.total_fen for row in contents.schedule.rows), default=None)
    if most_fen is None:
        return []
    found = []
    for each in mandates.list_for(tx, subject):
        what = rows.contents_of(tx, each)
        is_theirs = what.payee_code is not None and same_bank(what.payee_code, bank_code)
        if each.status in ACTIVE and is_theirs and what.cap_fen > most_fen:
            found.append(each)
    return found


def of_offer(tx: HubTransaction, negotiation: NegotiationRecord, offer_id: str) -> list[MandateRecord]:
    """The same of an offer that the client's person is about to accept; raises `NotFound`."""
    offer = visible_offer(tx, negotiation, offer_id)
    person = subjects.of_client(tx, negotiation.client_id, submission_of(tx, negotiation).applicant.subject)
    return above_a_row(tx, person, negotiation.bank_code, acceptance.contents_for(tx, offer))
