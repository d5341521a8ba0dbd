"""Terms of the bank: the form, the plan that would come of it, and sending it off."""

from dataclasses import replace

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WsgiResponse

from hub.domain.balances import Balance
from hub.domain.errors import Fault, Refused
from hub.domain.plain import to_plain
from hub.domain.terms import FIELDS_BY_KIND, Kind
from hub.services.negotiations import offering
from hub.services.reading.bank.heading import declared_balances, is_identity_unconfirmed
from hub.services.reading.bank.offer_start import offer_start
from hub.services.reading.bank.offers import OfferView, get_offer
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages import component_rows
from hub.web.pages.display_names import word
from hub.web.pages.forms import filled, read_form
from hub.web.pages.portal.blueprint import ACTING, pages
from hub.web.pages.portal.form_pages import FormPage, carry_out, negotiation_address
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_bank
from schemas.offers import BANK_OFFER, load_bank_offer


def kind_of(text: str) -> Kind:
    """The kind that an address or a form names; instalments where it names none."""
    return Kind(text) if text in set(Kind) else Kind.INSTALMENTS


def kind_links(kind: Kind, address: str, parameter: str = "kind") -> list[tuple[str, str, bool]]:
    """(name, address, whether it is the present one) of the form for every kind."""
    return [(word("plan", each), f"{address}?{parameter}={each}", each is kind) for each in Kind]


def _offer_page(negotiation_id: str, kind: Kind, template: str = "portal/offer.html") -> FormPage:
    address = f"{negotiation_address(negotiation_id)}/offer"
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
    person, asked = current_staff(), request.args.get("kind")
    with face().hub.reading(person.actor) as tx:
        if is_identity_unconfirmed(tx, negotiation_id, bank_code=person.bank):
            # Nothing that is typed here could be sent before that.
            return redirect(f"{negotiation_address(negotiation_id)}/identity", 303)
        start = offer_start(
            tx,
            negotiation_id,
            kind=kind_of(asked) if asked else None,
            like=request.args.get("like"),
            bank_code=person.bank,
        )
        state = filled({"terms": start.terms, "balances": [component_rows.shown(each) for each in start.balances]})
        return _offer_page(negotiation_id, start.kind).within(tx, state)


@pages.route("/negotiations/<id:negotiation_id>/offer", methods=["POST"])
@for_bank(*ACTING)
def make_offer(negotiation_id: str) -> Response:
    """The offer is with the person, or waits for a second pair of eyes; shown first with every payment."""
    person = current_staff()
    state = read_form(request.form, BANK_OFFER)
    balances = [component_rows.completed(each) for each in state.data["balances"]]
    read = load_bank_offer({**state.data, "balances": balances}, today=face().today)
    state = state.with_faults(component_rows.at_row(each, balances) for each in read.faults)

    def make(tx: HubTransaction) -> OfferView:
        offer = read.value_or_refuse()
        proposed = replace(offer, balances=_confirmed(tx, negotiation_id, person.bank, offer.balances))
        made = offering.make_offer(tx, negotiation_id, proposed, bank_code=person.bank)
        return get_offer(tx, negotiation_id, made.id, bank_code=person.bank)

    def do(tx: HubTransaction) -> str:
        made = make(tx)
        require_asked_again(made)
        return negotiation_address(negotiation_id, "offer_waiting" if made.awaits_approval else "offer_open")

    kind = kind_of(request.form.get("terms.kind", ""))
    return carry_out(
        state,
        effect=do,
        look=make,
        form=_offer_page(negotiation_id, kind),
        preview=_offer_page(negotiation_id, kind, "portal/offer-preview.html"),
    )


def require_asked_again(made: OfferView) -> None:
    """Nothing, or `Refused` for an offer at a high rate whose clerk did not say once more that it is meant."""
    if made.is_asked_again and request.form.get("rate_meant") != "1":
        raise Refused(Fault("/rate_meant", "required"))


def _confirmed(
    tx: HubTransaction, negotiation_id: str, bank_code: str, balances: tuple[Balance, ...] | None
) -> tuple[Balance, ...] | None:
    """`balances`, or None where they are the declared ones: then the bank confirms those."""
    if balances is None:
        return None
    declared = declared_balances(tx, negotiation_id, bank_code=bank_code)
    if not any(each.components for each in balances):
        # Parts that the rows of the form have no place for are confirmed with their principal.
        declared = [{name: value for name, value in each.items() if name != "components"} for each in declared]
    return None if to_plain(list(balances)) == declared else balances
