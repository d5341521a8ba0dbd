"""Correspondence: messages either way, records of calls, and answers to a bank's request for papers."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from hub.domain.actor import HUB
from hub.domain.agreement_end import AgreementStatus
from hub.domain.application import Consent, EvidenceReference
from hub.domain.china import CHINA, china_day, spoken_moment
from hub.domain.correspondence import CallRecord, CardholderMessage, Direction
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import Fault, Refused, StatusConflict
from hub.domain.evidence import MEDICAL_KINDS, EvidenceKind, EvidenceStatus
from hub.domain.lifecycle import OPEN, Event, Status
from hub.services.consents import ledger
from hub.services.delivery import queueing
from hub.services.negotiations import answer_clocks, negotiation_log
from hub.services.negotiations.entries import entry, evidence_attachment, spoken
from hub.services.negotiations.locking import lock_for_bank, lock_for_client
from hub.services.notifications import notifications
from hub.services.transaction import HubTransaction
from storage import (
    agreements,
    communications,
    consents,
    evidence,
    evidence_requests,
    given_evidence,
    negotiation_locks,
)
from storage.given_evidence import WITH_A_MESSAGE
from storage.records import EvidenceRecord, EvidenceRequestRecord, NegotiationRecord

# Within these hours of China a bank may call.
_BY_DAY = (time(8), time(22))
# How far the clock of whoever tells a time may be ahead of the hub's.
AHEAD = timedelta(minutes=5)
# What is longer ago has a wrong year: nobody keeps a recording or a statement for so long.
BEHIND = timedelta(days=3653)

Files = list[tuple[EvidenceRecord, EvidenceKind]]


def may_write(tx: HubTransaction, negotiation: NegotiationRecord) -> bool:
    """Whether both sides can write: while anything can still happen, and while an agreement is in force.

    One that the bank ended for default is objected to until its end counts.
    """
    if negotiation.status != Status.AGREED:
        return negotiation.status in OPEN
    agreement = agreements.find_agreement(tx, negotiation.id)
    if agreement is None:
        return False
    counts_from = agreement.end_effective_at
    return agreement.status == AgreementStatus.IN_FORCE or (counts_from is not None and tx.now < counts_from)


def _require_open(tx: HubTransaction, negotiation: NegotiationRecord, action: str) -> None:
    if not may_write(tx, negotiation):
        raise StatusConflict(negotiation.status, action)


def take_files(
    tx: HubTransaction,
    negotiation: NegotiationRecord,
    named: Sequence[EvidenceReference],
    given: Sequence[Consent] = (),
    *,
    client_id: str,
) -> Files:
    """The named files belong to the negotiation now, under the consents `given` with them or before.

    Raises `Refused` for one that must not: it is unknown, was given before, or lacks a consent that it needs.
    """
    records = evidence.lock_of_client(tx, [each.id for each in named], client_id=client_id)
    faults = [
        Fault(f"/evidence/{index}/id", "evidence_unknown") for index, each in enumerate(named) if each.id not in records
    ]
    given_before = {record.id for _, record in given_evidence.list_given(tx, negotiation)}
    faults += [
        Fault(f"/evidence/{index}/id", "evidence_listed_twice")
        for index, each in enumerate(named)
        if each.id in given_before
    ]
    withheld = consents.withheld_of(tx, negotiation)
    faults += [
        Fault(f"/evidence/{index}/kind", "consent_withdrawn")
        for index, each in enumerate(named)
        if withheld.everything or (each.kind not in MEDICAL_KINDS and withheld.holds(each.id, each.kind))
    ]
    if not withheld.everything:
        faults += ledger.later_faults(tx, negotiation, named, given)
    if faults:
        raise Refused(*faults)
    files = [(records[each.id], each.kind) for each in named]
    given_evidence.give(tx, [(negotiation.id, negotiation.bank_code, WITH_A_MESSAGE)], files)
    ledger.note_later(tx, negotiation, [(record.id, kind) for record, kind in files], given)
    return files


def write_to_bank(
    tx: HubTransaction,
    negotiation_id: str,
    message: CardholderMessage,
    *,
    client_id: str,
) -> communications.Entry:
    """The cardholder's words and files are in the log and on their way to the bank, and answer its open request.

    An answer waits while a file is still being checked. Raises `StatusConflict` once neither the negotiation is open
    nor an agreement in force.
    """
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    _require_open(tx, negotiation, "message")
    files = take_files(tx, negotiation, message.evidence, message.consents, client_id=client_id)
    attachments = [evidence_attachment(record) for record, _ in files]
    written = negotiation_log.note(tx, negotiation, spoken(EntryKind.MESSAGE, tx.actor, message.text, attachments))
    request = evidence_requests.find_open(tx, negotiation.id)
    if negotiation.status == Status.AWAITING_CARDHOLDER and request is not None:
        if files:
            request.answer_waits = True
            tx.session.flush()
            settle_waiting_answer(tx, negotiation)
        elif message.answers:
            # Words alone have no verdict to wait for, whatever becomes of the files of an earlier message.
            _answer(tx, negotiation, request)
    if negotiation.reached_bank_at is not None:
        queueing.queue_entry(tx, negotiation, written, evidence=[each.id for each in message.evidence])
    return written


def settle_waiting_answer(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """An answer whose files all have their verdict is given; one whose files were all rejected waits no longer."""
    request = evidence_requests.find_open(tx, negotiation.id)
    if request is None or not request.answer_waits or negotiation.status != Status.AWAITING_CARDHOLDER:
        return
    since = [
        record.status
        for given, record in given_evidence.list_given(tx, negotiation)
        # A recording that the bank gave meanwhile is no answer of the person.
        if record.client_id == negotiation.client_id
        and given.version == WITH_A_MESSAGE
        and given.given_at >= request.asked_at
    ]
    if EvidenceStatus.CHECKING in since:
        return
    if EvidenceStatus.CLEAN not in since:
        request.answer_waits = False
        words = "补充的文件打不开，请重新上传。"
        negotiation_log.note(tx, negotiation, spoken(EntryKind.EVIDENCE_REJECTED, HUB, words))
        notifications.files_unreadable(tx, negotiation, request)
        return
    _answer(tx, negotiation, request)


def _answer(tx: HubTransaction, negotiation: NegotiationRecord, request: EvidenceRequestRecord) -> None:
    request.answer_waits = False
    request.answered_at = tx.now
    negotiation_log.apply_event(tx, negotiation, Event.ANSWERED, entry(EntryKind.ANSWERED, tx.actor))
    answer_clocks.resume(tx, negotiation, on=china_day(tx.now))


def lapse_request(tx: HubTransaction, negotiation_id: str) -> None:
    """A request whose time is over is closed, and the bank goes on without the papers."""
    negotiation = negotiation_locks.lock(tx, negotiation_id)
    request = evidence_requests.find_open(tx, negotiation_id)
    # An answer that was given in time waits for the verdict over its files, not the other way round.
    if request is None or request.due_at >= tx.now or request.answer_waits:
        return
    request.lapsed_at = tx.now
    if negotiation.status == Status.AWAITING_CARDHOLDER:
        negotiation_log.apply_event(tx, negotiation, Event.NOT_ANSWERED, entry(EntryKind.NOT_ANSWERED, HUB))
        # However late this is seen, the bank was kept waiting until the request was due and no longer.
        answer_clocks.resume(tx, negotiation, on=china_day(request.due_at))


def write_to_cardholder(tx: HubTransaction, negotiation_id: str, text: str, *, bank_code: str) -> communications.Entry:
    """The bank's words are in the log; raises `StatusConflict` once nothing is open or in force any more."""
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    _require_open(tx, negotiation, "message")
    written = negotiation_log.note(tx, negotiation, spoken(EntryKind.MESSAGE, tx.actor, text))
    notifications.written(tx, negotiation, written.header.sequence)
    return written


def require_past(tx: HubTransaction, at: datetime) -> None:
    """Nothing, or `Refused` for a time that has not come, or that nobody can mean any more.

    Another machine's clock may be a little ahead.
    """
    if at > tx.now + AHEAD:
        raise Refused(Fault("/at", "time_in_future"))
    if at < tx.now - BEHIND:
        raise Refused(Fault("/at", "date_too_long_ago"))


def _call_text(call: CallRecord) -> str:
    lines = [f"通话时间：{spoken_moment(call.at)}"]
    if call.direction is not None:
        lines.append("方向：" + ("银行拨出" if call.direction is Direction.OUTBOUND else "持卡人来电"))
    if call.direction is Direction.OUTBOUND and not _BY_DAY[0] <= call.at.astimezone(CHINA).time() < _BY_DAY[1]:
        lines.append("提示：通话时间在 22:00 至次日 08:00 之间。")
    if call.recording_reference:
        lines.append(f"录音编号：{call.recording_reference}")
    return "\n".join([*lines, call.text])


def log_own_call(
    tx: HubTransaction,
    negotiation_id: str,
    call: CallRecord,
    file: EvidenceReference | None,
    *,
    client_id: str,
) -> communications.Entry:
    """The cardholder's record of a call or a screenshot is in the log, seen by the bank too."""
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    require_past(tx, call.at)
    files = [] if file is None else take_files(tx, negotiation, [file], client_id=client_id)
    attachments = [evidence_attachment(record) for record, _ in files]
    return negotiation_log.note(tx, negotiation, spoken(EntryKind.CALL_RECORD, tx.actor, _call_text(call), attachments))


def log_call(
    tx: HubTransaction,
    negotiation: NegotiationRecord,
    call: CallRecord,
    recording: tuple[EvidenceRecord, str] | None,
) -> communications.Entry:
    """The bank's record of a call is in the log, with its recording where there is one. The row must be locked."""
    require_past(tx, call.at)
    attachments = []
    if recording is not None:
        given_evidence.give(tx, [(negotiation.id, negotiation.bank_code, WITH_A_MESSAGE)], [recording])
        attachments = [evidence_attachment(recording[0])]
    return negotiation_log.note(tx, negotiation, spoken(EntryKind.CALL, tx.actor, _call_text(call), attachments))
