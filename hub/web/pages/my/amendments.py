"""What a person can change of an agreement in force: settle early, or pay on another day of the month.

Each kind is one page: it asks, waits, shows what the bank answered, and takes the code that signs.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from hub.domain.amendment import WITH_PERSON, AmendmentEvent, AmendmentKind, AmendmentStatus
from hub.domain.errors import (
    AgreementConflict,
    NotFound,
    Refused,
    TooManyTries,
)
from hub.domain.plain import Plain
from hub.services.agreements import amendment_signing, early_settlements, pay_days
from hub.services.agreements.agreement_views import agreement_view
from hub.services.reading.cardholder import documents
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.downloads import download
from hub.web.pages.amendment_words import NAMES, PATHS, is_open, standing_of
from hub.web.pages.form_actions import rehearsed
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.my import code_signing
from hub.web.pages.my.code_signing import read_signature, try_code, wait_words
from hub.web.pages.my.negotiation_page import address_of, own, own_page
from hub.web.pages.once import do_once
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_cardholder, for_cardholders
from hub.web.problems import problem_of
from hub.web.sentences import detail
from schemas.actions import WORDS, load_words
from schemas.amendments import EARLY_SETTLEMENT, PAY_DAY, load_early_settlement, load_pay_day

blueprint = Blueprint("amendments", __name__, url_prefix="/negotiations/<id:negotiation_id>")

_EVENTS = {"decline": AmendmentEvent.DECLINED, "withdraw": AmendmentEvent.WITHDRAWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """The page of one kind about one agreement."""

    negotiation: OwnNegotiation
    kind: AmendmentKind

    @property
    def path(self) -> str:
        """Where it is, below the negotiation."""
        return f"/{PATHS[self.kind]}"

    @property
    def agreement(self) -> Plain:
        """The agreement as it stands; raises `NotFound`."""
        there: Plain | None = self.negotiation.view["agreement"]
        if there is None:
            raise NotFound
        return there

    def address(self, below: str = "") -> str:
        """Where the page is, or a state of it."""
        return address_of(self.negotiation.id, f"{self.path}{below}")

    def show(self, state: FormState, *, wait: str = "", look: Any = None, status: int = 0) -> Response:
        """The page with what is typed; `wait` says why something was not done."""
        agreement = self.agreement
        asked = agreement[self.kind]
        other = next(agreement[each] for each in AmendmentKind if each is not self.kind)
        return own_page(
            f"my/{self.path[1:]}.html",
            self.negotiation,
            title=translate(NAMES[self.kind]),
            status=status or (200 if state.sound else 422),
            state=state,
            agreement=agreement,
            asked=asked,
            standing=standing_of(asked) if asked else "",
            is_open=is_open(asked),
            may_ask=self.negotiation.has_agreement_in_force and not is_open(asked) and not is_open(other),
            other_is_open=is_open(other),
            waits_for_person=asked is not None and asked["status"] in WITH_PERSON,
            with_bank=asked is not None and asked["status"] == AmendmentStatus.WITH_BANK,
            is_sent="sent" in request.args,
            mobile=self.negotiation.mobile,
            action=self.address(),
            wait=wait,
            look=look,
            today=face().today.isoformat(),
            back=address_of(self.negotiation.id, "/agreement"),
        )


@blueprint.route("/early-settlement")
@for_cardholders
def early_settlement(negotiation_id: str) -> Response:
    """Asks for a day, or shows what the bank asks for it, with what is saved."""
    return _Page(negotiation=own(negotiation_id), kind=AmendmentKind.EARLY_SETTLEMENT).show(FormState())


@blueprint.route("/early-settlement", methods=["POST"])
@for_cardholders
def change_early_settlement(negotiation_id: str) -> Response:
    """The request is on its way, the quote signed or declined."""
    return _change(_Page(negotiation=own(negotiation_id), kind=AmendmentKind.EARLY_SETTLEMENT))


@blueprint.route("/pay-day")
@for_cardholders
def pay_day(negotiation_id: str) -> Response:
    """Asks for a day of the month, with the one that the address names; or shows how the payments would move."""
    state = FormState(values={"day": [request.args.get("day", "")]})
    return _Page(negotiation=own(negotiation_id), kind=AmendmentKind.PAY_DAY).show(state)


@blueprint.route("/pay-day", methods=["POST"])
@for_cardholders
def change_pay_day(negotiation_id: str) -> Response:
    """The request is shown with its dates and sent, the bank's proposal signed or declined."""
    return _change(_Page(negotiation=own(negotiation_id), kind=AmendmentKind.PAY_DAY))


@blueprint.route("/amendments/<id:amendment_id>/paper.pdf")
@for_cardholders
def paper(negotiation_id: str, amendment_id: str) -> Response:
    """The printed amendment."""
    person, hub = current_cardholder(), face().hub
    with hub.writing(person.actor) as tx:
        content = documents.amendment_document(tx, hub.store, person, negotiation_id, amendment_id)
    return download(content)


def _change(page: _Page) -> Response:
    do = request.form.get("do", "")
    amendment_id = request.form.get("amendment", "")
    try:
        if do == "code":
            return _send_code(page, amendment_id)
        if do == "accept":
            return _accept(page, amendment_id)
        if do in _EVENTS:
            return _end(page, amendment_id, _EVENTS[do])
        return _ask(page)
    except AgreementConflict as error:
        problem = problem_of(error)
        words = detail(problem.detail_code, problem.params, page_language()) if problem else ""
        return _Page(negotiation=own(page.negotiation.id), kind=page.kind).show(FormState(), wait=words, status=409)
    except TooManyTries as error:
        response = page.show(FormState(), wait=wait_words(error), status=429)
        response.headers["Retry-After"] = str(error.retry_after_s)
        return response


def _ask(page: _Page) -> Response:
    negotiation = page.negotiation
    is_day = page.kind is AmendmentKind.PAY_DAY
    state = read_form(request.form, PAY_DAY if is_day else EARLY_SETTLEMENT)

    def ask(tx: HubTransaction) -> Plain:
        if is_day:
            wish = load_pay_day(state.data).value_or_refuse()
            agreement = pay_days.ask(tx, negotiation.id, wish, client_id=negotiation.client_id)
        else:
            settle = load_early_settlement(state.data).value_or_refuse()
            agreement = early_settlements.ask(tx, negotiation.id, settle, client_id=negotiation.client_id)
        return agreement_view(tx, agreement)

    def send(tx: HubTransaction) -> str:
        ask(tx)
        return page.address("?done=asked")

    if not state.sound:
        return page.show(state)
    try:
        if is_day and request.form.get("do") != "send":
            # What moves is the person's word: they see every date before they say it.
            return page.show(state, look=rehearsed(current_cardholder(), ask)["pay_day"])
        return do_once(current_cardholder(), send)
    except Refused as error:
        return page.show(state.with_faults(error.faults))


def _send_code(page: _Page, amendment_id: str) -> Response:
    negotiation = page.negotiation
    return code_signing.send_code(
        lambda tx: amendment_signing.send_code(
            tx, negotiation.id, amendment_id, page.kind, client_id=negotiation.client_id
        ),
        back=page.address("?sent=1"),
    )


def _accept(page: _Page, amendment_id: str) -> Response:
    negotiation = page.negotiation
    state, code = read_signature()
    if code is None:
        return page.show(state)
    response, faults = try_code(
        lambda tx: amendment_signing.accept(
            tx, negotiation.id, amendment_id, page.kind, code, client_id=negotiation.client_id
        ),
        signed=address_of(negotiation.id, "/agreement"),
        again=page.address("?sent=1"),
    )
    return page.show(state.with_faults(faults)) if faults else response


def _end(page: _Page, amendment_id: str, event: AmendmentEvent) -> Response:
    negotiation = page.negotiation
    state = read_form(request.form, WORDS)
    text, faults = load_words(state.data, required=False)
    state = state.with_faults(faults)
    if text is None or not state.sound:
        return page.show(state)

    def end(tx: HubTransaction) -> str:
        amendment_signing.end_by_person(
            tx, negotiation.id, amendment_id, page.kind, event, text, client_id=negotiation.client_id
        )
        return page.address()

    return do_once(current_cardholder(), end)
