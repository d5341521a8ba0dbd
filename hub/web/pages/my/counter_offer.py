"""The person's own terms to the bank: a few words are enough, and what comes of them is shown before it is sent."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from hub.domain.affordability import left_fen
from hub.domain.amounts import Amounts
from hub.domain.errors import CounterOffersExhausted, Fault, Refused
from hub.domain.offer import OfferBy
from hub.domain.plain import Plain
from hub.domain.proposal import debt_faults
from hub.domain.ready_plans import first_day
from hub.domain.terms import Kind, Terms, Waived
from hub.domain.wishes import with_rest_waived
from hub.services.accounts import preferences
from hub.services.negotiations import counter_offers
from hub.services.negotiations.counter_offers import CounterBasis
from hub.services.reading import views
from hub.services.reading.cardholder import negotiations
from hub.services.reading.cardholder.bank_rules import BankRulesShown
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.reading.cardholder.offers import OwnOffer, own_offer
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.form_actions import rehearsed
from hub.web.pages.forms import FormState, filled, form_of, read_form, typed_values
from hub.web.pages.my.ideas import IdeaFigures, compared, figures_of_offer, figures_of_terms
from hub.web.pages.my.negotiation_page import address_of, bank_name, own_page, reading_own
from hub.web.pages.once import do_once
from hub.web.pages.proposal_words import FIRST_DAY, waived_words
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished, left_here
from hub.web.pages.visitors import current_cardholder, for_cardholders
from schemas.offers import SHORT_COUNTER_OFFER, load_short_counter_offer

blueprint = Blueprint("counter_offer", __name__, url_prefix="/negotiations/<id:negotiation_id>/counter")

_KINDS = (Kind.INSTALMENTS, Kind.DEFERRAL, Kind.SETTLEMENT, Kind.LOWER_MINIMUM)
WAIVE_REST: Final = "waive_rest"
SHOWN: Final = "shown"
"""What the person has seen before sending: the digest of the offer that was shown."""


class _ShownOtherwise(Exception):
    """What would be sent is not what was shown; `offer` is what it comes to now."""

    def __init__(self, offer: "Preview") -> None:
        super().__init__()
        self.offer = offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the terms come to: the offer as it would be sent, and of what the amount in the plan is made."""

    offer: OwnOffer
    planned: Plain
    owed: Amounts

    @property
    def waived(self) -> Waived:
        """What the bank is asked to give up."""
        return Waived(**self.offer.terms["waived"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _There:
    """What the page reads of the hub."""

    negotiation: OwnNegotiation
    rules: BankRulesShown
    basis: CounterBasis
    left_fen: int
    wage_day: int | None


def _read(negotiation_id: str) -> _There:
    with reading_own(negotiation_id) as (tx, negotiation):
        return _There(
            negotiation=negotiation,
            rules=negotiations.rules_of(tx, negotiation),
            basis=counter_offers.counter_basis(tx, negotiation_id, client_id=negotiation.client_id),
            left_fen=left_fen(negotiations.finances_of(tx, current_cardholder(), negotiation_id)),
            wage_day=preferences.of(tx, current_cardholder()).wage_day,
        )


@blueprint.route("")
@for_cardholders
def show(negotiation_id: str) -> Response:
    """The form, filled with what of the bank's newest terms can be a beginning."""
    there = _read(negotiation_id)
    before = left_here()
    if before is not None and "kind" not in request.args:
        return _page(there, _kind(before.value("terms.kind")), before)
    bank = _bank_terms(there.negotiation)
    kind = _kind(request.args.get("kind") or bank.get("kind"))
    known = ("first_due_on", "months", "minimum_percent") if bank.get("kind") == kind else ()
    terms = {
        "first_due_on": first_day(face().today, there.wage_day).isoformat(),
        **{each: bank.get(each) for each in known},
    }
    terms["first_due_on"] = request.args.get("first_due_on") or terms["first_due_on"]
    # A sum that nobody waived says nothing.
    terms["waived"] = {part: fen for part, fen in bank.get("waived", {}).items() if fen}
    if kind is Kind.LOWER_MINIMUM and there.basis.rate_of_bank is not None:
        terms["annual_rate_percent"] = there.basis.rate_of_bank
    state = filled({"terms": {**terms, "kind": kind}, WAIVE_REST: kind is Kind.SETTLEMENT})
    return _page(there, kind, state)


def _bank_terms(negotiation: OwnNegotiation) -> Plain:
    made = [each.terms for each in negotiation.offers if each.by is OfferBy.BANK]
    return made[-1] if made else {}


def _kind(word: str | None) -> Kind:
    return Kind(word) if word in set(Kind) else Kind.INSTALMENTS


def _page(there: _There, kind: Kind, state: FormState) -> Response:
    negotiation = there.negotiation
    amount = marked("一次还清的金额") if kind is Kind.SETTLEMENT else state.fields.names["terms.principal_fen"]
    names = {**state.fields.names, "terms.first_due_on": FIRST_DAY[kind], "terms.principal_fen": amount}
    return own_page(
        "my/counter.html",
        negotiation,
        title=translate("向%(bank)s提出您的方案", bank=bank_name(negotiation)),
        state=replace(state, fields=replace(state.fields, names=names)),
        kind=kind,
        kinds=[
            each
            for each in (*_KINDS, *([kind] if kind not in _KINDS else []))
            if not (there.basis.is_over_loans and each is Kind.LOWER_MINIMUM)
        ],
        owed_fen=there.basis.owed.total_fen,
        left_fen=there.left_fen,
        first_day_name=translate(FIRST_DAY[kind]),
        **compared(_figures(there, kind, state), negotiation),
        counter_offers_left=there.rules.counter_offers_left if negotiation.may_counter else 0,
    )


def _figures(there: _There, kind: Kind, state: FormState) -> IdeaFigures | None:
    """What was typed comes to, or None while it cannot be read, or says nothing of a payment."""
    if not state.sound:
        return None
    typed = read_form(_with_kind(form_of(state.values), kind), SHORT_COUNTER_OFFER)
    terms, faults = _terms(typed, there.basis, kind)
    if terms is None or faults or not typed.sound:
        return None
    return figures_of_terms(terms, owed_fen=there.basis.owed.total_fen, today=face().today)


@blueprint.route("/preview", methods=["POST"])
@for_cardholders
def preview(negotiation_id: str) -> Response:
    """What the terms come to beside the bank's, as a part of the page; nothing is sent or kept."""
    there = _read(negotiation_id)
    state = FormState(values=typed_values(request.form))
    mine = _figures(there, _kind(request.form.get("terms.kind")), state)
    return page("my/_idea.html", title="", **compared(mine, there.negotiation))


def _preview_page(there: _There, state: FormState, preview: Preview, *, changed: bool) -> Response:
    return own_page(
        "my/counter-preview.html",
        there.negotiation,
        title=translate("发给%(bank)s之前，请看一遍", bank=bank_name(there.negotiation)),
        state=state,
        preview=preview,
        offer=preview.offer,
        waived=waived_words(preview.waived),
        planned=waived_words(Waived(**preview.planned)),
        first_day_name=translate(FIRST_DAY[preview.offer.figures.kind]),
        changed=changed,
        more_afterwards=max(0, there.rules.counter_offers_left - 1),
        **compared(figures_of_offer(preview.offer), there.negotiation),
        kept=[(name, each) for name, typed in state.values.items() if name not in (SHOWN, "do") for each in typed],
        back=address_of(there.negotiation.id, "/counter"),
    )


@blueprint.route("", methods=["POST"])
@for_cardholders
@keeps_unfinished
def send(negotiation_id: str) -> Response:
    """The terms are shown with what they come to; once that was seen, they are on their way to the bank."""
    there = _read(negotiation_id)
    kind = _kind(request.form.get("terms.kind"))
    state = read_form(_with_kind(MultiDict(request.form), kind), SHORT_COUNTER_OFFER)
    if request.form.get("do") == "edit":
        return _page(there, kind, state)
    terms, faults = _terms(state, there.basis, kind)
    state = state.with_faults(_at_its_field(faults, state, kind))
    if terms is None or not state.sound:
        return _page(there, kind, state)
    shown = request.form.get(SHOWN)
    try:
        return _sent_or_shown(there, terms, shown)
    except _ShownOtherwise as error:
        return _preview_page(there, state, error.offer, changed=shown is not None)
    except Refused as error:
        return _page(there, kind, state.with_faults(_at_its_field(error.faults, state, kind)))
    except CounterOffersExhausted as error:
        limit = Fault("", "counter_offers_exhausted", {"limit": error.limit})
        return _page(there, kind, state.with_faults([limit]))


def _with_kind(form: MultiDict[str, str], kind: Kind) -> MultiDict[str, str]:
    form["terms.kind"] = kind
    return form


def _terms(state: FormState, basis: CounterBasis, kind: Kind) -> tuple[Terms | None, list[Fault]]:
    """What was typed as whole terms, what was left open worked out; or None and every fault."""
    typed: Plain = state.data.get("terms", {})
    amounts = ("monthly_payment_fen", "principal_fen", "instalments")
    if kind.is_in_parts and not any(name in typed for name in amounts):
        return None, [Fault("/terms/monthly_payment_fen", "required")]
    if kind is Kind.SETTLEMENT and "principal_fen" not in typed:
        return None, [Fault("/terms/principal_fen", "required")]
    terms, faults = load_short_counter_offer(
        {"terms": typed},
        today=face().today,
        owed_fen=basis.owed.total_fen,
        rate_of_bank=basis.rate_of_bank,
        instalments_fen=basis.instalments_fen,
    )
    wished = {part: fen for part, fen in typed.get("waived", {}).items() if isinstance(fen, int)}
    too_much = [fault.under("/terms") for fault in debt_faults(None, Waived(**wished), basis.owed)]
    if too_much:
        # What was worked out from it says nothing then.
        worked_out = {"/terms/principal_fen", "/terms/instalments"}
        return None, [*too_much, *(fault for fault in faults if fault.pointer not in worked_out)]
    if terms is None:
        return None, faults
    if state.has(WAIVE_REST, "1"):
        terms = with_rest_waived(terms, basis.owed, instalments_fen=basis.instalments_fen)
    return terms, []


def _at_its_field(faults: Iterable[Fault], state: FormState, kind: Kind) -> list[Fault]:
    """The faults where the person can put them right: what was worked out stands at what it was worked out from."""
    typed: Plain = state.data.get("terms", {})

    def moved(fault: Fault) -> Fault:
        match fault.pointer:
            case "/terms/method":
                return replace(fault, pointer="/terms/annual_rate_percent")
            case "/terms/principal_fen" if "principal_fen" not in typed and fault.code != "required":
                return Fault("/terms/waived", "nothing_left_to_pay")
            case "/terms/instalments" if "instalments" not in typed and kind.is_in_parts:
                return replace(fault, pointer="/terms/monthly_payment_fen")
        return fault

    return [moved(each) for each in faults]


def _sent_or_shown(there: _There, terms: Terms, shown: str | None) -> Response:
    """Leads to the negotiation once the terms are sent; raises `_ShownOtherwise` where they have to be seen first."""
    person, negotiation = current_cardholder(), there.negotiation

    def propose(tx: HubTransaction) -> Preview:
        offer = counter_offers.counter(tx, negotiation.id, terms, client_id=negotiation.client_id)
        view = views.offer_view(tx, offer)
        return Preview(offer=own_offer(view), planned=view["planned"], owed=there.basis.owed)

    def send(tx: HubTransaction) -> str:
        preview = propose(tx)
        if preview.offer.digest != shown:
            raise _ShownOtherwise(preview)
        return address_of(negotiation.id, "?done=countered")

    if request.form.get("do") != "send":
        raise _ShownOtherwise(rehearsed(person, propose))
    return do_once(person, send)
