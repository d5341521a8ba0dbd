"""What a bank reads of reminders about its own bills: that its customer turned them on, and whether they went out.

Nothing of any other bank, nothing that a person noted for themselves, and no sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.domain.bill_feed import FeedContact
from hub.domain.paging import Page, Place
from hub.domain.plain import Plain, instant
from hub.services.transaction import HubTransaction
from storage import bill_consents
from storage.drafts import FORM_CLIENT
from storage.mails import MailStatus
from storage.records import BillConsentRecord, NegotiationRecord
from storage.submissions import submission_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderResults:
    """How many reminders went out, and how many could not; when the last one did."""

    sent: int
    not_sent: int
    last_sent_at: datetime | None

    def plain(self) -> Plain:
        """The same as the API shows it."""
        at = None if self.last_sent_at is None else instant(self.last_sent_at)
        return {"sent": self.sent, "not_sent": self.not_sent, "last_sent_at": at}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentOfBank:
    """One customer who lets the bank tell bills."""

    contact: FeedContact
    given_at: datetime
    reminders: ReminderResults


def list_consents(tx: HubTransaction, bank_code: str, page: Page) -> tuple[list[ConsentOfBank], Place | None]:
    """A page of the bank's consents in force, in the order in which they were given, and where the next one begins."""
    after = "" if page.after is None else page.after[1]
    rows = bill_consents.list_of_bank(tx, bank_code, after=after, limit=page.limit + 1)
    shown = rows[: page.limit]
    found = [
        ConsentOfBank(
            contact=bill_consents.contact_of(tx, each),
            given_at=each.given_at,
            reminders=_results(tx, [each], bank_code),
        )
        for each in shown
    ]
    return found, (shown[-1].given_at, shown[-1].id) if len(rows) > page.limit else None


def of_negotiation(tx: HubTransaction, row: NegotiationRecord) -> ReminderResults | None:
    """What became of reminders of the case's person about this bank's bills; None where they turned none on."""
    if row.erased_at is not None:
        return None
    mine = [
        each
        for client_id, indexes in _ways_of(tx, row)
        if (each := bill_consents.find_in_force(tx, indexes, client_id=client_id, bank_code=row.bank_code)) is not None
    ]
    return _results(tx, mine, row.bank_code) if mine else None


def _ways_of(tx: HubTransaction, row: NegotiationRecord) -> list[tuple[str, list[bytes]]]:
    """(way in, keyed hashes) under which the case's person may have consented: as their app's, or by the mobile."""
    applicant = submission_of(tx, row).applicant
    subject = tx.keyring.indexes(applicant.subject, purpose="subject")
    return [
        (row.launch_client_id or row.client_id, subject),
        (FORM_CLIENT, tx.keyring.indexes(applicant.mobile, purpose="mobile")),
    ]


def _results(tx: HubTransaction, consents: Sequence[BillConsentRecord], bank_code: str) -> ReminderResults:
    mails = bill_consents.list_reminders_sent(tx, [each.id for each in consents], bank_code=bank_code)
    sent = [each.sent_at for each in mails if each.status == MailStatus.SENT and each.sent_at is not None]
    return ReminderResults(
        sent=len(sent),
        not_sent=sum(each.status == MailStatus.FAILED for each in mails),
        last_sent_at=max(sent, default=None),
    )
