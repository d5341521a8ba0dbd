"""The plan builder: what a clerk has typed of an offer, read by the schema of the API, and what it comes to.

Fields that plans of another kind have are kept as they were typed, and say nothing while this kind is chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import request

from hub.domain.balances import Balance
from hub.domain.errors import Fault
from hub.domain.offer import BankOffer
from hub.domain.plain import to_plain
from hub.domain.terms import FIELDS_BY_KIND, MAX_INSTALMENTS, OF_ONE_KIND, Kind
from hub.services.reading.bank.heading import declared_balances, require_negotiation
from hub.services.reading.bank.offer_start import offer_start, start_from
from hub.services.reading.bank.plan import PlanShown, plan_of
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages import component_rows
from hub.web.pages.forms import Form, FormState, Values, filled, form_of, read_form, typed_values
from schemas.base import Read
from schemas.offers import BANK_OFFER, load_bank_offer

SHOWN: Final = "shown"
"""The digest of the plan that the clerk saw beside the form when it was sent."""
_NO_VALUES = frozenset({SHOWN, "csrf_token", "once", "step", "switch"})


def kind_of(text: str) -> Kind:
    """The kind that an address or a form names; instalments where it names none."""
    return Kind(text) if text in set(Kind) else Kind.INSTALMENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as it stands, of a plan of `kind`, and the offer that it means, or every fault."""

    kind: Kind
    state: FormState
    read: Read[BankOffer]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What was typed into fields that a plan of this kind has not."""
        foreign = {f"terms.{name}" for name in OF_ONE_KIND - FIELDS_BY_KIND[self.kind].taken}
        return [(name, each) for name, typed in self.state.values.items() if name in foreign for each in typed if each]


def begun(
    tx: HubTransaction,
    negotiation_id: str,
    *,
    kind: Kind | None,
    like: str | None,
    template: str | None = None,
    bank_code: str,
    over_loans: bool = False,
) -> Typed:
    """The form as it begins: by a template of the bank that fits, with an earlier offer, or with what is asked for.

    Raises `NotFound`.
    """
    by_template = (
        start_from(tx, negotiation_id, template, bank_code=bank_code, over_loans=over_loans) if template else None
    )
    start = by_template or offer_start(
        tx, negotiation_id, kind=kind, like=like, bank_code=bank_code, over_loans=over_loans
    )
    balances = [component_rows.shown(each) for each in start.balances]
    return of_data({"terms": start.terms, "balances": balances, "reason_over_80": start.reason_over_80})


def of_data(data: Mapping[str, Any]) -> Typed:
    """The form that shows `data`, in the spelling of the schemas."""
    state = filled(data)
    read, _ = _read(read_form(form_of(state.values), BANK_OFFER).data)
    return Typed(kind=kind_of(state.value("terms.kind")), state=state, read=read)


def typed() -> Typed:
    """The form that was posted; `switch` names another kind to go on with."""
    return of_values(typed_values(request.form), switch=request.form.get("switch", ""))


def of_values(values: Values, *, switch: str = "") -> Typed:
    """The form in which `values` were typed."""
    values = {name: each for name, each in values.items() if name not in _NO_VALUES}
    kind = kind_of(switch or next(iter(values.get("terms.kind", ())), ""))
    values["terms.kind"] = [kind]
    state = read_form(_of_kind(values, kind), BANK_OFFER)
    read, rows = _read(state.data)
    faults = [_naming_its_rule(component_rows.at_row(each, rows), state.data) for each in read.faults]
    kept = {name: each for name, each in values.items() if name not in state.values and name.startswith("terms.")}
    state = replace(state.with_faults(faults), values={**state.values, **kept})
    return Typed(kind=kind, state=state, read=read)


def _naming_its_rule(fault: Fault, data: Any) -> Fault:
    """The same fault; too many instalments by the rule that allows no more."""
    count = data.get("terms", {}).get("instalments")
    is_too_long = fault.pointer == "/terms/instalments" and isinstance(count, int) and count > MAX_INSTALMENTS
    return replace(fault, code="beyond_sixty_instalments") if is_too_long else fault


def _of_kind(values: Values, kind: Kind) -> Form:
    foreign = {f"terms.{name}" for name in OF_ONE_KIND - FIELDS_BY_KIND[kind].taken}
    return form_of({name: each for name, each in values.items() if name not in foreign})


def _read(data: Any) -> tuple[Read[BankOffer], Sequence[Mapping[str, Any]]]:
    balances = [component_rows.completed(each) for each in data.get("balances") or []]
    return load_bank_offer({**data, "balances": balances}, today=face().today), balances


def proposed(tx: HubTransaction, negotiation_id: str, offer: BankOffer, *, bank_code: str) -> BankOffer:
    """The offer as it is made: without balances where they are the declared ones, which the bank confirms then."""
    return replace(offer, balances=_confirmed(tx, negotiation_id, bank_code, offer.balances))


def _confirmed(
    tx: HubTransaction, negotiation_id: str, bank_code: str, balances: tuple[Balance, ...] | None
) -> tuple[Balance, ...] | None:
    if balances is None:
        return None
    declared = declared_balances(tx, negotiation_id, bank_code=bank_code)
    if not any(each.components for each in balances):
        # Parts that the rows of the form have no place for are confirmed with their principal.
        declared = [{name: value for name, value in each.items() if name != "components"} for each in declared]
    return None if to_plain(list(balances)) == declared else balances


def plan_in(
    tx: HubTransaction, negotiation_id: str, form: Typed, *, bank_code: str
) -> tuple[PlanShown | None, tuple[Fault, ...]]:
    """What the form comes to, None while it cannot be read or its terms break a rule, and what is wrong with it.

    Raises `NotFound`.
    """
    require_negotiation(tx, negotiation_id, bank_code=bank_code)
    offer = form.read.value
    if offer is None or not _is_readable(form.state):
        return None, form.state.faults or tuple(each for each in form.read.faults if each.code != "required")
    return plan_of(tx, negotiation_id, proposed(tx, negotiation_id, offer, bank_code=bank_code), bank_code=bank_code)


def _is_readable(state: FormState) -> bool:
    # A reason that is missing, or an end that is too near, is no matter of the figures.
    return all(each.pointer.split("/")[1] not in {"terms", "balances"} for each in state.faults if each.pointer)
