"""The person's own terms to the bank, with what they come to before they are sent."""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from hub.domain.errors import CounterOffersExhausted, Fault
from hub.domain.offer import OfferBy
from hub.domain.plain import Plain
from hub.domain.plan_estimates import usual_first_day
from hub.domain.repayment import Schedule, schedule_of
from hub.domain.terms import Kind, Method, Terms
from hub.services.negotiations import counter_offers
from hub.services.reading.cardholder import negotiations
from hub.services.reading.cardholder.negotiations import BankRulesShown, OwnNegotiation
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.my.negotiation_page import address_of, bank_name, own_page, reading_own
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_cardholder, for_cardholders
from schemas.offers import COUNTER_OFFER, load_counter_offer

blueprint = Blueprint("counter_offer", __name__, url_prefix="/negotiations/<id:negotiation_id>/counter")

_KINDS = (Kind.INSTALMENTS, Kind.DEFERRAL, Kind.SETTLEMENT, Kind.LOWER_MINIMUM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What terms come to when they are signed today, in fen. `monthly_fen`: the first payment, None without any."""

    schedule: Schedule
    interest_fen: int
    monthly_fen: int | None


@blueprint.route("")
@for_cardholders
def show(negotiation_id: str) -> Response:
    """The form, filled with the bank's newest terms as a beginning."""
    negotiation, rules = _read(negotiation_id)
    terms = dict(_bank_terms(negotiation))
    kind = _kind(request.args.get("kind") or terms.get("kind"))
    if terms.get("kind") != kind:
        known = ("principal_fen", "annual_rate_percent", "waived")
        terms = {"first_due_on": usual_first_day(face().today).isoformat()} | {
            name: terms[name] for name in known if name in terms
        }
    # What the bank wrote beside its terms are not the person's words.
    terms["note"] = ""
    return _page(negotiation, rules, kind, filled({"terms": {**terms, "kind": kind}}))


def _read(negotiation_id: str) -> tuple[OwnNegotiation, BankRulesShown]:
    with reading_own(negotiation_id) as (tx, negotiation):
        return negotiation, negotiations.rules_of(tx, negotiation)


def _bank_terms(negotiation: OwnNegotiation) -> Plain:
    made = [each.terms for each in negotiation.offers if each.by is OfferBy.BANK]
    return made[-1] if made else {}


def _kind(word: str | None) -> Kind:
    return Kind(word) if word in set(Kind) else Kind.INSTALMENTS


def _page(
    negotiation: OwnNegotiation, rules: BankRulesShown, kind: Kind, state: FormState, *, preview: Preview | None = None
) -> Response:
    return own_page(
        "my/counter.html",
        negotiation,
        title=translate("向%(bank)s提出您的方案", bank=bank_name(negotiation)),
        state=state,
        kind=kind,
        kinds=[*_KINDS, *([kind] if kind not in _KINDS else [])],
        counter_offers_left=rules.counter_offers_left if negotiation.may_counter else 0,
        preview=preview,
    )


@blueprint.route("", methods=["POST"])
@for_cardholders
def send(negotiation_id: str) -> Response:
    """The terms are on their way to the bank, or shown with what they come to."""
    negotiation, rules = _read(negotiation_id)
    kind = _kind(request.form.get("terms.kind"))
    state = read_form(_form(kind), COUNTER_OFFER)
    data = {"terms": _whole(state.data.get("terms", {}), negotiation, kind)}
    terms, faults = load_counter_offer(data, today=face().today)
    state = state.with_faults(_at_its_field(each) for each in faults)
    if terms is not None and state.sound and request.form.get("do") != "send":
        return _page(negotiation, rules, kind, state, preview=_preview(terms))
    form = partial(_page, negotiation, rules, kind)

    def propose(tx: HubTransaction, terms: Terms) -> str:
        counter_offers.counter(tx, negotiation_id, terms, client_id=negotiation.client_id)
        return address_of(negotiation_id, "?done=countered")

    try:
        return send_once(current_cardholder(), state, terms, propose, form=form)
    except CounterOffersExhausted as error:
        limit = Fault("", "counter_offers_exhausted", {"limit": error.limit})
        return form(state.with_faults([limit]))


def _form(kind: Kind) -> MultiDict[str, str]:
    form: MultiDict[str, str] = MultiDict(request.form)
    form["terms.kind"] = kind
    return form


def _whole(typed: Plain, negotiation: OwnNegotiation, kind: Kind) -> Plain:
    """The typed terms with what nobody is asked for: the method that fits the rate, and what the bank waived."""
    terms = dict(typed)
    bank = _bank_terms(negotiation)
    if "waived" in bank:
        terms["waived"] = bank["waived"]
    if kind.is_in_parts:
        terms["method"] = _method(terms.get("annual_rate_percent"), bank.get("method"))
    return terms


def _method(rate: str | None, of_bank: str | None) -> str:
    try:
        is_free = rate is not None and Decimal(rate) == 0
    except ArithmeticError:
        is_free = False
    if is_free:
        return Method.INTEREST_FREE
    return Method.EQUAL_PRINCIPAL if of_bank == Method.EQUAL_PRINCIPAL else Method.EQUAL_INSTALMENT


def _at_its_field(fault: Fault) -> Fault:
    """A fault of the method is one of the rate, by which it was chosen."""
    if fault.pointer == "/terms/method":
        return Fault("/terms/annual_rate_percent", fault.code, fault.params)
    return fault


def _preview(terms: Terms) -> Preview:
    schedule = schedule_of(terms, signed_on=face().today)
    return Preview(
        schedule=schedule,
        interest_fen=sum(row.interest_fen for row in schedule.rows),
        monthly_fen=next((row.total_fen for row in schedule.rows if row.number == 1), None),
    )
