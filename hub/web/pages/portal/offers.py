"""Terms of the bank: the form, the plan that would come of it, and sending it off."""

from dataclasses import replace
from datetime import date

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WsgiResponse

from hub.domain.balances import Balance
from hub.domain.china import china_day
from hub.domain.offer import OfferBy, OfferStatus
from hub.domain.plain import Plain, to_plain
from hub.domain.terms import FIELDS_BY_KIND, Kind, Method
from hub.services.negotiations import offering
from hub.services.reading import views
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.display_names import word
from hub.web.pages.forms import filled, read_form
from hub.web.pages.portal import desk
from hub.web.pages.portal.blueprint import ACTING, pages
from hub.web.pages.portal.form_pages import Deed, FormPage, carry_out, case_address
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_bank
from schemas.offers import BANK_OFFER, load_bank_offer

_OWN_FIELDS = frozenset().union(*(each.taken for each in FIELDS_BY_KIND.values()))


def kind_of(text: str) -> Kind:
    """The kind that an address or a form names; instalments where it names none."""
    return Kind(text) if text in set(Kind) else Kind.INSTALMENTS


def kind_links(kind: Kind, address: str, parameter: str = "kind") -> list[tuple[str, str, bool]]:
    """(name, address, whether it is the present one) of the form for every kind."""
    return [(word("plan", each), f"{address}?{parameter}={each}", each is kind) for each in Kind]


def _offer_page(negotiation_id: str, kind: Kind, template: str = "portal/offer.html") -> FormPage:
    address = f"{case_address(negotiation_id)}/offer"
    return FormPage(
        negotiation_id=negotiation_id,
        template=template,
        title=translate("提出方案"),
        more={"kind": kind, "kinds": kind_links(kind, address), "taken": FIELDS_BY_KIND[kind].taken},
    )


@pages.route("/negotiations/<id:negotiation_id>/offer")
@for_bank(*ACTING)
def ask_offer(negotiation_id: str) -> Response | WsgiResponse:
    """Asks for the terms; begins with those of an earlier offer (`like`), or of what the person asked for."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        balances = desk.declared(tx, negotiation_id, bank_code=person.bank)
        head = desk.heading(tx, negotiation_id, bank_code=person.bank, language="zh")
        shown = desk.all_offers(tx, negotiation_id, {})
    if head["identity_unconfirmed"]:
        # Nothing that is typed here could be sent before that.
        return redirect(f"{case_address(negotiation_id)}/identity", 303)
    like = next((each for each in shown if each["id"] == request.args.get("like")), None)
    if like is None:
        terms = first_terms(head["proposal"], balances)
        kind = kind_of(request.args.get("kind") or head["proposal"]["kind"])
    else:
        terms, balances = like["terms"], like["balances"] or balances
        if like["by"] == OfferBy.CARDHOLDER:
            # What the person pleaded must never go out as the bank's own words.
            terms = {**terms, "note": ""}
        kind = kind_of(request.args.get("kind") or terms["kind"])
    data = {"terms": {**fitting(terms, kind), "kind": kind.value}, "balances": balances}
    return _offer_page(negotiation_id, kind)(filled(data))


def fitting(terms: Plain, kind: Kind) -> Plain:
    """`terms` without the fields that another kind has."""
    foreign = _OWN_FIELDS - FIELDS_BY_KIND[kind].taken
    return {name: value for name, value in terms.items() if name not in foreign}


def first_terms(proposal: Plain, balances: list[Plain]) -> Plain:
    """Terms to begin with: what is owed, in the shape that the person asked for."""
    principal = sum(each["principal_fen"] for each in balances)
    waives = bool(proposal.get("waive_interest"))
    return {
        "principal_fen": principal,
        "waived": {
            "interest_fen": sum(each["interest_fen"] for each in balances) if waives else 0,
            "penalty_fen": sum(each["penalty_fen"] for each in balances) if waives else 0,
        },
        "first_due_on": proposal.get("first_due_on"),
        "instalments": proposal.get("instalments"),
        "months": proposal.get("months"),
        "down_payment_fen": proposal.get("down_payment_fen") or None,
        "method": Method.EQUAL_INSTALMENT.value,
    }


@pages.route("/negotiations/<id:negotiation_id>/offer", methods=["POST"])
@for_bank(*ACTING)
def make_offer(negotiation_id: str) -> Response:
    """The offer is with the person, or waits for a second pair of eyes; shown first with every payment."""
    person = current_staff()
    state = read_form(request.form, BANK_OFFER)
    read = load_bank_offer(state.data, today=china_today())
    state = state.with_faults(read.faults)

    def make(tx: HubTransaction) -> Plain:
        offer = read.value_or_refuse()
        proposed = replace(offer, balances=_confirmed(tx, negotiation_id, person.bank, offer.balances))
        return views.offer_view(tx, offering.make_offer(tx, negotiation_id, proposed, bank_code=person.bank))

    def do(tx: HubTransaction) -> str:
        waits = make(tx)["status"] == OfferStatus.AWAITING_APPROVAL
        return case_address(negotiation_id, "offer_waiting" if waits else "offer_open")

    kind = kind_of(request.form.get("terms.kind", ""))
    return carry_out(
        Deed(negotiation_id=negotiation_id, do=do, look=make),
        state,
        form=_offer_page(negotiation_id, kind),
        preview=_offer_page(negotiation_id, kind, "portal/offer-preview.html"),
    )


def _confirmed(
    tx: HubTransaction, negotiation_id: str, bank_code: str, balances: tuple[Balance, ...] | None
) -> tuple[Balance, ...] | None:
    """`balances`, or None where they are the declared ones: then the bank confirms those."""
    same = balances is not None and to_plain(list(balances)) == desk.declared(tx, negotiation_id, bank_code=bank_code)
    return None if same else balances


def china_today() -> date:
    """The day it is in China by the hub's clock."""
    return china_day(face().hub.clock.now())
