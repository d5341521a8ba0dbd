"""What a person reported of deductions, as their pages show it: with names, and what the creditor said."""

from dataclasses import dataclass
from datetime import datetime

from hub.documents.mandate_papers import DeductionStatement
from hub.domain.deduction import Deduction
from hub.services.accounts import subjects
from hub.services.accounts.cardholders import Cardholder
from hub.services.mandates import deductions, papers
from hub.services.reading.cardholder.bills import bank_names
from hub.services.transaction import HubTransaction
from storage import deductions as rows
from storage import mandates, request_clocks, service_requests
from storage.records import DeductionRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDeduction:
    """One report. `due_at`: until when the creditor answers; None where it is not here, or has not got it yet.

    `is_late`: that time is over. `is_local`: 地方金融管理局 watches over the creditor.
    """

    id: str
    deduction: Deduction
    creditor: str
    during_hold: bool
    is_sent: bool
    due_at: datetime | None
    is_late: bool
    is_local: bool
    answer: str


def list_own(tx: HubTransaction, cardholder: Cardholder, *, language: str) -> list[OwnDeduction]:
    """Everything that the person reported, the newest first."""
    found = deductions.list_for(tx, subjects.of_cardholder(tx, cardholder))
    return [_one(tx, each, language) for each in found]


def _one(tx: HubTransaction, record: DeductionRecord, language: str) -> OwnDeduction:
    request = deductions.request_of(tx, record)
    due_at = None if request is None else request_clocks.running_until(request)
    return OwnDeduction(
        id=record.id,
        deduction=rows.deduction_of(tx, record),
        creditor=_creditor(tx, record, language),
        during_hold=record.during_hold,
        is_sent=request is not None,
        due_at=due_at,
        is_late=due_at is not None and due_at < tx.now,
        is_local=request is not None and tx.bank(request.bank_code).standing.is_supervised_locally,
        answer="" if request is None else str(service_requests.contents_of(tx, request).get("answer") or ""),
    )


def _creditor(tx: HubTransaction, record: DeductionRecord, language: str) -> str:
    said = rows.deduction_of(tx, record)
    mandate = None if said.mandate_id is None else mandates.find(tx, said.mandate_id)
    if mandate is not None:
        contents = mandates.contents_of(tx, mandate)
        if contents.payee_name is not None:
            return contents.payee_name
        code = contents.payee_code or contents.account_bank
    else:
        code = said.creditor_code or ""
    return bank_names(tx, [code], language=language)[code]


def statement_of(tx: HubTransaction, cardholder: Cardholder, deduction_id: str) -> DeductionStatement:
    """The statement of one report, ready to print; raises `NotFound`."""
    subject = subjects.of_cardholder(tx, cardholder)
    said = rows.deduction_of(tx, deductions.get_own(tx, subject, deduction_id))
    mandate = None if said.mandate_id is None else mandates.find(tx, said.mandate_id)
    codes = [said.creditor_code] if said.creditor_code else []
    codes += list(mandates.contents_of(tx, mandate).receivers) if mandate is not None else []
    return papers.statement_of(tx, subject, deduction_id, bank_names(tx, codes, language="zh"))
