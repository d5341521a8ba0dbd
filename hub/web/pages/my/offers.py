"""A bank's offer beside the person's own proposal: agreeing with a code, or saying no."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, Response, request

from hub.domain.agreement import AgreementContents
from hub.domain.amounts import sum_of
from hub.domain.china import china_day
from hub.domain.errors import NotFound, TooManyTries
from hub.domain.offer import OfferBy
from hub.services.accounts import subjects
from hub.services.agreements import acceptance, confirmation_codes
from hub.services.mandates import warnings
from hub.services.negotiations import offering
from hub.services.reading.cardholder import mandates as own_mandates
from hub.services.reading.cardholder import negotiations
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.reading.cardholder.offers import OwnOffer
from hub.services.reading.cardholder.payments_ahead import days_of_rest
from hub.services.transaction import HubTransaction
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.my import code_signing
from hub.web.pages.my.code_signing import read_signature, try_code, wait_words
from hub.web.pages.my.ideas import figures_of_offer, figures_of_proposal, newest_own
from hub.web.pages.my.negotiation_page import address_of, bank_name, own, own_page, reading_own
from hub.web.pages.offer_points import by_dates_words, monthly_interest_of, points_of, rows_view
from hub.web.pages.rendering import go
from hub.web.pages.translation import page_language, translate
from hub.web.pages.unfinished import keeps_unfinished, left_here
from hub.web.pages.visitors import current_cardholder, for_cardholders
from schemas.actions import WORDS, load_words

blueprint = Blueprint("offers", __name__, url_prefix="/negotiations/<id:negotiation_id>/offers/<id:offer_id>")


def _offer(negotiation: OwnNegotiation, offer_id: str) -> OwnOffer:
    """An offer that the person may know of; raises `NotFound`."""
    found = next((each for each in negotiation.offers if each.id == offer_id), None)
    if found is None:
        raise NotFound
    return found


@blueprint.route("")
@for_cardholders
def show(negotiation_id: str, offer_id: str) -> Response:
    """The offer, the person's own proposal beside it, every payment, and three answers of one size."""
    with reading_own(negotiation_id) as (tx, negotiation):
        offer = _offer(negotiation, offer_id)
        rules = negotiations.rules_of(tx, negotiation)
        refusal = negotiations.renegotiation_refusal(tx, current_cardholder(), negotiation)
    idea = newest_own(negotiation) if offer.by is OfferBy.BANK else None
    owed = sum_of((*negotiation.accounts, *negotiation.loans))
    return own_page(
        "my/offer.html",
        negotiation,
        title=translate("%(bank)s的方案", bank=bank_name(negotiation))
        if offer.by is OfferBy.BANK
        else translate("您提出的方案"),
        offer=offer,
        rules=rules,
        mine=figures_of_proposal(negotiation.proposal, owed) if idea is None else figures_of_offer(idea),
        has_idea=idea is not None,
        proposal=negotiation.proposal,
        days_left=None if offer.valid_until is None else (china_day(offer.valid_until) - negotiation.today).days,
        refusal=refusal,
        may_counter=negotiation.may_counter and rules.counter_offers_left > 0,
        may_answer=offer.can_be_accepted,
        by_dates_words=by_dates_words,
        monthly_interest_of=monthly_interest_of,
    )


@blueprint.route("/accept")
@for_cardholders
def look_again(negotiation_id: str, offer_id: str) -> Response:
    """The points to read again before signing, and the place for the code."""
    return _accept_page(_read(negotiation_id, offer_id), FormState())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signing:
    """What is signed: the offer, and what an agreement on it says; `rest`: why a day of payment is no working day."""

    negotiation: OwnNegotiation
    offer: OwnOffer
    contents: AgreementContents
    rest: dict[str, str]
    # Ids and uses of mandates by which the same creditor may deduct more than any row.
    mandates: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        """Where the offer is."""
        return address_of(self.negotiation.id, f"/offers/{self.offer.id}")


def _read(negotiation_id: str, offer_id: str) -> _Signing:
    with reading_own(negotiation_id) as (tx, negotiation):
        contents = negotiations.agreement_on(tx, current_cardholder(), negotiation_id, offer_id)
        days = [row.due_on.isoformat() for row in contents.schedule.rows]
        person = current_cardholder()
        mine = subjects.of_cardholder(tx, person)
        return _Signing(
            mandates=tuple(
                (each.id, own_mandates.get_own(tx, person, each.id, language=page_language()).contents.use)
                for each in warnings.above_a_row(tx, mine, negotiation.bank_code, contents)
            ),
            negotiation=negotiation,
            offer=_offer(negotiation, offer_id),
            contents=contents,
            rest=days_of_rest(tx, days, language=page_language()),
        )


def _accept_page(signing: _Signing, state: FormState, **context: Any) -> Response:
    negotiation, offer = signing.negotiation, signing.offer
    if not offer.can_be_accepted:
        return _dead(negotiation, offer)
    return own_page(
        "my/accept.html",
        negotiation,
        title=translate("签署前请再看一遍这几点"),
        state=state,
        offer=offer,
        contents=signing.contents,
        points=points_of(offer, signing.contents.schedule),
        rows=rows_view(signing.contents.schedule),
        rest=signing.rest,
        mandates_above=signing.mandates,
        is_sent="sent" in request.args,
        mobile=negotiation.mobile,
        language=page_language(),
        offer_address=signing.address,
        **{"back": signing.address, "wait": None, **context},
    )


def _dead(negotiation: OwnNegotiation, offer: OwnOffer) -> Response:
    """The page of the offer itself says what has become of it."""
    return go(address_of(negotiation.id, f"/offers/{offer.id}"))


def _wait_page(signing: _Signing, refused: TooManyTries) -> Response:
    response = _accept_page(signing, FormState(), status=429, wait=wait_words(refused))
    response.headers["Retry-After"] = str(refused.retry_after_s)
    return response


@blueprint.route("/code", methods=["POST"])
@for_cardholders
def send_code(negotiation_id: str, offer_id: str) -> Response:
    """A code is on its way to the mobile that the application named."""
    signing = _read(negotiation_id, offer_id)
    client_id = signing.negotiation.client_id
    try:
        return code_signing.send_code(
            lambda tx: confirmation_codes.send(tx, negotiation_id, offer_id, client_id=client_id),
            back=f"{signing.address}/accept?sent=1",
        )
    except TooManyTries as error:
        return _wait_page(signing, error)


@blueprint.route("/accept", methods=["POST"])
@for_cardholders
def accept(negotiation_id: str, offer_id: str) -> Response:
    """The agreement is made, where the code is right and the person has said that they agree."""
    signing = _read(negotiation_id, offer_id)
    client_id = signing.negotiation.client_id
    state, code = read_signature()
    if code is None:
        return _accept_page(signing, state)
    try:
        response, faults = try_code(
            lambda tx: acceptance.accept(tx, negotiation_id, offer_id, code, client_id=client_id),
            signed=address_of(negotiation_id, "/agreement"),
            again=f"{signing.address}/accept?sent=1",
        )
    except TooManyTries as error:
        return _wait_page(signing, error)
    return _accept_page(signing, state.with_faults(faults)) if faults else response


@blueprint.route("/decline")
@for_cardholders
def ask_why(negotiation_id: str, offer_id: str) -> Response:
    """Asks whether, and why if the person likes to say."""
    return _decline_page(own(negotiation_id), offer_id, left_here() or FormState())


def _decline_page(negotiation: OwnNegotiation, offer_id: str, state: FormState) -> Response:
    offer = _offer(negotiation, offer_id)
    if not offer.can_be_accepted:
        return _dead(negotiation, offer)
    return own_page(
        "my/decline.html",
        negotiation,
        title=translate("这个方案我还不起"),
        state=state,
        others=len(negotiation.open_offers) > 1,
        back=address_of(negotiation.id, f"/offers/{offer_id}"),
    )


@blueprint.route("/decline", methods=["POST"])
@for_cardholders
@keeps_unfinished
def decline(negotiation_id: str, offer_id: str) -> Response:
    """The offer is declined; with none other open it is the bank's turn again."""
    negotiation = own(negotiation_id)
    _offer(negotiation, offer_id)
    state = read_form(request.form, WORDS)
    words, faults = load_words(state.data, required=False)

    def say_no(tx: HubTransaction, words: str) -> str:
        offering.decline(tx, negotiation_id, offer_id, words, client_id=negotiation.client_id)
        return address_of(negotiation_id, "?done=declined")

    form = partial(_decline_page, negotiation, offer_id)
    return send_once(current_cardholder(), state.with_faults(faults), words, say_no, form=form)
