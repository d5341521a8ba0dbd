"""Tasks end by themselves when what they are about is over; messages that fail for too long become one."""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Final

from hub.domain.actor import HUB
from hub.domain.instalment_request import InstalmentStatus
from hub.domain.lifecycle import BANKS_TURN, Status
from hub.domain.offer import OfferStatus
from hub.domain.operator_task import TaskKind
from hub.services.agreements.agreement_views import missing_holds
from hub.services.evidence import judging
from hub.services.negotiations import approvals
from hub.services.negotiations.entries import spoken_time
from hub.services.operating import operator_tasks
from hub.services.transaction import HubTransaction, Transactions
from storage import bank_lines, clearances, client_notices, deliveries, log_heads, operations, scrubbing, tasks
from storage.records import (
    AgreementRecord,
    CollectionReportRecord,
    NegotiationRecord,
    OfferRecord,
    OperatorTaskRecord,
    ServiceRequestRecord,
)

_SIGNABLE: Final = frozenset({InstalmentStatus.QUOTED, InstalmentStatus.AWAITING_PAYMENT})
# Messages to a bank that have failed for so long are an operator's to look into.
HELD_UP_AFTER = timedelta(hours=1)


def look(transactions: Transactions) -> None:
    """A task whose cause is over is done; a bank whose messages have failed for an hour is a task."""
    with transactions.reading(HUB) as tx:
        failing = operations.failing_since(tx)
        over = [record.id for record in tasks.records_open(tx) if _is_over(tx, record, failing)]
        late = {code: each for code, each in failing.items() if each.since <= tx.now - HELD_UP_AFTER}
    if not over and not late:
        return
    with transactions.writing(HUB) as tx:
        for task_id in over:
            tasks.finish(tx, task_id, by=tasks.BY_ITSELF)
        for code, each in late.items():
            operator_tasks.held_up(tx, code, messages=each.messages, since=spoken_time(each.since))


def _is_over(tx: HubTransaction, record: OperatorTaskRecord, failing: Collection[str]) -> bool:
    """`failing`: the codes of the banks at which messages fail."""
    kind = TaskKind(record.kind) if record.kind in set(TaskKind) else None
    if kind is TaskKind.HELD_UP:
        return record.bank_code not in failing
    is_over = None if kind is None else OVER.get(kind)
    return is_over is not None and is_over(tx, record)


def _nothing_given_up(tx: HubTransaction, record: OperatorTaskRecord) -> bool:
    request_id = record.params.get("request_id")
    if request_id is not None:
        return not deliveries.list_undeliverable_of_request(tx, str(request_id))
    return record.negotiation_id is not None and not deliveries.list_undeliverable(tx, record.negotiation_id)


def _line_is_well(tx: HubTransaction, record: OperatorTaskRecord) -> bool:
    return record.bank_code is not None and bank_lines.failures_of(tx, record.bank_code) == 0


def _collected_again(tx: HubTransaction, record: OperatorTaskRecord) -> bool:
    return record.bank_code is not None and bank_lines.collect_failures_of(tx, record.bank_code) == 0


def _known_again(tx: HubTransaction, record: OperatorTaskRecord) -> bool:
    return _line_is_well(tx, record) and _collected_again(tx, record)


def _has_spoken(tx: HubTransaction, record: OperatorTaskRecord) -> bool:
    return _status(tx, record) != Status.AWAITING_BANK


def _has_answered(tx: HubTransaction, record: OperatorTaskRecord) -> bool:
    return _status(tx, record) not in BANKS_TURN


def _status(tx: HubTransaction, record: OperatorTaskRecord) -> str | None:
    negotiation = tx.session.get(NegotiationRecord, record.negotiation_id or "")
    return None if negotiation is None else negotiation.status


def _can_be_reviewed(tx: HubTransaction, record: OperatorTaskRecord) -> bool:
    offer = tx.session.get(OfferRecord, str(record.params.get("offer_id", "")))
    if offer is None or offer.status != OfferStatus.AWAITING_APPROVAL:
        return True
    return not approvals.missing_roles(tx, offer)


def _cannot_be_signed(tx: HubTransaction, record: OperatorTaskRecord) -> bool:
    request_id = record.params.get("request_id")
    if request_id is not None:
        request = tx.session.get(ServiceRequestRecord, str(request_id))
        return request is None or request.status not in _SIGNABLE
    offer = tx.session.get(OfferRecord, str(record.params.get("offer", "")))
    # One that was signed is left to a person: whoever guessed may have signed it.
    return offer is None or offer.status not in (OfferStatus.OPEN, OfferStatus.ACCEPTED)


def _is_answered(tx: HubTransaction, record: OperatorTaskRecord) -> bool:
    report = tx.session.get(CollectionReportRecord, record.key.partition(":")[2])
    return report is None or report.answered_at is not None


def _is_gone(tx: HubTransaction, record: OperatorTaskRecord) -> bool:
    # One that is whole again the scrub finds.
    return scrubbing.owner_of(tx, str(record.params.get("name", ""))) is None


def _all_stopped(tx: HubTransaction, record: OperatorTaskRecord) -> bool:
    agreement = tx.session.get(AgreementRecord, str(record.params.get("agreement_id", "")))
    return agreement is None or not missing_holds(tx, agreement)


def _is_issued(tx: HubTransaction, record: OperatorTaskRecord) -> bool:
    clearance = clearances.find(tx, str(record.params.get("agreement", "")))
    return clearance is None or clearance.issued_at is not None


def _all_judged(tx: HubTransaction, record: OperatorTaskRecord) -> bool:  # noqa: ARG001 - as the others
    return judging.waiting(tx).longest_s < judging.TOO_LONG.total_seconds()


def _client_was_notified(tx: HubTransaction, record: OperatorTaskRecord) -> bool:
    client_id = record.params.get("client_id")
    return client_id is not None and not client_notices.list_given_up(tx, client_id, limit=1)


def _all_signed(tx: HubTransaction, _record: OperatorTaskRecord) -> bool:
    return log_heads.uncovered_since(tx) is None


OVER: Mapping[TaskKind, Callable[[HubTransaction, OperatorTaskRecord], bool]] = {
    TaskKind.UNDELIVERABLE: _nothing_given_up,
    TaskKind.BOUNCED: _nothing_given_up,
    TaskKind.LINE_CLOSED: _line_is_well,
    TaskKind.NOT_COLLECTED: _collected_again,
    TaskKind.HOST_NOT_TRUSTED: _known_again,
    TaskKind.SILENT: _has_spoken,
    TaskKind.NOT_KNOWN_TO_BANK: _has_spoken,
    TaskKind.ANSWER_IN_DANGER: _has_answered,
    TaskKind.NO_REVIEWER: _can_be_reviewed,
    TaskKind.CODES_GUESSED: _cannot_be_signed,
    TaskKind.COLLECTED_ALTHOUGH_AGREED: _is_answered,
    TaskKind.FILE_DAMAGED: _is_gone,
    TaskKind.HOLD_NOT_CONFIRMED: _all_stopped,
    TaskKind.CLEARANCE_LATE: _is_issued,
    TaskKind.NOT_JUDGED: _all_judged,
    TaskKind.LOG_UNSIGNED: _all_signed,
    TaskKind.CLIENT_NOT_TOLD: _client_was_notified,
}
