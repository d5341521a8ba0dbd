"""The terms that a bank's form of an offer begins with: those of an earlier offer, or of what the person asks for."""

from dataclasses import dataclass, replace

from hub.domain.amounts import Amounts, sum_of
from hub.domain.balances import Balance, kept_fen
from hub.domain.offer import OfferBy
from hub.domain.offer_template import OfferTemplate
from hub.domain.plain import Plain, from_plain, percent, to_plain
from hub.domain.proposal import Proposal, waiver_wished
from hub.domain.ready_plans import ASSUMED_RATE
from hub.domain.terms import FIELDS_BY_KIND, OF_ONE_KIND, Kind, Method
from hub.services.negotiations import desk_templates, offer_contents
from hub.services.negotiations.as_asked import as_asked
from hub.services.negotiations.desk_templates import Version
from hub.services.reading.bank.heading import declared_balances
from hub.services.reading.bank.offers import wish_of
from hub.services.transaction import HubTransaction
from storage import negotiations, offers
from storage.records import OfferRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferStart:
    """Terms and balances as the fields of the form; `terms` are those that a plan of `kind` has.

    `reason_over_80` is what the bank said with the earlier offer; empty where there is none.
    """

    kind: Kind
    terms: Plain
    balances: list[Plain]
    reason_over_80: str = ""


def templates_for(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> list[Version[OfferTemplate]]:
    """The bank's templates that are meant for a debt as large as this; raises `NotFound`."""
    owed = _owed(declared_balances(tx, negotiation_id, bank_code=bank_code))
    return [each for each in desk_templates.offer_templates(tx, bank_code) if each.value.fits(owed)]


def start_from(
    tx: HubTransaction, negotiation_id: str, template_id: str, *, bank_code: str, over_loans: bool = False
) -> OfferStart | None:
    """What the form begins with by that template; None where it is off, or is not meant for so large a debt."""
    fitting = templates_for(tx, negotiation_id, bank_code=bank_code)
    template = next((each.value for each in fitting if each.template_id == template_id), None)
    if template is None:
        return None
    start = offer_start(tx, negotiation_id, kind=template.kind, bank_code=bank_code, over_loans=over_loans)
    stated = [from_plain(Balance, each) for each in start.balances]
    owed, waived = _owed(start.balances), template.waived(_owed(start.balances))
    principal_fen = owed.principal_fen - max(waived.principal_fen, kept_fen(template.kind, stated))
    said = {**template.terms, "waived": to_plain(waived), "principal_fen": principal_fen, "note": template.note}
    return replace(start, terms={**start.terms, **said})


def _owed(balances: list[Plain]) -> Amounts:
    return sum_of([from_plain(Balance, each) for each in balances])


def offer_start(
    tx: HubTransaction,
    negotiation_id: str,
    *,
    kind: Kind | None,
    like: str | None = None,
    bank_code: str,
    over_loans: bool = False,
) -> OfferStart:
    """What the form begins with; `like` is the id of an earlier offer, one that is none of the negotiation's is not.

    Where cards and loans are owed, it is over the loans if `over_loans` says so, else over the cards: no offer is over
    both.

    Without `kind` it is the kind of that offer, or the one that the person asks for. What they ask for is whole terms,
    where their wish leaves nothing open. Raises `NotFound`.
    """
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    declared = declared_balances(tx, negotiation_id, bank_code=bank_code)
    balances = of_one_sort(declared, over_loans=over_loans)
    offer = next((each for each in offers.list_offers(tx, row.id) if each.id == like), None)
    if offer is None:
        # What is asked for is over all that is owed.
        asked = as_asked(tx, row).terms if balances == declared else None
        proposal = wish_of(tx, row).proposal
        wanted = proposal.kind if asked is None else asked.kind
        terms = first_terms(proposal, balances, kind or wanted)
        if asked is not None and kind in (None, asked.kind):
            terms = {**terms, **offer_contents.terms_view(asked)}
    else:
        terms, of_offer = _terms_of(tx, offer)
        wanted, balances = Kind(terms["kind"]), of_offer or balances
    kind = kind or wanted
    foreign = OF_ONE_KIND - FIELDS_BY_KIND[kind].taken
    fitting = {name: value for name, value in terms.items() if name not in foreign}
    reason = None if offer is None else offers.reason_over_80_of(tx, offer)
    return OfferStart(kind=kind, terms={**fitting, "kind": kind.value}, balances=balances, reason_over_80=reason or "")


def of_one_sort(balances: list[Plain], *, over_loans: bool) -> list[Plain]:
    """The cards among `balances`, or the loans; all of them where they are of one sort anyway."""
    loans = [each for each in balances if each.get("contract_last4")]
    cards = [each for each in balances if not each.get("contract_last4")]
    if not loans or not cards:
        return balances
    return loans if over_loans else cards


def _terms_of(tx: HubTransaction, offer: OfferRecord) -> tuple[Plain, list[Plain]]:
    contents = offer_contents.of(tx, offer)
    # What the person pleaded must never go out as the bank's own words.
    note = {"note": ""} if offer.by == OfferBy.CARDHOLDER else {}
    return {**contents["terms"], **note}, contents["balances"]


def first_terms(proposal: Proposal, balances: list[Plain], kind: Kind) -> Plain:
    """Terms of `kind` to begin with: what is owed and they can hold, in the shape that the person asked for."""
    stated = [from_plain(Balance, each) for each in balances]
    owed = sum_of(stated)
    waived = waiver_wished(proposal, owed)
    minimum = proposal.minimum_percent
    return {
        "principal_fen": proposal.settlement_fen
        or owed.principal_fen - max(waived.principal_fen, kept_fen(kind, stated)),
        "waived": to_plain(waived),
        "first_due_on": proposal.first_due_on.isoformat(),
        "instalments": proposal.instalments,
        "months": proposal.months,
        "down_payment_fen": proposal.down_payment_fen or None,
        "minimum_percent": None if minimum is None else percent(minimum),
        # The rate with which the person's pages reckoned; that of a lowered minimum is the card's own.
        "annual_rate_percent": None if kind is Kind.LOWER_MINIMUM else percent(ASSUMED_RATE),
        "method": Method.EQUAL_INSTALMENT.value,
    }
