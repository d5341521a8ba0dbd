"""The notice of a revocation and the statement of a deduction, put together for the moment when they are printed."""

from hub.documents.mandate_papers import DeductionStatement, RevocationNotice, ToldReceiver
from hub.domain import labels
from hub.domain.china import china_day
from hub.domain.errors import NotFound
from hub.services.accounts.subjects import Subject
from hub.services.mandates import deductions, mandates, revoking
from hub.services.transaction import HubTransaction
from storage import deductions as deduction_rows
from storage import deliveries, request_clocks, service_requests
from storage import mandates as rows
from storage.records import MandateRecord, ServiceRequestRecord


def notice_of(tx: HubTransaction, subject: Subject, mandate_id: str, names: dict[str, str]) -> RevocationNotice:
    """The notice of the mandate's newest revocation, with what each receiver said until now.

    `names`: what payee and bank are called, by their codes. Raises `NotFound` where nothing was revoked.
    """
    record = mandates.get_own(tx, subject, mandate_id)
    if record.revocation_id is None:
        raise NotFound
    contents = rows.contents_of(tx, record)
    requests = revoking.requests_of(tx, record)
    signed = rows.signed_of(tx, record)
    return RevocationNotice(
        reference=requests[0].reference if requests else "",
        holder=signed.name,
        mobile=contents.mobile,
        mandate=contents,
        payee_zh=contents.payee_name or names[contents.payee_code or contents.account_bank],
        bank_zh=names[contents.account_bank],
        frequency_zh=labels.FREQUENCIES[contents.frequency],
        revoked_on=china_day(signed.at),
        receivers=(*(_told(tx, each, names) for each in requests), *_by_letter(tx, record, requests, names)),
        made_at=tx.now,
    )


def _by_letter(
    tx: HubTransaction, record: MandateRecord, requests: list[ServiceRequestRecord], names: dict[str, str]
) -> list[ToldReceiver]:
    contents = rows.contents_of(tx, record)
    asked = {each.bank_code for each in requests}
    called = [names[code] for code in contents.receivers if code not in asked]
    if contents.payee_name is not None:
        called.insert(0, contents.payee_name)
    return [
        ToldReceiver(name_zh=each, is_here=False, delivered_at=None, due_at=None, sha256="", answer_zh="")
        for each in called
    ]


def _told(tx: HubTransaction, request: ServiceRequestRecord, names: dict[str, str]) -> ToldReceiver:
    answer = service_requests.contents_of(tx, request).get("answer")
    return ToldReceiver(
        name_zh=names.get(request.bank_code, request.bank_code),
        is_here=True,
        delivered_at=request.reached_bank_at,
        due_at=request_clocks.running_until(request),
        sha256=next((each.sha256 for each in deliveries.list_of_request(tx, request.id)), ""),
        answer_zh="" if answer is None else _answer_zh(answer),
    )


def _answer_zh(answer: object) -> str:
    if isinstance(answer, str):
        return answer
    said: dict[str, str | None] = dict(answer) if isinstance(answer, dict) else {}
    reason = said.get("reason_code")
    first = labels.REVOCATION_REFUSALS[reason] if reason else "已确认，不再扣款"
    return "：".join(filter(None, (first, said.get("text"))))


def statement_of(tx: HubTransaction, subject: Subject, deduction_id: str, names: dict[str, str]) -> DeductionStatement:
    """The statement of a reported deduction with the creditor's answer until now; raises `NotFound`."""
    record = deductions.get_own(tx, subject, deduction_id)
    said = deduction_rows.deduction_of(tx, record)
    request = deductions.request_of(tx, record)
    mandate = None if said.mandate_id is None else rows.find(tx, said.mandate_id)
    contents = None if mandate is None else rows.contents_of(tx, mandate)
    if contents is not None:
        creditor = contents.payee_name or names.get(contents.payee_code or "", contents.payee_code or "")
    else:
        creditor = names.get(said.creditor_code or "", said.creditor_code or "")
    return DeductionStatement(
        reference="" if request is None else request.reference,
        at=said.at,
        amount_fen=said.amount_fen,
        account_last4=said.account_last4,
        creditor_zh=creditor,
        use="" if contents is None else contents.use,
        cap_fen=None if contents is None else contents.cap_fen,
        during_hold=record.during_hold,
        text=said.text,
        receiver=None if request is None else _told(tx, request, names),
        reported_at=record.reported_at,
        made_at=tx.now,
    )
