"""The person's negotiations, what each one waits for, and one of them whole."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, request

from hub.domain.actor import Party
from hub.domain.agreement_end import AgreementStatus
from hub.domain.appointment import AppointmentStatus
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import Unavailable
from hub.domain.evidence import EvidenceStatus
from hub.domain.lifecycle import Status
from hub.domain.plain import Plain
from hub.domain.service_request import RequestKind
from hub.services.accounts import cardholders, subjects
from hub.services.accounts.cardholders import Cardholder
from hub.services.accounts.subjects import Subject
from hub.services.agreements import clearances
from hub.services.appointments import views as appointments
from hub.services.appointments.views import AppointmentShown
from hub.services.reading import reading_log, requests
from hub.services.reading.cardholder import instalments, looks, negotiations
from hub.services.reading.cardholder.files import OwnFile, files_of
from hub.services.reading.cardholder.instalments import OwnRequest
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.reading.log_parts import parts_of
from hub.services.reading.requests import RequestShown
from hub.services.referrals import referrals
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages import agreement_words
from hub.web.pages.agreement_words import SHORT_STANDINGS, STANDINGS
from hub.web.pages.apply.step_pages import draft_of
from hub.web.pages.clearance_words import words_for_person
from hub.web.pages.my.after_rejection import CHANGES
from hub.web.pages.my.negotiation_page import bank_name, own_page, reading_own
from hub.web.pages.my.next_steps import next_step_of
from hub.web.pages.proposal_words import proposal_rows
from hub.web.pages.rendering import page
from hub.web.pages.request_words import bank_of, kind_of, matters_of, person_page, status_for_person
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("negotiations", __name__)


_MOST_READINGS = 50
# Where browsers say that they fetch a page that nobody looks at yet.
_AHEAD_OF_TIME = ("Sec-Purpose", "Purpose", "X-Moz")
_ABOUT_OFFERS = frozenset({EntryKind.OFFERED, EntryKind.COUNTERED, EntryKind.REJECTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusWords:
    """How a status is told to the person: a few words, a sentence, and the tone of its tag."""

    short: str
    sentence: str
    tone: str = ""


STATUS_WORDS = {
    Status.SCREENING: StatusWords(
        short=marked("核对材料中"), sentence=marked("正在核对材料能不能打开，通常几分钟。"), tone="quiet"
    ),
    Status.RETURNED: StatusWords(
        short=marked("请您更正"), sentence=marked("有内容需要更正，才能送到银行。"), tone="warn"
    ),
    Status.DELIVERING: StatusWords(
        short=marked("送达银行中"), sentence=marked("正在送到银行。银行收到后开始计时。"), tone="quiet"
    ),
    Status.UNDELIVERABLE: StatusWords(
        short=marked("暂未送达"),
        sentence=marked("暂时没有送到银行，我们的工作人员正在处理。这不是您的责任。"),
        tone="warn",
    ),
    Status.AWAITING_BANK: StatusWords(short=marked("等银行答复"), sentence=marked("银行已经收到。")),
    Status.IN_REVIEW: StatusWords(short=marked("银行审核中"), sentence=marked("银行已经受理，正在审核。")),
    Status.AWAITING_CARDHOLDER: StatusWords(
        short=marked("等您答复"), sentence=marked("银行想再了解一点情况。"), tone="warn"
    ),
    Status.OFFERED: StatusWords(
        short=marked("等您确认"), sentence=marked("银行给出了方案。您可以同意，也可以提出您的方案。"), tone="warn"
    ),
    Status.AGREED: StatusWords(short=SHORT_STANDINGS["in_force"], sentence=STANDINGS["in_force"], tone="good"),
    Status.REJECTED: StatusWords(
        short=marked("没有达成一致"), sentence=marked("这次没有达成一致，您还可以这样做。"), tone="quiet"
    ),
    Status.WITHDRAWN: StatusWords(
        short=marked("您已撤回"), sentence=marked("这次协商已按您的意思结束。"), tone="quiet"
    ),
    Status.LAPSED: StatusWords(
        short=marked("已过期"), sentence=marked("期限已过，这次协商结束了。您可以重新申请。"), tone="quiet"
    ),
}
"""What every status is called in front of its person."""
_TRANSFERRED = StatusWords(
    short=marked("债权已转让"), sentence=marked("银行已把这笔欠款的债权转让，这次协商到此结束。"), tone="quiet"
)

DONE = {
    "message": marked("已经发给银行，会保存在记录里。"),
    "message_checking": marked("您的话已经发给银行。文件正在检查，检查好以后银行就能看到。"),
    "call": marked("已经保存在记录里，银行也能看到。"),
    "declined": marked("已经告诉银行，现在轮到银行答复。"),
    "declined_one": marked("已经告诉银行。别的方案仍然有效，您可以继续选择。"),
    "reported": marked("已经告诉银行和平台，会保存在记录里。"),
    "account_included": marked("已经告诉银行：这张卡一起协商。"),
    "account_left_out": marked("已经告诉银行：这张卡不列入。"),
    "clearance_asked": marked("已经告诉银行。出具后会告诉您。"),
    "complained": marked("已经记下：您投诉了银行。"),
    "credit_note": marked("已经请银行核对，银行的答复会在这里。"),
    "countered": marked("您的方案已经发给银行，现在轮到银行答复。"),
    "withdrawn": marked("已经撤回。"),
    "corrected": marked("已经重新提交，我们先核对材料。"),
}
"""What is said once after an action, by the word that stands in the page's address."""


@blueprint.route("/")
@for_cardholders
def home() -> Response:
    """All negotiations: what waits for the person first."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = negotiations.list_own(tx, person, language=page_language())
        asked = requests.list_own(tx, person)
        draft = draft_of(tx, person)
        subject = subjects.of_cardholder(tx, person)
        visits = _visits(tx, subject, asked)
        deals = _deals(tx, person, asked)
        has_referrals = bool(referrals.list_own(tx, subject))
        hidden = cardholders.count_hidden(tx, person)
        glances = reading_log.new_glances(tx, [each.view for each in found])
    reading_log.note_glances(face().hub, person.actor, glances)
    title = translate("我的协商")
    going_on, over = matters_of(asked)
    news = sum(len(each.news) for each in found)
    return page(
        "my/home.html",
        title=title,
        tab_title=f"({news}) {title}" if news else title,
        negotiations=[(each, bank_name(each), words_of(each), next_step_of(each)) for each in found],
        needing=[each for each in going_on if _needs_person(each, visits, deals)],
        going_on=[each for each in going_on if not _needs_person(each, visits, deals)],
        over=over,
        deals=deals,
        visits=visits,
        bank_of=bank_of,
        kind_of=kind_of,
        person_page=person_page,
        status_for_person=status_for_person,
        now=face().hub.clock.now(),
        has_draft=draft.is_begun,
        has_referrals=has_referrals,
        hidden=hidden,
        today=face().today.isoformat(),
    )


def _visits(tx: HubTransaction, subject: Subject, asked: list[RequestShown]) -> dict[str, AppointmentShown]:
    if not any(each.kind is RequestKind.APPOINTMENT for each in asked):
        return {}
    return {each.record.id: each for each in appointments.list_own(tx, subject)}


def _deals(tx: HubTransaction, person: Cardholder, asked: list[RequestShown]) -> dict[str, OwnRequest]:
    if not any(each.kind is RequestKind.INSTALMENTS for each in asked):
        return {}
    return {each.id: each for each in instalments.list_own(tx, person, language=page_language())}


def _needs_person(
    matter: list[RequestShown], visits: Mapping[str, AppointmentShown], deals: Mapping[str, OwnRequest]
) -> bool:
    """Whether the next step of the matter is the person's."""
    id_ = matter[0].matter_id
    if id_ in deals:
        return deals[id_].needs_person
    return id_ in visits and visits[id_].status == AppointmentStatus.MOVED


@blueprint.route("/negotiations/<id:negotiation_id>")
@for_cardholders
def show(negotiation_id: str) -> Response:
    """One negotiation: where it stands, what the person can do, and everything that was said."""
    with reading_own(negotiation_id) as (tx, negotiation):
        rules = negotiations.rules_of(tx, negotiation)
        entries = negotiations.log_of(tx, negotiation)
        files = files_of(tx, current_cardholder(), negotiation_id)
        readings = reading_log.readings_by_day(tx, negotiation.id, most=_MOST_READINGS)
        has_form = negotiations.has_form(tx, negotiation)
        may_ask = clearances.may_be_asked_for(tx, negotiation.id)
        refusal = negotiations.renegotiation_refusal(tx, current_cardholder(), negotiation)
        looked_at = reading_log.bank_looked_at(tx, negotiation.id)
    _note_look(negotiation)
    return own_page(
        "my/negotiation.html",
        negotiation,
        title=bank_name(negotiation),
        words=words_of(negotiation),
        clearance_words=words_for_person((negotiation.view["agreement"] or {}).get("clearance")),
        may_ask_for_clearance=may_ask,
        end_words=[]
        if negotiation.view["agreement"] is None
        else agreement_words.end_words(negotiation.view["agreement"]),
        rules=rules,
        log=parts_of(entries),
        read_by_bank=_read_by(looked_at, entries),
        file_of={each.id: each for each in files},
        counter_refusal=_counter_refusal(entries),
        has_form=has_form,
        refusal=refusal,
        correct_by=negotiation.correct_by,
        rejection_change=CHANGES.get((negotiation.view["rejection"] or {}).get("reason_code", ""), ""),
        now=face().hub.clock.now(),
        proposal_rows=proposal_rows(negotiation.proposal),
        missed=negotiation.missed_payments,
        files=files,
        readings=readings,
        today=face().today.isoformat(),
        next_payment=negotiation.next_payment,
        done=_done(negotiation, files),
        back="/my/",
    )


def _read_by(looked_at: datetime | None, entries: list[Plain]) -> set[int]:
    """Which of the person's own entries the bank has had before it: those from before its last look."""
    return {
        each["sequence"]
        for each in entries
        if looked_at is not None
        and each["party"] == Party.CARDHOLDER
        and datetime.fromisoformat(each["at"]) <= looked_at
    }


def _note_look(negotiation: OwnNegotiation) -> None:
    """The person has seen the page: unless a browser only fetches it ahead, or asks for its head."""
    if request.method != "GET" or any("prefetch" in request.headers.get(name, "") for name in _AHEAD_OF_TIME):
        return
    person, hub = current_cardholder(), face().hub
    # Whoever only reads goes on reading while nothing can be written.
    with suppress(Unavailable), hub.writing(person.actor) as tx:
        looks.note_look(tx, person, negotiation.id, negotiation.log_length)


def _counter_refusal(entries: list[Plain]) -> str | None:
    """The bank's words on the counter-offer that it refused, unless it has made another offer since."""
    last = next((each for each in reversed(entries) if each["kind"] in _ABOUT_OFFERS), None)
    return last["text"] if last is not None and last["kind"] == EntryKind.REJECTED else None


def _done(negotiation: OwnNegotiation, files: list[OwnFile]) -> str | None:
    """What is said once after an action, as far as it is so by now."""
    done = request.args.get("done", "")
    if done == "declined" and negotiation.status == Status.OFFERED:
        done = "declined_one"
    if done == "message" and any(each.status is EvidenceStatus.CHECKING for each in files):
        done = "message_checking"
    return translate(DONE[done]) if done in DONE else None


def words_of(negotiation: OwnNegotiation) -> StatusWords:
    """How the negotiation's status is told, or where its agreement stands."""
    agreement = negotiation.view["agreement"]
    if agreement is None and negotiation.view["transferred_to"] is not None:
        return _TRANSFERRED
    if agreement is None:
        return STATUS_WORDS[negotiation.status]
    short, sentence = agreement_words.words_of(agreement)
    return StatusWords(
        short=short, sentence=sentence, tone="quiet" if agreement["status"] == AgreementStatus.ENDED else "good"
    )
