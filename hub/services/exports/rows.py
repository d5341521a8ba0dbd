"""The rows of an export, page by page, each as values by the names of its columns; masked unless it is in full."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.domain import labels
from hub.domain.actor import Party
from hub.domain.agreement_end import AgreementStatus, EndReason
from hub.domain.answers import Outcome
from hub.domain.audit_question import AuditQuestion
from hub.domain.consent_ledger import withheld_after
from hub.domain.export import ExportKind, ExportOrder
from hub.domain.masks import card_last4, mask_id, mask_mobile, mask_name
from hub.domain.paging import Page, Place
from hub.domain.payment_standing import Following
from hub.domain.plain import from_plain
from hub.domain.submission import Submission
from hub.services.exports.queue_cases import cases_of
from hub.services.operating.audit_details import details_zh
from hub.services.operating.audit_words import READINGS, WORDS, reading_of
from hub.services.reading.bank import answers, audit, followed_agreements
from hub.services.reading.bank.answers import AnswersOf
from hub.services.reading.bank.followed_agreements import FollowedAgreement
from hub.services.transaction import HubTransaction
from storage import consents, negotiations, queue_index, staff
from storage.bank_audit import BankAuditLine
from storage.records import NegotiationRecord
from storage.submissions import open_submissions, submission_of

PAGE: Final = 200
BEGINNING: Final = Page(limit=PAGE)
NAMES_ZH: Final[Mapping[ExportKind, str]] = {
    ExportKind.QUEUE: "待办队列",
    ExportKind.AGREEMENTS: "履约跟踪",
    ExportKind.ANSWERS: "答复明细",
    ExportKind.AUDIT: "审计记录",
}
_STATUSES: Final = labels.STATUSES | {
    "awaiting_bank": "待答复",
    "in_review": "审核中",
    "awaiting_cardholder": "等客户补充",
    "offered": "已给出方案",
    "rejected": "未同意",
    "withdrawn": "客户已撤回",
}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """One page: its rows, the ids of the negotiations that can be named in full, and the page behind it, or None."""

    rows: Sequence[Row]
    negotiations: Sequence[str]
    next_place: Page | None


def page_of(tx: HubTransaction, bank_code: str, order: ExportOrder, page: Page) -> Rows:
    """A page of the bank's rows that the order asks for. Nothing of another bank is ever among them."""
    return _PAGES[order.kind](tx, bank_code, order, page)


def _behind(place: Place | None) -> Page | None:
    return None if place is None else Page(limit=PAGE, after=place)


def _person(tx: HubTransaction, negotiation: NegotiationRecord, submission: Submission, order: ExportOrder) -> Row:
    applicant, reference = submission.applicant, negotiation.reference
    included = _included(tx, negotiation, submission)
    if order.in_full and not _is_withheld(negotiation):
        return {
            "reference": reference,
            "name": applicant.name,
            "id_number": applicant.id_number,
            "mobile": applicant.mobile,
            "cards": " ".join((*submission.card_numbers, *included, *_contracts(submission))),
        }
    return {
        "reference": reference,
        "name": mask_name(applicant.name),
        "id_number": mask_id(applicant.id_number),
        "mobile": mask_mobile(applicant.mobile),
        "cards": " ".join((*map(_end, submission.card_numbers), *included, *_contracts(submission))),
    }


def _end(card: str) -> str:
    return f"尾号 {card_last4(card)}"


def _included(tx: HubTransaction, negotiation: NegotiationRecord, submission: Submission) -> list[str]:
    """The further cards that the person included, of which the hub knows no more than their ends."""
    said = queue_index.said_of(tx, negotiation)
    return [] if said is None else [_end(each) for each in said.cards[len(submission.card_numbers) :]]


def _contracts(submission: Submission) -> list[str]:
    return [f"合同尾号 {each}" for each in submission.contract_ends]


def _is_withheld(negotiation: NegotiationRecord) -> bool:
    """Whether the person took back their consent that the bank has it at all."""
    return withheld_after(consents.withdrawn_purposes(negotiation)).everything


def _nameable(found: Iterable[NegotiationRecord]) -> list[str]:
    """Those whose people a table can name in full: of the others it holds masks, whatever was ordered."""
    return [each.id for each in found if not _is_withheld(each)]


def _queue(tx: HubTransaction, bank_code: str, order: ExportOrder, page: Page) -> Rows:
    found, place = cases_of(tx, bank_code, order, page)
    open_submissions(tx, found)
    names = {each.id: staff.called(tx, each) for each in staff.list_of_bank(tx, bank_code)}
    return Rows(
        rows=[_case(tx, each, names, order) for each in found],
        negotiations=_nameable(found),
        next_place=_behind(place),
    )


def _case(tx: HubTransaction, negotiation: NegotiationRecord, names: Mapping[str, str], order: ExportOrder) -> Row:
    submission, said = submission_of(tx, negotiation), queue_index.said_of(tx, negotiation)
    proposal = submission.proposal
    reasons = () if _is_withheld(negotiation) else submission.hardship.reasons
    return {
        **_person(tx, negotiation, submission, order),
        "status": _STATUSES.get(negotiation.status, negotiation.status),
        "due_at": None if negotiation.due_at.year > 9000 else negotiation.due_at,
        "received_at": negotiation.reached_bank_at,
        "owed": submission.owed_fen if said is None else said.owed_fen,
        "reasons": "、".join(labels.HARDSHIP_REASONS[each] for each in reasons),
        "proposal": labels.PLAN_KINDS[proposal.kind],
        "monthly": proposal.monthly_payment_fen,
        "owner": names.get(negotiation.owner_id or ""),
    }


def _agreements(tx: HubTransaction, bank_code: str, order: ExportOrder, page: Page) -> Rows:
    ended = order.which.get("ended")
    found = followed_agreements.list_followed(
        tx,
        bank_code,
        Following(order.which.get("tab", Following.IN_FORCE)),
        ended_for=None if ended is None else EndReason(ended),
        page=page,
    )
    records = _records(tx, bank_code, [each.negotiation_id for each in found.rows])
    return Rows(
        rows=[_agreement(tx, each, records[each.negotiation_id], order) for each in found.rows],
        negotiations=_nameable(records.values()),
        next_place=_behind(found.next_place),
    )


def _agreement(tx: HubTransaction, row: FollowedAgreement, negotiation: NegotiationRecord, order: ExportOrder) -> Row:
    standing = row.standing
    person = _person(tx, negotiation, submission_of(tx, negotiation), order)
    if not order.in_full or _is_withheld(negotiation):
        # The included cards too, of which the hub knows no more than this.
        person = {**person, "cards": " ".join(f"尾号 {each}" for each in row.cards)}
    is_in_force = row.status is AgreementStatus.IN_FORCE
    return {
        **person,
        "number": row.number,
        "plan": row.legal.title_zh if row.legal.is_in_court else labels.PLAN_KINDS[row.kind],
        "status": "履行中" if row.end_reason is None else labels.END_REASONS[row.end_reason],
        "signed_at": row.signed_at,
        "next_due_on": row.next_due_on,
        "next_due": standing.next_due_fen if is_in_force else None,
        "paid": standing.paid_fen,
        "total": row.total_fen,
        "missed": standing.missed_rows,
        "hold_missing": row.hold_missing,
        "ended_at": row.ended_at,
        "owner": row.owner,
    }


def _answers(tx: HubTransaction, bank_code: str, order: ExportOrder, page: Page) -> Rows:
    found = answers.list_answers(tx, bank_code, from_plain(AnswersOf, dict(order.which)), page=page)
    records = _records(tx, bank_code, [each.negotiation_id for each in found.rows])
    rows = [
        {
            **_person(tx, records[each.negotiation_id], submission_of(tx, records[each.negotiation_id]), order),
            "stage": labels.ANSWER_STAGES[each.stage],
            "received_at": each.opened_at,
            "due_at": each.due_at,
            "answered_at": each.answered_at,
            "days_taken": each.days_taken,
            "outcome": "按时" if each.outcome is Outcome.IN_TIME else "超时",
            "team": each.team or None,
            "cause": None if each.cause is None else labels.BREACH_CAUSES[each.cause],
            "cause_words": each.cause_words or None,
        }
        for each in found.rows
    ]
    return Rows(
        rows=rows,
        negotiations=_nameable(records.values()),
        next_place=_behind(found.next_place),
    )


def _records(tx: HubTransaction, bank_code: str, ids: Sequence[str]) -> dict[str, NegotiationRecord]:
    # They are in the session already; a wall that is asked twice costs nothing.
    return {each: negotiations.get_of_bank(tx, each, bank_code=bank_code) for each in dict.fromkeys(ids)}


def _audit(tx: HubTransaction, bank_code: str, order: ExportOrder, page: Page) -> Rows:
    found = audit.list_lines(tx, bank_code, from_plain(AuditQuestion, dict(order.which)), page=page)
    rows = [
        {
            "at": each.line.at,
            "who": each.author.name or _PARTIES[each.author.party],
            "what": _deed(each.line),
            "reference": each.line.reference or None,
            "about": each.line.about or None,
            "details": details_zh(each.line.details) or None,
            "address": each.line.address,
        }
        for each in found.rows
    ]
    return Rows(rows=rows, negotiations=(), next_place=_behind(found.next_place))


def _deed(line: BankAuditLine) -> str:
    if line.kind != audit.READ:
        return WORDS.get(line.kind, line.kind)
    head, why = reading_of(line.what)
    name = READINGS.get(head, head)
    return f"{name}：{why}" if why else name


_PARTIES: Final = {Party.BANK: "本行系统", Party.HUB: "平台", Party.CARDHOLDER: "客户"}
_PAGES: Final[Mapping[ExportKind, Callable[[HubTransaction, str, ExportOrder, Page], Rows]]] = {
    ExportKind.QUEUE: _queue,
    ExportKind.AGREEMENTS: _agreements,
    ExportKind.ANSWERS: _answers,
    ExportKind.AUDIT: _audit,
}
