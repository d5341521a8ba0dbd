"""Why an answer was late: a supervisor says it, once or again, and the audit has it."""

from hub.domain.answers import ExplainedBreach, Outcome
from hub.domain.errors import NotFound
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import negotiations
from storage.records import ClockRecord


def late_clock(tx: HubTransaction, clock_id: str, *, bank_code: str) -> ClockRecord:
    """The bank's turn of that id that came out late; raises `NotFound` for every other one."""
    clock = tx.session.get(ClockRecord, clock_id)
    if clock is None or clock.bank_code != bank_code or clock.outcome != Outcome.LATE:
        raise NotFound
    return clock


def explain(tx: HubTransaction, clock_id: str, explained: ExplainedBreach, *, bank_code: str) -> None:
    """The cause of the late answer is on record; a later word takes the place of an earlier one.

    Raises `NotFound` as `late_clock`.
    """
    clock = late_clock(tx, clock_id, bank_code=bank_code)
    before = clock.cause
    clock.cause, clock.cause_by, clock.cause_at = explained.cause, str(tx.actor), tx.now
    clock.cause_sealed = tx.keyring.seal(explained.text, table="clock", column="cause", row=clock.id)
    negotiation = negotiations.get_of_bank(tx, clock.negotiation_id, bank_code=bank_code)
    kind, about = AuditKind.BREACH_EXPLAINED, negotiation.reference
    audit.note(tx, kind, about, bank_code=bank_code, cause=explained.cause, before=before)


def words_of(tx: HubTransaction, clock: ClockRecord) -> str:
    """What was said beside the cause; empty where nothing was."""
    if clock.cause_sealed is None:
        return ""
    return tx.keyring.open_text(clock.cause_sealed, table="clock", column="cause", row=clock.id)
