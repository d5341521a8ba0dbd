"""Early settlement of an agreement in force: asked for with a day, quoted by the bank, signed, and paid at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

from hub.domain import early_settlement
from hub.domain.actor import Party
from hub.domain.agreement_end import AgreementStatus
from hub.domain.amendment import AmendmentEvent, AmendmentKind, AmendmentStatus
from hub.domain.amounts import yuan
from hub.domain.china import china_day, china_instant
from hub.domain.early_settlement import EarlySettlementRequest, OpenRow, SettlementQuote
from hub.domain.errors import Fault, Refused, StatusConflict
from hub.domain.loan_wording import for_loan
from hub.domain.payments import PaymentRow, next_open
from hub.domain.plain import from_plain
from hub.domain.repayment import ScheduleRow
from hub.domain.terms import Kind
from hub.services.agreements import agreement_ends, amendment_steps
from hub.services.agreements.agreement_views import payment_rows
from hub.services.agreements.amendment_views import settle_on_of
from hub.services.agreements.finding import agreement_in_force
from hub.services.agreements.signed_contents import contents_signed, digest_signed, is_over_loans
from hub.services.negotiations.entries import spoken_time
from hub.services.negotiations.locking import lock_for_bank, lock_for_client
from hub.services.transaction import HubTransaction
from storage import agreements, amendments
from storage.records import AgreementRecord, AmendmentRecord, NegotiationRecord


def ask(tx: HubTransaction, negotiation_id: str, request: EarlySettlementRequest, *, client_id: str) -> AgreementRecord:
    """The person's request waits for the bank, which is told.

    Raises `Refused` for a day that is not within thirty days from tomorrow, and `AgreementConflict`
    `amendment_open`, `nothing_open` and `not_for_this_agreement`.
    """
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    agreement = agreement_in_force(tx, negotiation, "early_settlement")
    amendment_steps.require_askable(tx, agreement, except_for=frozenset({Kind.LOWER_MINIMUM}))
    faults = early_settlement.day_faults(request.settle_on, today=china_day(tx.now))
    if faults:
        raise Refused(*faults)
    record = amendments.add(
        tx,
        agreement,
        kind=AmendmentKind.EARLY_SETTLEMENT,
        by=Party.CARDHOLDER,
        asked={"settle_on": request.settle_on.isoformat(), "text": request.text},
        lapses_at=china_instant(request.settle_on, time()),
    )
    amendment_steps.asked(tx, negotiation, record, text=request.text)
    return agreement


def open_rows_of(tx: HubTransaction, agreement: AgreementRecord, rows: Sequence[PaymentRow]) -> list[OpenRow]:
    """What is still open of each row, by its parts."""
    schedule = agreements.contents_of(tx, agreement)["schedule"]["rows"]
    return early_settlement.open_rows(rows, from_plain(tuple[ScheduleRow, ...], schedule))


def quote(
    tx: HubTransaction, negotiation_id: str, amendment_id: str, quoted: SettlementQuote, *, bank_code: str
) -> AgreementRecord:
    """The bank's figures wait for the person, who is told.

    Raises `Refused` with the place of what cannot be asked, and `StatusConflict` where it is not the bank's turn.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    agreement = agreement_in_force(tx, negotiation, "quote")
    record = amendments.get(tx, negotiation.id, amendment_id, AmendmentKind.EARLY_SETTLEMENT)
    if record.status != AmendmentStatus.WITH_BANK:
        raise StatusConflict(record.status, AmendmentEvent.QUOTED)
    rows = payment_rows(tx, agreement)
    settle_on = settle_on_of(tx, record)
    if settle_on <= china_day(tx.now):
        raise StatusConflict(AmendmentStatus.LAPSED, AmendmentEvent.QUOTED)
    opened = open_rows_of(tx, agreement, rows)
    clauses = contents_signed(tx, agreement).clauses
    faults = early_settlement.quote_faults(
        quoted.figures,
        opened,
        settle_on=settle_on,
        may_charge_fee=clauses is not None and clauses.early_repayment_fee,
    )
    ends = china_instant(settle_on + timedelta(days=1), time())
    if not tx.now < quoted.valid_until <= ends:
        faults.append(Fault("/valid_until", "quote_valid_until", {"settle_on": settle_on.isoformat()}))
    if faults:
        raise Refused(*faults)
    contents = early_settlement.contents_of(
        rows,
        quoted.figures,
        settle_on=settle_on,
        grace_days=tx.bank(bank_code).rules.grace_days,
        agreement_number=agreement.number,
        agreement_digest=digest_signed(tx, agreement),
    )
    if is_over_loans(tx, agreement):
        contents = replace(contents, text_zh=for_loan(contents.text_zh))
    amendments.set_contents(tx, record, contents)
    amendments.set_answer(tx, record, {"text": ""})
    record.valid_until = record.lapses_at = quoted.valid_until
    answer = _spoken(quoted)
    amendment_steps.answered(tx, negotiation, record, AmendmentEvent.QUOTED, answer)
    return agreement


def _spoken(quoted: SettlementQuote) -> str:
    figures = quoted.figures
    parts = (
        f"共 {yuan(figures.total_fen)} 元",
        f"本金 {yuan(figures.principal_fen)} 元",
        f"利息 {yuan(figures.interest_fen)} 元",
        f"费用 {yuan(figures.fee_fen)} 元",
        f"有效期至 {spoken_time(quoted.valid_until)}",
    )
    return "，".join(parts) + "。"


def sign(tx: HubTransaction, negotiation: NegotiationRecord, record: AmendmentRecord) -> None:
    """The quote counts: one row until its day, and a few days of grace behind it."""
    contents = amendments.contents_of(tx, record)
    if contents is not None:
        record.lapses_at = china_instant(early_settlement.fails_on(contents), time())
    amendment_steps.signed(tx, negotiation, record, AmendmentEvent.SIGNED)


def after_payment(tx: HubTransaction, negotiation: NegotiationRecord, agreement: AgreementRecord) -> None:
    """What follows from money that came: a quote is outdated, a signed settlement that is paid settles the agreement.

    The negotiation's row must be locked.
    """
    record = amendments.find_open(tx, agreement.id)
    if record is None or agreement.status != AgreementStatus.IN_FORCE:
        return
    if record.status == AmendmentStatus.QUOTED:
        amendment_steps.outdated(tx, negotiation, record)
    elif record.status == AmendmentStatus.AWAITING_PAYMENT and next_open(payment_rows(tx, agreement)) is None:
        agreement_ends.settle_when_paid(tx, negotiation, agreement)
