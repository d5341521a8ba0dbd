"""The terms of an offer or a quote: what is put into the plan, what is waived, and when it is repaid.

The shape of each kind and every bound on its numbers live here; the arithmetic lives in `repayment`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from dateutil.relativedelta import relativedelta

from hub.domain.errors import Fault, InvalidValue

MAX_FEN = 10**12
MAX_INSTALMENTS = 60
MAX_DEFERRAL_MONTHS = 12
# The five years of Article 70 as months: no bound of its own is set for a lowered minimum.
MAX_LOWER_MINIMUM_MONTHS = 60
# 《商业银行信用卡业务监督管理办法》 (银监会令 2011 年第 2 号), Article 70: a plan lasts at most five years.
MAX_YEARS = 5
MAX_RATE_PERCENT = 100


class Kind(StrEnum):
    """What is asked of the bank, or given by it."""

    INSTALMENTS = "instalments"  # 个性化分期
    DEFERRAL = "deferral"  # 延期
    REDUCTION = "reduction"  # 减免息费
    SETTLEMENT = "settlement"  # 一次性结清
    LOWER_MINIMUM = "lower_minimum"  # 降低最低还款额

    @property
    def is_in_parts(self) -> bool:
        """Whether it is repaid in monthly instalments."""
        return self in {Kind.INSTALMENTS, Kind.REDUCTION}

    @property
    def is_paid_at_once(self) -> bool:
        """Whether one payment is the whole plan: there is no second one to miss."""
        return self in {Kind.SETTLEMENT, Kind.DEFERRAL}


class Method(StrEnum):
    """How the principal and the interest are spread over the instalments."""

    EQUAL_INSTALMENT = "equal_instalment"  # 等额本息
    EQUAL_PRINCIPAL = "equal_principal"  # 等额本金
    INTEREST_FREE = "interest_free"  # 免息等额


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """What the bank gives up, in fen, beside the principal that is put into the plan."""

    interest_fen: int = 0
    penalty_fen: int = 0
    fees_fen: int = 0
    principal_fen: int = 0

    @property
    def total_fen(self) -> int:
        """All that is given up."""
        return self.interest_fen + self.penalty_fen + self.fees_fen + self.principal_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Terms as somebody put them forward; they may be used once `faults_of` finds nothing in them.

    They are not refused on construction, so that every fault can be named at once and with its place.
    """

    kind: Kind
    principal_fen: int
    first_due_on: date
    waived: Waived = Waived()
    note: str = ""
    instalments: int | None = None
    annual_rate_percent: Decimal | None = None
    method: Method | None = None
    down_payment_fen: int = 0
    fee_fen: int = 0
    months: int | None = None
    minimum_percent: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFields:
    """The fields that one kind takes beside those of every kind."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def taken(self) -> frozenset[str]:
        """Every field of the kind, required or not."""
        return frozenset(self.required + self.optional)


REQUIRED_OF_EVERY_KIND = ("kind", "principal_fen", "first_due_on")
OPTIONAL_FOR_EVERY_KIND = ("waived", "note")

_INSTALMENT_FIELDS = KindFields(
    required=("instalments", "annual_rate_percent", "method"), optional=("down_payment_fen", "fee_fen")
)
FIELDS_BY_KIND: Mapping[Kind, KindFields] = MappingProxyType(
    {
        Kind.INSTALMENTS: _INSTALMENT_FIELDS,
        Kind.REDUCTION: _INSTALMENT_FIELDS,
        Kind.DEFERRAL: KindFields(required=("months", "annual_rate_percent")),
        Kind.SETTLEMENT: KindFields(),
        Kind.LOWER_MINIMUM: KindFields(required=("minimum_percent", "months", "annual_rate_percent")),
    }
)
# Those that some kinds have and others have not.
OF_ONE_KIND = frozenset[str]().union(*(each.taken for each in FIELDS_BY_KIND.values()))


def fields_of(kind: Kind) -> tuple[str, ...]:
    """The names of the fields that terms of this kind have, on the wire too; the others would be refused there."""
    own = FIELDS_BY_KIND[kind]
    return (*REQUIRED_OF_EVERY_KIND, *OPTIONAL_FOR_EVERY_KIND, *own.required, *own.optional)


# What each field of a kind holds when nobody gave it.
_DEFAULTS: Mapping[str, object] = {
    field.name: field.default
    for field in fields(Terms)
    if field.name not in {*REQUIRED_OF_EVERY_KIND, *OPTIONAL_FOR_EVERY_KIND}
}


def due_dates(first: date, count: int) -> list[date]:
    """`count` dates, monthly from `first` on its day, or on the month's last day where it has no such day."""
    return [first + relativedelta(months=month) for month in range(count)]


def last_due_on(terms: Terms) -> date:
    """The day of the last payment; for a lowered minimum, of the last bill that it covers.

    Raises InvalidValue `required` where the number of instalments or months is not given.
    """
    match terms.kind:
        case Kind.SETTLEMENT:
            return terms.first_due_on
        case Kind.DEFERRAL:
            later = given(terms.months)
        case Kind.LOWER_MINIMUM:
            later = given(terms.months) - 1
        case Kind.INSTALMENTS | Kind.REDUCTION:
            later = given(terms.instalments) - 1
    return terms.first_due_on + relativedelta(months=later)


def given(value: int | None) -> int:
    """`value`, which the kind of the terms requires. Raises InvalidValue `required` where it is None."""
    if value is None:
        raise InvalidValue("required")
    return value


def range_faults(pointer: str, value: int, least: int, most: int) -> Iterator[Fault]:
    """The fault `out_of_range` where `value` is not from `least` to `most`, both allowed."""
    if not least <= value <= most:
        yield Fault(pointer, "out_of_range", {"min": least, "max": most})


def faults_of(terms: Terms, *, today: date) -> list[Fault]:
    """Every rule that `terms` break, with pointers relative to the terms; empty when they may be offered.

    `today` is the day in China on which the offer opens, or on which the quote is asked for.
    """
    return [
        *_field_faults(terms),
        *_amount_faults(terms),
        *_count_faults(terms),
        *_percent_faults(terms),
        *_date_faults(terms, today),
    ]


def _field_faults(terms: Terms) -> Iterator[Fault]:
    kind_fields = FIELDS_BY_KIND[terms.kind]
    for name, default in _DEFAULTS.items():
        value = getattr(terms, name)
        if name in kind_fields.required and value is None:
            yield Fault(f"/{name}", "required")
        elif name not in kind_fields.taken and value != default:
            yield Fault(f"/{name}", "not_for_this_kind", {"kind": terms.kind.value})


def _amount_faults(terms: Terms) -> Iterator[Fault]:
    yield from range_faults("/principal_fen", terms.principal_fen, 1, MAX_FEN)
    for name in ("interest_fen", "penalty_fen", "fees_fen", "principal_fen"):
        yield from range_faults(f"/waived/{name}", getattr(terms.waived, name), 0, MAX_FEN)
    if "fee_fen" in FIELDS_BY_KIND[terms.kind].taken:
        yield from range_faults("/fee_fen", terms.fee_fen, 0, MAX_FEN)
    if "down_payment_fen" in FIELDS_BY_KIND[terms.kind].taken:
        if 0 < terms.principal_fen <= terms.down_payment_fen:
            yield Fault("/down_payment_fen", "down_payment_not_below_principal")
        else:
            yield from range_faults("/down_payment_fen", terms.down_payment_fen, 0, MAX_FEN)


def _count_of(terms: Terms) -> tuple[str, int | None, int]:
    """The field that says how long the terms run, its value, and the most it may be."""
    match terms.kind:
        case Kind.SETTLEMENT:
            return "", 1, 1
        case Kind.DEFERRAL:
            return "/months", terms.months, MAX_DEFERRAL_MONTHS
        case Kind.LOWER_MINIMUM:
            return "/months", terms.months, MAX_LOWER_MINIMUM_MONTHS
        case Kind.INSTALMENTS | Kind.REDUCTION:
            return "/instalments", terms.instalments, MAX_INSTALMENTS


def _count_faults(terms: Terms) -> Iterator[Fault]:
    pointer, count, most = _count_of(terms)
    if count is not None:
        yield from range_faults(pointer, count, 1, most)


def _percent_faults(terms: Terms) -> Iterator[Fault]:
    taken = FIELDS_BY_KIND[terms.kind].taken
    rate = terms.annual_rate_percent
    if "annual_rate_percent" in taken and rate is not None:
        faults = list(_one_percent_faults("/annual_rate_percent", rate))
        yield from faults
        if not faults and terms.method is Method.EQUAL_INSTALMENT and rate == 0:
            yield Fault("/method", "equal_instalment_needs_a_rate")
        if not faults and terms.method is Method.INTEREST_FREE and rate != 0:
            yield Fault("/annual_rate_percent", "interest_free_needs_rate_zero")
    minimum = terms.minimum_percent
    if "minimum_percent" in taken and minimum is not None:
        if minimum.is_finite() and minimum == 0:
            yield Fault("/minimum_percent", "not_above_zero")
        else:
            yield from _one_percent_faults("/minimum_percent", minimum)


def _one_percent_faults(pointer: str, percent: Decimal) -> Iterator[Fault]:
    exponent = percent.as_tuple().exponent
    # The exponent of what is no number, or has no end, is a letter.
    if not isinstance(exponent, int) or not 0 <= percent <= MAX_RATE_PERCENT:
        yield Fault(pointer, "out_of_range", {"min": 0, "max": MAX_RATE_PERCENT})
    elif exponent < -2:
        yield Fault(pointer, "too_many_decimals", {"max": 2})


def _date_faults(terms: Terms, today: date) -> Iterator[Fault]:
    tomorrow = today + timedelta(days=1)
    latest = today + relativedelta(years=MAX_YEARS)
    _, count, most = _count_of(terms)
    if terms.first_due_on < tomorrow:
        yield Fault("/first_due_on", "too_early", {"earliest": tomorrow.isoformat()})
    # The first date is looked at alone before months are added, which near the end of the calendar cannot be.
    elif terms.first_due_on > latest or (count is not None and 1 <= count <= most and last_due_on(terms) > latest):
        yield Fault("/first_due_on", "beyond_five_years", {"latest": latest.isoformat()})
