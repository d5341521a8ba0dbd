"""The loans on the page of the cards: by their contract, with the lender it names, and one more who lends with it.

Whoever has more than two lenders in one contract can name the first two shares here, or apply through a host app.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from flask import request
from werkzeug.datastructures import MultiDict

from hub.domain.errors import Fault, InvalidValue
from hub.domain.loan import key_of
from hub.domain.plain import Plain
from hub.web.pages.forms import read_form
from hub.web.pages.typed_input import typed_percent
from schemas.loans import MOST_LOANS, LoanSchema

_LOAN: Final = LoanSchema()
_OTHERS: Final = ("other_creditor", "other_percent")
_FIELDS: Final = (*(name for name in _LOAN.load_fields if name != "co_lenders"), *_OTHERS)
_UNLESS_TYPED: Final = {"interest_fen": 0, "fees_fen": 0, "penalty_fen": 0}
_ALL: Final = Decimal(100)
_HEAD: Final = "loans."


@dataclass(slots=True)
class LoanRows:
    """The loans of a form as they are shown, as the schema gets them, and each one's place on the page."""

    values: dict[str, list[str]] = field(default_factory=dict)
    loans: list[Plain] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def keys(self) -> list[tuple[str, str]]:
        """(creditor's code, the loan's key) of each, "" for what is missing."""
        return [(each.get("creditor_code", ""), _key(each)) for each in self.loans]


def _key(loan: Plain) -> str:
    end = loan.get("contract_last4", "")
    return key_of(str(end).upper()) if end else ""


def shown(loans: Iterable[Plain]) -> list[Plain]:
    """The draft's loans as the fields of the page; what was left empty is empty again."""
    return [_shown(each) for each in loans]


def _shown(loan: Plain) -> Plain:
    fields = {name: value for name, value in loan.items() if name != "co_lenders" and value not in (0, None, "")}
    other = next((each for each in loan.get("co_lenders", []) if each["creditor_code"] != loan["creditor_code"]), None)
    if other is not None:
        fields |= {"other_creditor": other["creditor_code"], "other_percent": other["share_percent"]}
    return fields


def read() -> LoanRows:
    """The loans of the form that was posted; rows in which nothing was typed, and one that is removed, are none."""
    rows = LoanRows()
    for number in _numbers():
        row = {name: request.form[key] for name in _FIELDS if (key := f"{_HEAD}{number}.{name}") in request.form}
        if request.form.get("remove") == f"loan-{number}" or not any(value.strip() for value in row.values()):
            continue
        place = len(rows.loans)
        rows.values |= {f"{_HEAD}{place}.{name}": [value] for name, value in row.items()}
        one = read_form(MultiDict({name: value for name, value in row.items() if name not in _OTHERS}), _LOAN)
        together, faults = _lenders(row)
        rows.faults += [fault.under(f"/loans/{place}") for fault in (*one.faults, *faults)]
        typed = {name: value for name, value in one.data.items() if name != "co_lenders"}
        rows.loans.append({**_UNLESS_TYPED, **typed, **({"co_lenders": together} if together else {})})
    return rows


def _lenders(row: Plain) -> tuple[list[Plain], list[Fault]]:
    """Who lends together by the form, the chosen lender with what the other one leaves; and what is wrong with it."""
    other, typed = row.get("other_creditor", "").strip(), row.get("other_percent", "").strip()
    if not other and not typed:
        return [], []
    if not other or not typed:
        return [], [Fault(f"/{'other_percent' if other else 'other_creditor'}", "required")]
    try:
        percent = Decimal(typed_percent(typed))
    except InvalidValue as error:
        return [], [error.at("/other_percent")]
    if not 0 < percent < _ALL:
        return [], [Fault("/other_percent", "share_of_another")]
    together = [
        {"creditor_code": row.get("creditor_code", ""), "share_percent": f"{_ALL - percent:f}"},
        {"creditor_code": other, "share_percent": f"{percent:f}"},
    ]
    return together, []


def at_field(fault: Fault) -> Fault:
    """The same fault at the page's field of the other lender, where it is one of lenders; any other as it is."""
    head, found, rest = fault.pointer.partition("/co_lenders")
    if not found:
        return fault
    name = "other_creditor" if rest.endswith("/creditor_code") else "other_percent"
    return Fault(f"{head}/{name}", fault.code, fault.params)


def _numbers() -> Sequence[int]:
    parts = (key.split(".") for key in request.form if key.startswith(_HEAD))
    numbers = {int(part[1]) for part in parts if len(part) == 3 and part[1].isascii() and part[1].isdigit()}
    return sorted(numbers)[: MOST_LOANS * 2]
