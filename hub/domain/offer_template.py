"""Templates of offers: what a bank agrees to again and again, as a beginning for the plan of one case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from hub.domain.amounts import Amounts
from hub.domain.errors import Fault
from hub.domain.terms import FIELDS_BY_KIND, MAX_DEFERRAL_MONTHS, Kind, Method, Waived

_WHOLE: Final = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTemplate:
    """One template. Waivers are whole percents of what is owed; `most_owed_fen` is the largest debt it is meant for."""

    name: str
    kind: Kind
    instalments: int | None = None
    months: int | None = None
    annual_rate_percent: Decimal | None = None
    minimum_percent: Decimal | None = None
    method: Method | None = None
    waived_percent: Mapping[str, int] = field(default_factory=dict)
    most_owed_fen: int | None = None
    note: str = ""
    is_on: bool = True

    def fits(self, owed: Amounts) -> bool:
        """Whether it is meant for somebody who owes so much."""
        return self.is_on and (self.most_owed_fen is None or owed.total_fen <= self.most_owed_fen)

    def waived(self, owed: Amounts) -> Waived:
        """What it gives up of that debt, to the fen."""
        return Waived(
            interest_fen=_part(owed.interest_fen, self.waived_percent.get("interest", 0)),
            penalty_fen=_part(owed.penalty_fen, self.waived_percent.get("penalty", 0)),
            fees_fen=_part(owed.fees_fen, self.waived_percent.get("fees", 0)),
        )

    @property
    def terms(self) -> Mapping[str, Any]:
        """What it says of a plan of its kind, by the names of the wire; what it leaves open is not in it."""
        said = {
            "instalments": self.instalments,
            "months": self.months,
            "annual_rate_percent": None if self.annual_rate_percent is None else f"{self.annual_rate_percent:.2f}",
            "minimum_percent": None if self.minimum_percent is None else f"{self.minimum_percent:.2f}",
            "method": self.method,
        }
        taken = FIELDS_BY_KIND[self.kind].taken
        return {name: value for name, value in said.items() if value is not None and name in taken}


def _part(fen: int, percent: int) -> int:
    return int((Decimal(fen) * percent / _WHOLE).quantize(Decimal(1), ROUND_HALF_UP))


def template_faults(template: OfferTemplate) -> list[Fault]:
    """What is wrong with the template in itself; the plan that comes of it is judged when it is offered."""
    faults = []
    if template.kind is Kind.DEFERRAL and (template.months or 0) > MAX_DEFERRAL_MONTHS:
        faults.append(Fault("/months", "too_large", {"most": MAX_DEFERRAL_MONTHS}))
    if template.method is Method.INTEREST_FREE and template.annual_rate_percent:
        faults.append(Fault("/annual_rate_percent", "interest_free_needs_rate_zero"))
    return faults
