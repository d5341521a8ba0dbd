"""Sending again what is stuck: messages to banks, mails, and background work; each is on record in the audit."""

from hub.domain.actor import Actor
from hub.domain.errors import NotFound
from hub.jobs.port import JobDesk
from hub.services.delivery.delivery_jobs import job_of
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.reading.operator.jobs import references_of_jobs
from hub.services.transaction import HubTransaction, Transactions
from storage import bank_lines, mails, negotiations, operations, service_requests


def try_now(tx: HubTransaction, delivery_id: str) -> bool:
    """The next attempt of a waiting message is made now; False where the message does not wait any more."""
    record = operations.try_now(tx, delivery_id)
    if record is None:
        return False
    bank_lines.open_again(tx, record.bank_code)
    tx.jobs.enqueue(tx.session, job_of(tx, record))
    about = operations.references_of_deliveries(tx, [record.id])[record.id]
    audit.note(tx, AuditKind.DELIVERY_TRIED_NOW, about, message=record.kind)
    return True


def try_all_now(tx: HubTransaction, reference: str) -> int:
    """The next attempt of each waiting message about that reference is made now; gives how many. Raises `NotFound`."""
    if negotiations.find_negotiation(tx, reference) is None and not service_requests.find_by_reference(tx, reference):
        raise NotFound
    return sum(try_now(tx, record.id) for record in operations.waiting_of(tx, reference))


def send_mail_again(tx: HubTransaction, mail_id: str) -> bool:
    """A mail that was refused for good waits to be sent again; False where it is no such mail any more."""
    mail = mails.send_again(tx, mail_id)
    if mail is None:
        return False
    audit.note(tx, AuditKind.MAIL_SENT_AGAIN, _reference_of(tx, mail.negotiation_id), mail=mail.kind)
    return True


def send_job_again(transactions: Transactions, desk: JobDesk, key: str, actor: Actor) -> None:
    """The dead job waits in its queue again with all its attempts; raises `NotFound` where it is not dead.

    The desk's transaction is its own. The line of the audit is written before, so that no action goes without one.
    """
    dead = next((job for job in desk.list_dead() if job.key == key), None)
    if dead is None:
        raise NotFound
    with transactions.writing(actor) as tx:
        about = references_of_jobs(tx, [dead]).get(dead.argument, "")
        audit.note(tx, AuditKind.JOB_SENT_AGAIN, about, job=dead.name)
    desk.send_again(key)


def _reference_of(tx: HubTransaction, negotiation_id: str | None) -> str:
    """Empty for what is about no negotiation."""
    if negotiation_id is None:
        return ""
    return operations.references_of(tx, [negotiation_id])[negotiation_id]
