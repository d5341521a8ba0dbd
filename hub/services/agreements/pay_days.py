"""Another pay day of an agreement in force: asked for by either side, agreed by both, and the rows ahead move."""

from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from hub.domain import pay_day
from hub.domain.actor import Party
from hub.domain.amendment import AmendmentContents, AmendmentEvent, AmendmentKind, AmendmentStatus
from hub.domain.china import china_day
from hub.domain.errors import AgreementConflict, StatusConflict
from hub.domain.pay_day import PayDayRequest
from hub.domain.terms import MAX_YEARS, Kind
from hub.services.agreements import amendment_steps
from hub.services.agreements.agreement_views import payment_rows
from hub.services.agreements.finding import agreement_in_force
from hub.services.agreements.signed_contents import digest_signed
from hub.services.negotiations.locking import lock_for_bank, lock_for_client
from hub.services.transaction import HubTransaction
from storage import amendments
from storage.records import AgreementRecord, AmendmentRecord, NegotiationRecord

# One payment is no day of the month, and a card's own bill has its own.
_EXCEPT_FOR = frozenset({Kind.SETTLEMENT, Kind.DEFERRAL, Kind.LOWER_MINIMUM})


def ask(tx: HubTransaction, negotiation_id: str, request: PayDayRequest, *, client_id: str) -> AgreementRecord:
    """The person's request waits for the bank, with the rows as they would move; the bank is told.

    Raises `Refused` (`pay_day_same`, `pay_day_beyond_five_years`) and `AgreementConflict` (`amendment_open`,
    `nothing_open`, `nothing_to_move`, `not_for_this_agreement`).
    """
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    agreement = agreement_in_force(tx, negotiation, "pay_day")
    record = _added(tx, agreement, request, by=Party.CARDHOLDER)
    amendment_steps.asked(tx, negotiation, record, text=request.text)
    return agreement


def propose(tx: HubTransaction, negotiation_id: str, request: PayDayRequest, *, bank_code: str) -> AgreementRecord:
    """The bank's proposal waits for the person, who is told; raises what `ask` raises."""
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    agreement = agreement_in_force(tx, negotiation, "pay_day")
    record = _added(tx, agreement, request, by=Party.BANK)
    amendment_steps.asked(tx, negotiation, record, text=request.text)
    _wait_for_person(tx, negotiation, record, request.text)
    return agreement


def _added(tx: HubTransaction, agreement: AgreementRecord, request: PayDayRequest, *, by: Party) -> AmendmentRecord:
    amendment_steps.require_askable(tx, agreement, except_for=_EXCEPT_FOR)
    contents = contents_now(tx, agreement, request.day)
    asked = {"day": request.day, "text": request.text}
    record = amendments.add(tx, agreement, kind=AmendmentKind.PAY_DAY, by=by, asked=asked, lapses_at=None)
    amendments.set_contents(tx, record, contents)
    return record


def contents_now(tx: HubTransaction, agreement: AgreementRecord, day: int) -> AmendmentContents:
    """What would be signed now for that day; raises `AgreementConflict` `nothing_to_move`, and `Refused`."""
    rows = payment_rows(tx, agreement)
    today = china_day(tx.now)
    if not pay_day.rows_to_move(rows, today=today):
        raise AgreementConflict("nothing_to_move", agreement.status)
    return pay_day.contents_of(
        rows,
        pay_day.moved_days(rows, day, today=today, latest=_latest(agreement.signed_at)),
        day=day,
        agreement_number=agreement.number,
        agreement_digest=digest_signed(tx, agreement),
    )


def _latest(signed_at: datetime) -> date:
    return china_day(signed_at) + relativedelta(years=MAX_YEARS)


def agree(tx: HubTransaction, negotiation_id: str, amendment_id: str, *, bank_code: str) -> AgreementRecord:
    """The day is agreed, or, where time or money changed the rows meanwhile, waits for the person with those of now.

    Raises `StatusConflict` where it is not the bank's turn, and what `ask` raises of the day.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    agreement = agreement_in_force(tx, negotiation, "pay_day")
    record = amendments.get(tx, negotiation.id, amendment_id, AmendmentKind.PAY_DAY)
    if record.status != AmendmentStatus.WITH_BANK:
        raise StatusConflict(record.status, AmendmentEvent.AGREED)
    if refreshed(tx, agreement, record):
        _wait_for_person(tx, negotiation, record, "")
    else:
        record.answered_at = tx.now
        amendment_steps.signed(tx, negotiation, record, AmendmentEvent.AGREED)
    return agreement


def refreshed(tx: HubTransaction, agreement: AgreementRecord, record: AmendmentRecord) -> bool:
    """Whether the rows are others than those that were shown; then those of now are kept to be shown."""
    contents = contents_now(tx, agreement, amendments.asked_of(tx, record)["day"])
    if contents == amendments.contents_of(tx, record):
        return False
    amendments.set_contents(tx, record, contents)
    return True


def _wait_for_person(tx: HubTransaction, negotiation: NegotiationRecord, record: AmendmentRecord, text: str) -> None:
    amendments.set_answer(tx, record, {"text": text})
    record.valid_until = record.lapses_at = tx.now + timedelta(days=tx.bank(record.bank_code).rules.offer_days)
    contents = amendments.contents_of(tx, record)
    first, count = (contents.after[0], len(contents.after)) if contents else (None, 0)
    answer = f"共 {count} 期改日，第一个新的还款日是 {first.due_on.isoformat() if first else ''}，等待持卡人确认。"
    amendment_steps.answered(tx, negotiation, record, AmendmentEvent.PROPOSED, answer)
