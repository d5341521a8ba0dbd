"""`/my/instalments`: an instalment deal cancelled or settled early; asked, quoted, accepted with a code, paid."""

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, request

from hub.documents.instalment_letters import QUOTE_ZH, RESULT_ZH, InstalmentLetter, quote_html, result_html
from hub.domain.errors import DealRefused, NotFound, StatusConflict, TooManyTries
from hub.services.accounts import subjects
from hub.services.accounts.subjects import Subject
from hub.services.instalments import answering, asking, papers
from hub.services.instalments.asking import Contact
from hub.services.instalments.papers import MakeLetter
from hub.services.reading import requests
from hub.services.reading.cardholder import instalments as own_requests
from hub.services.reading.log_parts import parts_of
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.limits import PAPERS_A_PERSON
from hub.web.pages.display_names import options
from hub.web.pages.field_names import FormFields
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.instalment_calculator import CHOSEN, DEAL_FIELDS, WISH_FIELDS
from hub.web.pages.my import code_signing
from hub.web.pages.my.code_signing import read_signature, try_code, wait_words
from hub.web.pages.once import do_once
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.unfinished import keeps_unfinished, left_at
from hub.web.pages.visitors import current_cardholder, for_cardholders
from hub.web.problems import problem_of
from hub.web.sealed_papers import save_sealed
from hub.web.sentences import detail
from schemas.instalments import ASKED, Asked, load_asked

blueprint = Blueprint("instalments", __name__, url_prefix="/instalments")

HERE: Final = "/my/instalments"
_FIELDS: Final = FormFields(
    {
        "bank_code": marked("银行"),
        "card_last4": marked("卡号后四位"),
        "deal_no": marked("分期编号"),
        **WISH_FIELDS,
        **DEAL_FIELDS,
        "reason": marked("想对银行说的话"),
    },
    chosen=CHOSEN | {"bank_code"},
)
_ACCEPTED: Final = FormFields(
    {"agreed": marked("我看过报价，同意这样办理"), "confirmation_code": marked("六位确认码")},
    ticked=frozenset({"agreed"}),
)


@blueprint.route("")
@for_cardholders
def listed() -> Response:
    """The person's requests, and the way to a new one."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = own_requests.list_own(tx, person, language=page_language())
    return page("my/instalments.html", title=translate("取消分期、提前结清"), found=found, back="/my/")


@blueprint.route("/new")
@for_cardholders
def ask() -> Response:
    """The form."""
    return _form()


def _form(state: FormState | None = None, *, refused: DealRefused | None = None) -> Response:
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        banks = own_requests.banks_to_ask(tx, language=page_language())
        shown = state or left_at(tx, request.path) or FormState()
    problem = None if refused is None else problem_of(refused)
    return page(
        "my/instalment-new.html",
        title=translate("申请取消分期或提前结清"),
        status=409 if refused else 200 if shown.sound else 422,
        state=replace(shown, fields=_FIELDS),
        banks=banks,
        deal_kinds=options("instalment_deal"),
        fee_modes=options("fee_mode"),
        kinds=options("cancellation"),
        refused="" if problem is None else detail(problem.detail_code, problem.params, page_language()),
        link="" if refused is None else refused.link,
        back=HERE,
    )


@blueprint.route("/new", methods=["POST"])
@for_cardholders
@keeps_unfinished
def send() -> Response:
    """The bank has the request."""
    person = current_cardholder()
    state = replace(read_form(request.form, ASKED), fields=_FIELDS)
    # Without one field of the deal each of them is missing, not the deal.
    read = load_asked({"deal": {}, **state.data}, ASKED, today=face().today)
    state = state.with_faults(read.faults)

    def sent(tx: HubTransaction, asked: Asked) -> str:
        subject = subjects.of_cardholder(tx, person)
        matter = asked.matter or asked.again(asking.deal_of(tx, subject, asked.deal_id or ""), face().today)
        record = asking.ask(tx, subject, matter, Contact(mobile=person.mobile))
        return f"{HERE}/{record.matter_id}?done=sent"

    try:
        return send_once(person, state, read.value, sent, form=_form)
    except DealRefused as error:
        return _form(state, refused=error)


@blueprint.route("/<id:request_id>")
@for_cardholders
def show(request_id: str) -> Response:
    """The bank's quote beside the hub's own estimate, and what can be done now."""
    return shown(request_id, FormState())


def shown(request_id: str, state: FormState, *, wait: str = "", status: int = 0) -> Response:
    """The page of the request, with what is wrong in one of its forms; raises `NotFound` for another's."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = own_requests.find_own(tx, person, request_id, language=page_language())
        if found is None:
            raise NotFound
        [(_, log)] = requests.own(tx, person, request_id)
    return page(
        "my/instalment.html",
        title=translate("取消分期、提前结清"),
        status=status or (200 if state.sound else 422),
        state=state,
        own=found,
        log=parts_of(log),
        wait=wait,
        is_sent="sent" in request.args,
        done=request.args.get("done", ""),
        today=face().today,
        here=f"{HERE}/{request_id}",
        back=HERE,
    )


@blueprint.route("/<id:request_id>/quote.pdf")
@for_cardholders
def quote_paper(request_id: str) -> Response:
    """分期报价书: the bank's figures beside the hub's, how they come about, and what goes on."""
    letter = _letter(request_id, papers.quote_letter)
    return save_sealed(lambda seal: quote_html(letter, seal), QUOTE_ZH)


@blueprint.route("/<id:request_id>/result.pdf")
@for_cardholders
def result_paper(request_id: str) -> Response:
    """分期办结通知书: what was done, with the number of the deal."""
    letter = _letter(request_id, papers.result_letter)
    return save_sealed(lambda seal: result_html(letter, seal), RESULT_ZH)


def _letter(request_id: str, make: MakeLetter) -> InstalmentLetter:
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        letter = own_requests.letter_of(tx, person, request_id, make)
    face().limits.count((PAPERS_A_PERSON, (person.owner_key,)))
    return letter


@blueprint.route("/<id:request_id>", methods=["POST"])
@for_cardholders
def answer(request_id: str) -> Response:
    """A code is on its way, the quote is accepted or not, the request taken back, or the payment noted."""
    do, quote_id = request.form.get("do", ""), request.form.get("quote", "")
    try:
        if do == "code":
            return code_signing.send_code(
                lambda tx: answering.send_code(tx, _subject(tx), request_id, quote_id),
                back=f"{HERE}/{request_id}?sent=1",
            )
        if do == "accept":
            return _accept(request_id, quote_id)
        return _simply(request_id, do, quote_id)
    except StatusConflict:
        return shown(request_id, FormState(), wait=translate("情况刚刚有变化，请看下面的最新情况。"), status=409)
    except TooManyTries as error:
        response = shown(request_id, FormState(), wait=wait_words(error), status=429)
        response.headers["Retry-After"] = str(error.retry_after_s)
        return response


def _subject(tx: HubTransaction) -> Subject:
    return subjects.of_cardholder(tx, current_cardholder())


def _accept(request_id: str, quote_id: str) -> Response:
    state, code = read_signature()
    state = replace(state, fields=_ACCEPTED)
    if code is None:
        return shown(request_id, state)
    response, faults = try_code(
        lambda tx: answering.accept(tx, _subject(tx), request_id, quote_id, code),
        signed=f"{HERE}/{request_id}",
        again=f"{HERE}/{request_id}?sent=1",
    )
    return shown(request_id, state.with_faults(faults)) if faults else response


def _simply(request_id: str, do: str, quote_id: str) -> Response:
    def deed(tx: HubTransaction) -> str:
        subject = _subject(tx)
        if do == "decline":
            answering.decline(tx, subject, request_id, quote_id, "")
        elif do == "withdraw":
            asking.withdraw(tx, subject, request_id, "")
        elif do == "paid":
            answering.note_payment(tx, subject, request_id)
        else:
            raise NotFound
        return f"{HERE}/{request_id}"

    return do_once(current_cardholder(), deed)
