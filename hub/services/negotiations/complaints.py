"""Complaints about a bank: prepared from the record for their person to send, and noted once they say that they did."""

from collections.abc import Iterator
from datetime import datetime

from hub.domain import labels
from hub.domain.china import china_day
from hub.domain.complaint import Complaint, ComplaintCause, ComplaintSent, Grievance
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import Fault, Refused
from hub.domain.masks import card_last4
from hub.domain.plain import Plain
from hub.services.negotiations import further_accounts, negotiation_log
from hub.services.negotiations.entries import entry, spoken_time
from hub.services.negotiations.locking import lock_for_client
from hub.services.transaction import HubTransaction
from storage.communications import Entry
from storage.records import NegotiationRecord
from storage.submissions import submission_of


def prepared(tx: HubTransaction, negotiation: NegotiationRecord, view: Plain) -> Complaint:
    """The complaint by all that is on record now; `view` is the negotiation as its person is shown it."""
    agreement, submission = view["agreement"], submission_of(tx, negotiation)
    return Complaint(
        bank_name_zh=view["bank"]["name_zh"],
        cardholder_name=submission.applicant.name,
        cards=tuple(card_last4(each) for each in further_accounts.cards_of(tx, negotiation)),
        contracts=submission.contract_ends,
        reference=negotiation.reference,
        agreement_number="" if agreement is None else agreement["number"],
        opened_at=negotiation.opened_at,
        grievances=tuple(grievances_in(view, now=tx.now)),
        at=tx.now,
        entries=negotiation.log_length,
        digest=negotiation.log_head,
    )


def grievances_in(view: Plain, *, now: datetime) -> Iterator[Grievance]:
    """What of the negotiation was not done in time, oldest first a kind; `view` as its person is shown it."""
    for clock in view["clocks"]:
        if clock["breached"]:
            yield _grievance(ComplaintCause.NO_ANSWER, clock["opened_at"], clock["due_at"], clock["answered_at"])
    for report in view["collection_reports"]:
        how = labels.COLLECTION_CHANNELS[report["channel"]]
        at = spoken_time(datetime.fromisoformat(report["at"]))
        yield _grievance(
            ComplaintCause.COLLECTED,
            report["reported_at"],
            report["due_at"],
            report["answered_at"],
            f"{how}，{at}，{report['caller'] or '未说明对方'}",
        )
    for note in view["credit_notes"]:
        if note["late"]:
            what = labels.CREDIT_NOTES[note["kind"]]
            yield _grievance(
                ComplaintCause.NO_CREDIT_ANSWER, note["asked_at"], note["due_at"], note["answered_at"], what
            )
    clearance = (view["agreement"] or {}).get("clearance")
    if clearance is not None and _is_late(clearance["due_at"], clearance["issued_at"], now):
        began_at = clearance["asked_at"] or clearance["due_at"]
        yield _grievance(ComplaintCause.NO_CLEARANCE, began_at, clearance["due_at"], clearance["issued_at"])


def _is_late(due_at: str, done_at: str | None, now: datetime) -> bool:
    done = now if done_at is None else datetime.fromisoformat(done_at)
    return done > datetime.fromisoformat(due_at)


def _grievance(
    cause: ComplaintCause, began_at: str, due_at: str, answered_at: str | None, detail: str = ""
) -> Grievance:
    return Grievance(
        cause=cause,
        began_at=datetime.fromisoformat(began_at),
        due_at=datetime.fromisoformat(due_at),
        answered_at=None if answered_at is None else datetime.fromisoformat(answered_at),
        detail=detail,
    )


def note_sent(tx: HubTransaction, negotiation_id: str, sent: ComplaintSent, *, client_id: str) -> Entry:
    """That the person complained is in the log, with when and how; the hub itself sends nothing.

    Raises `Refused` for a day after today, or before the application.
    """
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    earliest, latest = china_day(negotiation.opened_at), china_day(tx.now)
    if not earliest <= sent.sent_on <= latest:
        raise Refused(Fault("/sent_on", "day_range", {"earliest": earliest.isoformat(), "latest": latest.isoformat()}))
    words = entry(
        EntryKind.COMPLAINT_SENT,
        tx.actor,
        day=sent.sent_on.isoformat(),
        channel=labels.COMPLAINT_CHANNELS[sent.channel],
        text=sent.text,
    )
    return negotiation_log.note(tx, negotiation, words)
