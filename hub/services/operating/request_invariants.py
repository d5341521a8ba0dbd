"""What holds of every request beside a negotiation, and the check of its chain."""

import hashlib
from collections.abc import Iterator
from itertools import pairwise

from hub.domain import answer_time
from hub.domain.errors import EvidenceDamaged, InvalidValue, KeysUnusable
from hub.domain.log_chain import BreakReason, Broken, verify
from hub.domain.plain import canonical, instant
from hub.domain.request_kinds import rules_of
from hub.services.log_heads.verifying import break_under_heads
from hub.services.transaction import HubTransaction
from storage import communications, deliveries, request_clocks, request_files, service_requests
from storage.log_tables import OF_REQUESTS
from storage.records import ServiceRequestRecord
from storage.records.negotiations import NO_CLOCK
from storage.spans import WHOLE, Span

Fault = tuple[str, str, str]


def faults(tx: HubTransaction, span: Span = WHOLE) -> Iterator[Fault]:
    """(invariant, subject, detail) of all that does not hold of the requests whose ids are in `span`.

    The chain verifies, the status is where its log led by steps of its kind's table, the due time is a fresh
    computation's and no clock runs out of the bank's turn, what was sent is what was frozen, rows stay at one bank, and
    what was erased has no files.
    """
    for record in service_requests.iterate(tx, span):
        yield from _of_one(tx, record)
    for request_id in request_files.list_left(tx, span):
        yield "erased_is_gone", f"request_file {request_id}", "still there after the erasure"


def _of_one(tx: HubTransaction, record: ServiceRequestRecord) -> Iterator[Fault]:
    lines = communications.list_lines(tx, record.id, log=OF_REQUESTS)
    broken = verify_log(tx, record, lines)
    if broken is not None:
        yield "log_chain", record.reference, f"entry {broken.sequence} is broken ({broken.reason})"
    yield from _steps_hold(record, lines)
    yield from _clock_holds(tx, record)
    for delivery in deliveries.list_of_request(tx, record.id):
        if delivery.bank_code != record.bank_code:
            yield "one_bank", f"delivery {delivery.id}", "belongs to another bank than its parent"
        try:
            digest = hashlib.sha256(canonical(deliveries.body_of(tx, delivery))).hexdigest()
        except (EvidenceDamaged, KeysUnusable):
            digest = "unreadable"
        if digest != delivery.sha256:
            yield "one_content", delivery.id, "not the content that was frozen"


def verify_log(tx: HubTransaction, record: ServiceRequestRecord, lines: list[dict[str, object]]) -> Broken | None:
    """The first entry that does not hold: by itself, by the end that the row names, or by signed heads."""
    broken = verify(lines)
    if broken is not None:
        return broken
    if len(lines) != record.log_length or (lines and lines[-1]["digest"] != record.log_head):
        return Broken(sequence=min(len(lines), record.log_length) + 1, reason=BreakReason.HEAD)
    return break_under_heads(tx, record, lines)


def _steps_hold(record: ServiceRequestRecord, lines: list[dict[str, object]]) -> Iterator[Fault]:
    rules = rules_of(record.kind)
    changes = [each for each in lines if each.get("to") is not None]
    last = changes[-1]["to"] if changes else None
    if last != record.status:
        yield "status_is_logged", record.reference, f"stands at {record.status}, the log at {last}"
    if changes and (changes[0].get("from"), changes[0]["to"]) != (None, rules.first):
        yield "status_is_logged", record.reference, "its log does not begin where its kind does"
    for before, after in pairwise(changes):
        came_from, event = str(after.get("from")), str(after.get("event"))
        is_step = came_from == before["to"] and rules.leads_to(came_from, event) == after["to"]
        if not is_step:
            yield "status_is_logged", record.reference, f"entry {after['sequence']} is no step of its kind"
    if rules.is_over(record.status) != (record.closed_at is not None):
        yield "status_is_logged", record.reference, "is closed otherwise than its status says"


def _clock_holds(tx: HubTransaction, record: ServiceRequestRecord) -> Iterator[Fault]:
    if not request_clocks.is_running(record):
        if record.due_at != NO_CLOCK:
            yield "due_time", record.reference, "no clock runs, and it is due"
        return
    if not rules_of(record.kind).is_banks_turn(record.status):
        yield "one_clock", record.reference, "a clock runs although it is not the bank's turn"
    calendar = tx.calendar()
    try:
        turn = request_clocks.answer_time_of(record)
        due = None if turn is None else answer_time.due_at(turn, calendar)
    except InvalidValue as error:
        yield "due_time", record.reference, f"cannot be computed: {error}"
        return
    if due is not None and due != record.due_at:
        yield "due_time", record.reference, f"due {instant(record.due_at)}, computed {instant(due)}"
