"""Terms, balances and offers on the wire. What each kind of terms takes and allows is the domain's to say.

Terms are judged also where single fields could not be read: a stand-in that breaks no rule takes their place.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hub.domain.balances import Balance
from hub.domain.errors import Fault, InvalidValue
from hub.domain.invisible import without_invisible
from hub.domain.loan import MOST_LOANS, contract_end
from hub.domain.offer import BankOffer
from hub.domain.plain import to_plain
from hub.domain.repayment import row_faults
from hub.domain.terms import (
    FIELDS_BY_KIND,
    MAX_FEN,
    MAX_INSTALMENTS,
    OF_ONE_KIND,
    Kind,
    Method,
    Terms,
    Waived,
    faults_of,
)
from hub.domain.wishes import worked_out
from schemas.accounts import (
    MAX_ACCOUNTS,
    MAX_COMPONENTS,
    ComponentSchema,
    Currency,
    components_of,
    found_component_faults,
)
from schemas.base import Found, Read, Schema, parts, read
from schemas.fields import Choice, Day, Each, Fen, Formed, FreeText, Instant, Part, Percent, SpokenText, Whole
from schemas.loans import CONTRACT_END
from schemas.proposals import NOTE_LIMIT, WaivedSchema

LAST4 = {"pattern": "^[0-9]{4}$"}
FIRST6 = {"pattern": "^[0-9]{6}$"}


class TermsSchema(Schema):
    """The terms of an offer or a quote; from `instalments` on, `kind` says what is needed and what refused.

    For those fields null is the same as leaving them out.
    """

    kind = Choice(Kind, required=True)
    principal_fen = Fen(required=True, least=1)
    waived = Part(WaivedSchema, load_default=None, allow_none=True)
    first_due_on = Day(required=True)
    note = SpokenText(limit=NOTE_LIMIT, load_default="")
    instalments = Whole(least=1, most=MAX_INSTALMENTS, allow_none=True)
    annual_rate_percent = Percent(allow_none=True)
    method = Choice(Method, allow_none=True)
    down_payment_fen = Fen(allow_none=True)
    fee_fen = Fen(allow_none=True)
    months = Whole(least=1, most=MAX_INSTALMENTS, allow_none=True)
    minimum_percent = Percent(allow_none=True)


def last_four(text: str) -> str:
    """The last four digits of a card, without signs that nobody sees."""
    return _plain_digits(text, 4, "four_digits")


def first_six(text: str) -> str:
    """The first six digits of a card, without signs that nobody sees."""
    return _plain_digits(text, 6, "six_digits")


def _plain_digits(text: str, count: int, otherwise: str) -> str:
    digits = without_invisible(text)
    if not (len(digits) == count and digits.isascii() and digits.isdigit()):
        raise InvalidValue(otherwise)
    return digits


class BalanceSchema(Schema):
    """What is owed on one card or loan by the creditor's own figures, in fen, on the day `as_of`.

    A card is named by `card_last4`, a loan by `contract_last4`.
    """

    card_last4 = Formed(last_four, metadata=LAST4)
    contract_last4 = Formed(contract_end, metadata=CONTRACT_END)
    currency = Currency(required=True)
    principal_fen = Fen(required=True)
    interest_fen = Fen(required=True)
    fees_fen = Fen(required=True)
    penalty_fen = Fen(required=True)
    as_of = Day(required=True)
    card_first6 = Formed(first_six, metadata=FIRST6)
    components = Each(Part(ComponentSchema), most=MAX_COMPONENTS)


class CounterOfferSchema(Schema):
    """The cardholder's own terms."""

    terms = Part(TermsSchema, required=True)


class WishSchema(TermsSchema):
    """The cardholder's own terms, whole or short.

    What a month can be paid with `monthly_payment_fen` and `instalments`, or what is wished to be waived: principal,
    rate and method that are left out are worked out.
    """

    principal_fen = Fen(least=1, allow_none=True)
    monthly_payment_fen = Fen(least=1, allow_none=True)


class ShortCounterOfferSchema(Schema):
    """The cardholder's own terms, whole or short."""

    terms = Part(WishSchema, required=True)


class BankOfferSchema(CounterOfferSchema):
    """A bank's offer; without balances it confirms the declared ones, without an end it has the usual one."""

    balances = Each(Part(BalanceSchema), most=MAX_ACCOUNTS + MOST_LOANS, load_default=None, allow_none=True)
    valid_until = Instant(load_default=None, allow_none=True)
    reason_over_80 = FreeText(load_default="", allow_none=True)


TERMS = TermsSchema()
WISH = WishSchema()
SHORT_COUNTER_OFFER = ShortCounterOfferSchema()
COUNTER_OFFER = CounterOfferSchema()
BANK_OFFER = BankOfferSchema()


def load_terms(data: object, *, today: date, pointer: str = "") -> Read[Terms]:
    """The terms that `data` holds, or None and every fault; `pointer` is where `data` stands in its body.

    `today` is the day in China on which an offer on them opens, or a quote is asked for.
    """
    found, faults = read(TERMS, data)
    sent = {name for name, value in data.items() if value is not None} if isinstance(data, Mapping) else set()
    kind = found.get("kind")
    if kind is not None:
        # A field that must go is not worth another word.
        foreign = {f"/{name}" for name in sent & OF_ONE_KIND - FIELDS_BY_KIND[kind].taken}
        faults = [fault for fault in faults if fault.pointer not in foreign]
        faults += [Fault(each, "not_for_this_kind", {"kind": kind.value}) for each in sorted(foreign)]
        found = {name: value for name, value in found.items() if f"/{name}" not in foreign}
    places = {fault.pointer for fault in faults}
    if isinstance(data, Mapping):
        wrong = {place.split("/")[1] for place in places if place}
        judged = faults_of(_terms(found, sent, wrong, today), today=today)
        faults += [fault for fault in judged if fault.pointer.split("/")[1] not in wrong]
    if not faults:
        terms = _terms(found, sent, frozenset(), today)
        faults = row_faults(terms)
        if not faults:
            return Read(terms, [])
    return Read(None, [fault.under(pointer) for fault in faults])


def _terms(found: Found, sent: set[str], wrong: set[str] | frozenset[str], today: date) -> Terms:
    """Terms of what was read, with a stand-in for what is wrong and nothing for what was not sent."""
    stand_ins: dict[str, Any] = {
        # With a kind unknown only the rules of every kind can be judged, and a settlement has no others.
        "kind": Kind.SETTLEMENT,
        "principal_fen": MAX_FEN,
        "first_due_on": today + timedelta(days=1),
        "note": "",
        "instalments": 1,
        "annual_rate_percent": Decimal(1),
        "method": Method.EQUAL_PRINCIPAL,
        "down_payment_fen": 0,
        "fee_fen": 0,
        "months": 1,
        "minimum_percent": Decimal(1),
    }
    kind = found.get("kind", stand_ins["kind"])
    taken = FIELDS_BY_KIND[kind].taken
    values = {
        name: found.get(name, stand_ins[name])
        for name in stand_ins
        if name not in OF_ONE_KIND or (name in taken and name in sent)
    }
    waived = found.get("waived")
    whole = waived if waived is not None and "waived" not in wrong else {}
    return Terms(**{**values, "kind": kind, "waived": Waived(**whole)})


def load_quote(data: object, *, today: date) -> Read[Terms]:
    """The terms to be quoted, as the body itself or alone under `terms`."""
    if isinstance(data, Mapping) and set(data) == {"terms"}:
        return load_terms(data["terms"], today=today, pointer="/terms")
    return load_terms(data, today=today)


def load_counter_offer(data: object, *, today: date) -> Read[Terms]:
    """The terms of a cardholder's counter-offer, or None and every fault."""
    _, faults = read(COUNTER_OFFER, data)
    terms, judged = _terms_below(data, today)
    faults = _outside_terms(faults) + judged
    return Read(None if faults else terms, faults)


def load_short_counter_offer(
    data: object, *, today: date, owed_fen: int, rate_of_bank: Decimal | None, instalments_fen: int = 0
) -> Read[Terms]:
    """The terms of a counter-offer, what it leaves out worked out from what is owed; or None and every fault."""
    given = data.get("terms") if isinstance(data, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(given, Mapping):
        return load_counter_offer(data, today=today)
    found, faults = read(WISH, given)
    monthly = [fault for fault in faults if fault.pointer == "/monthly_payment_fen"] or list(_monthly_faults(found))
    wrong = {fault.pointer.split("/")[1] for fault in faults if fault.pointer}
    open_fields = worked_out(
        {name: value for name, value in found.items() if name not in wrong},
        owed_fen=owed_fen,
        rate_of_bank=rate_of_bank,
        instalments_fen=instalments_fen,
    )
    typed = {name: value for name, value in given.items() if name != "monthly_payment_fen" and value is not None}
    whole = {
        **{name: value for name, value in to_plain(open_fields).items() if name not in typed},
        **typed,
    }
    terms, rest = load_counter_offer({**data, "terms": whole}, today=today)
    faults = [fault.under("/terms") for fault in monthly] + rest
    return Read(None if faults else terms, faults)


def _monthly_faults(found: Found) -> Iterator[Fault]:
    kind = found.get("kind")
    if found.get("monthly_payment_fen") is None or kind is None:
        return
    if not kind.is_in_parts:
        yield Fault("/monthly_payment_fen", "not_for_this_kind", {"kind": kind.value})
    elif found.get("principal_fen") is not None:
        yield Fault("/monthly_payment_fen", "not_with_principal")


def load_bank_offer(data: object, *, today: date) -> Read[BankOffer]:
    """A bank's offer, or None and every fault. Whether its end is near or far enough is not judged here."""
    found, faults = read(BANK_OFFER, data)
    terms, judged = _terms_below(data, today)
    faults = _outside_terms(faults) + judged
    for place, each in enumerate(parts(found, "balances")):
        faults += [fault.under(f"/balances/{place}") for fault in found_component_faults(each)]
        named_wrongly = any(fault.pointer.startswith(f"/balances/{place}/card_last4") for fault in faults)
        faults += [fault.under(f"/balances/{place}") for fault in _name_faults(each) if not named_wrongly]
    if faults or terms is None:
        return Read(None, faults)
    # An empty list says nothing, so it confirms like one that is left out.
    balances = tuple(_balance(each) for each in found["balances"] or ()) or None
    reason = found["reason_over_80"] or ""
    return Read(BankOffer(terms=terms, balances=balances, valid_until=found["valid_until"], reason_over_80=reason), [])


def _name_faults(found: Found) -> Iterator[Fault]:
    """A balance is of a card or of a loan, and of one of both; nothing where another field could not be read either."""
    if "as_of" in found and "principal_fen" in found and not {"card_last4", "contract_last4"} & set(found):
        yield Fault("/card_last4", "required")
    elif {"card_last4", "contract_last4"} <= set(found):
        yield Fault("/contract_last4", "card_or_loan")


def _balance(found: Found) -> Balance:
    parts_of_it = components_of(found) if "components" in found else ()
    return Balance(**{**found, "components": parts_of_it})


def _terms_below(data: object, today: date) -> Read[Terms]:
    if not isinstance(data, Mapping) or not isinstance(data.get("terms"), Mapping):
        return Read(None, [])
    return load_terms(data["terms"], today=today, pointer="/terms")


def _outside_terms(faults: list[Fault]) -> list[Fault]:
    """`faults` without those inside the terms, which are judged by themselves."""
    return [fault for fault in faults if not fault.pointer.startswith("/terms/")]
