"""Terms of the bank: the plan that is drawn up on the page of the case, what it comes to, and sending it off."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WsgiResponse

from hub.domain.errors import Fault, Refused
from hub.domain.offer import BankOffer
from hub.domain.staff import ACTING
from hub.domain.terms import FIELDS_BY_KIND, Kind
from hub.services.negotiations import offering
from hub.services.reading import views
from hub.services.reading.bank.heading import heading, is_identity_unconfirmed
from hub.services.reading.bank.offers import OfferView, get_offer
from hub.services.reading.bank.plan import asked_for
from hub.services.reading.cardholder.offers import OwnOffer, own_offer
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.display_names import word
from hub.web.pages.portal import plan_builder
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.case_page import CasePage, plan_words
from hub.web.pages.portal.form_pages import FormPage, carry_out, negotiation_address
from hub.web.pages.portal.plan_builder import SHOWN, Typed, kind_of
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import current_staff, for_bank


def kind_links(kind: Kind, address: str, parameter: str = "kind") -> list[tuple[str, str, bool]]:
    """(name, address, whether it is the present one) of the form for every kind."""
    return [(word("plan", each), f"{address}?{parameter}={each}", each is kind) for each in Kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """An offer as it would be: as a colleague sees it, and as the person does."""

    offer: OfferView
    own: OwnOffer


class _NotShown(Exception):
    """What would be sent is not what was seen beside the form."""


@pages.route("/negotiations/<id:negotiation_id>/offer")
@for_bank(*ACTING)
def ask_offer(negotiation_id: str) -> Response | WsgiResponse:
    """The page of the case; its plan is of `kind`, or begins like an earlier offer or by a template, where asked."""
    person, asked = current_staff(), request.args.get("kind")
    kind = kind_of(asked) if asked else None
    like, template = request.args.get("like"), request.args.get("template")
    with face().hub.writing(person.actor) as tx:
        if is_identity_unconfirmed(tx, negotiation_id, bank_code=person.bank):
            # Nothing that is typed here could be sent before that.
            return redirect(f"{negotiation_address(negotiation_id)}/identity", 303)
        return CasePage(negotiation_id=negotiation_id, kind=kind, like=like, template=template).within(tx)


@pages.route("/negotiations/<id:negotiation_id>/offer/plan", methods=["POST"])
@for_bank(*ACTING)
def show_plan(negotiation_id: str) -> Response:
    """What was typed comes to, as a part of the page; nothing is sent or kept."""
    person, form = current_staff(), plan_builder.typed()
    with face().hub.reading(person.actor) as tx:
        plan, faults = plan_builder.plan_in(tx, negotiation_id, form, bank_code=person.bank)
        head = heading(tx, negotiation_id, bank_code=person.bank, language=page_language())
    return page("portal/_plan.html", title="", head=head, kind=form.kind, **plan_words(plan, faults))


@pages.route("/negotiations/<id:negotiation_id>/offer", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def make_offer(negotiation_id: str) -> Response:
    """The offer is with the person, or waits for a second pair of eyes; never without having been seen whole.

    `step` says what the button does: `look` works the figures out, `preview` shows the person's page, `submit` sends
    what was seen beside the form, or shows it where that was another, and `send` sends what the preview showed.
    """
    form, step = plan_builder.typed(), request.form.get("step")
    case = CasePage(negotiation_id=negotiation_id, form=form)
    if step == "look" or "switch" in request.form:
        # Another kind begins without blame; who asks for the figures is told what keeps them from being worked out.
        return case(replace(form.state, faults=()) if "switch" in request.form else form.state)
    return _made(negotiation_id, form, case, must_be_shown=step == "submit")


def _made(negotiation_id: str, form: Typed, case: CasePage, *, must_be_shown: bool) -> Response:
    make = _making(negotiation_id, form.read.value_or_refuse)

    def do(tx: HubTransaction) -> str:
        made = make(tx)
        if must_be_shown and (made.own.digest != request.form.get(SHOWN) or made.offer.is_asked_again):
            raise _NotShown
        require_asked_again(made.offer)
        return _done(negotiation_id, made.offer)

    preview = preview_page(negotiation_id, form.kind)
    try:
        return carry_out(form.state, effect=do, look=make, form=case, preview=None if must_be_shown else preview)
    except _NotShown:
        return carry_out(form.state, effect=do, look=make, form=case, preview=preview)


def _making(negotiation_id: str, offer: Callable[[], BankOffer]) -> Callable[[HubTransaction], Preview]:
    person = current_staff()

    def make(tx: HubTransaction) -> Preview:
        put = plan_builder.proposed(tx, negotiation_id, offer(), bank_code=person.bank)
        made = offering.make_offer(tx, negotiation_id, put, bank_code=person.bank)
        shown = get_offer(tx, negotiation_id, made.id, bank_code=person.bank)
        return Preview(offer=shown, own=own_offer(views.offer_view(tx, made)))

    return make


def preview_page(negotiation_id: str, kind: Kind) -> FormPage:
    """An offer as it would be, with the page that its person would read; sent from here, or changed."""
    return FormPage(
        negotiation_id=negotiation_id,
        template="portal/offer-preview.html",
        title=translate("提出方案"),
        more={"kind": kind, "taken": FIELDS_BY_KIND[kind].taken},
    )


def _done(negotiation_id: str, made: OfferView) -> str:
    return negotiation_address(negotiation_id, "offer_waiting" if made.awaits_approval else "offer_open")


def require_asked_again(made: OfferView) -> None:
    """Nothing, or `Refused` for an offer at a high rate whose clerk did not say once more that it is meant."""
    if made.is_asked_again and request.form.get("rate_meant") != "1":
        raise Refused(Fault("/rate_meant", "required"))


@pages.route("/negotiations/<id:negotiation_id>/agree-as-asked", methods=["POST"])
@for_bank(*ACTING)
def agree_as_asked(negotiation_id: str) -> Response:
    """What the person asks for is the bank's offer; where the bank has to say why, it is shown first."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        asked = asked_for(tx, negotiation_id, bank_code=person.bank)
    seen = {"seen": request.form.get("seen", "")}
    form = plan_builder.of_data({"terms": asked.terms or {}, **seen})
    case = CasePage(negotiation_id=negotiation_id, form=form)
    if asked.faults:
        return case(form.state.with_faults(asked.faults), status=422)
    if asked.needs_words:
        needs = {"plan": asked.plan, "kind": form.kind}
        title = translate("按客户诉求同意")
        return FormPage(negotiation_id=negotiation_id, template="portal/as-asked.html", title=title, more=needs)(
            form.state
        )
    make = _making(negotiation_id, form.read.value_or_refuse)
    return carry_out(form.state, effect=lambda tx: _done(negotiation_id, make(tx).offer), form=case)
