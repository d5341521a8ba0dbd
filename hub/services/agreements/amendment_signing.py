"""The person's answer to an amendment that waits for them, and the bank's no: signed with a code, declined, refused."""

from hub.domain.amendment import WITH_PERSON, AmendmentEvent, AmendmentKind
from hub.domain.errors import AgreementConflict, Fault, StatusConflict, WrongConfirmationCode
from hub.services.agreements import amendment_steps, confirmation_codes, early_settlements, pay_days
from hub.services.agreements.finding import agreement_in_force
from hub.services.codes import CodeMessage
from hub.services.negotiations.locking import lock_for_bank, lock_for_client
from hub.services.transaction import HubTransaction
from storage import amendments
from storage.records import AmendmentRecord, NegotiationRecord


def send_code(
    tx: HubTransaction, negotiation_id: str, amendment_id: str, kind: AmendmentKind, *, client_id: str
) -> CodeMessage:
    """A fresh code can sign the amendment for ten minutes; a pay day's rows are from then on those of now.

    Raises `StatusConflict`, `TooManyTries`, `ConfirmationStopped`.
    """
    negotiation, record = _waiting(tx, negotiation_id, amendment_id, kind, client_id=client_id)
    if kind is AmendmentKind.PAY_DAY:
        pay_days.refreshed(tx, agreement_in_force(tx, negotiation, "pay_day"), record)
    return confirmation_codes.send_for_amendment(tx, negotiation, record)


def _waiting(
    tx: HubTransaction, negotiation_id: str, amendment_id: str, kind: AmendmentKind, *, client_id: str
) -> tuple[NegotiationRecord, AmendmentRecord]:
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    record = amendments.get(tx, negotiation.id, amendment_id, kind)
    is_over = record.lapses_at is not None and record.lapses_at <= tx.now
    if record.status not in WITH_PERSON or is_over:
        raise StatusConflict("lapsed" if is_over else record.status, AmendmentEvent.SIGNED)
    return negotiation, record


def accept(
    tx: HubTransaction, negotiation_id: str, amendment_id: str, kind: AmendmentKind, code: str, *, client_id: str
) -> WrongConfirmationCode | None:
    """The amendment is signed and counts; None says so. Signing it twice changes nothing.

    A wrong code is given back as an error for the face to raise after the commit, because its try must count.
    Raises `StatusConflict`, `ConfirmationStopped`, and `AgreementConflict` `rows_changed` where time or money changed
    the rows since the code was sent.
    """
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    record = amendments.get(tx, negotiation.id, amendment_id, kind)
    if record.position is not None:
        return None
    negotiation, record = _waiting(tx, negotiation_id, amendment_id, kind, client_id=client_id)
    agreement = agreement_in_force(tx, negotiation, "amendment")
    if kind is AmendmentKind.PAY_DAY and pay_days.refreshed(tx, agreement, record):
        raise AgreementConflict("rows_changed", agreement.status)
    fault = confirmation_codes.use(tx, negotiation, record, code)
    if fault is not None:
        return WrongConfirmationCode(Fault("/confirmation_code", fault))
    if kind is AmendmentKind.EARLY_SETTLEMENT:
        early_settlements.sign(tx, negotiation, record)
    else:
        amendment_steps.signed(tx, negotiation, record, AmendmentEvent.SIGNED)
    return None


def end_by_person(
    tx: HubTransaction,
    negotiation_id: str,
    amendment_id: str,
    kind: AmendmentKind,
    event: AmendmentEvent,
    text: str,
    *,
    client_id: str,
) -> None:
    """The person takes the request back (`WITHDRAWN`) or says no to what the bank answered (`DECLINED`).

    The rows of before go on. Raises `StatusConflict` where the request does not stand so.
    """
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    record = amendments.get(tx, negotiation.id, amendment_id, kind)
    amendment_steps.ended_by_person(tx, negotiation, record, event, text)


def refuse(
    tx: HubTransaction, negotiation_id: str, amendment_id: str, kind: AmendmentKind, text: str, *, bank_code: str
) -> None:
    """The bank's no stands with its words; raises `StatusConflict` where it is not the bank's turn."""
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    record = amendments.get(tx, negotiation.id, amendment_id, kind)
    amendment_steps.refused(tx, negotiation, record, text)
