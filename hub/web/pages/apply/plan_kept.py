"""The form of the plan as the draft fills it: what was chosen before, each amount in the field where it was typed."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from hub.domain.plain import Plain
from hub.domain.terms import Kind
from hub.web.pages.apply.plan_form import OPTIONS, OWN, call_words
from hub.web.pages.forms import FormState, filled
from schemas.proposals import WaivedSchema

USUAL_DEFERRAL: Final = 3
"""Months that are proposed for putting everything off."""


def as_typed(data: Plain, *, option: str, ready: Mapping[int, str], first: date) -> FormState:
    """The form as the draft's `data` fill it; with `option`, which may be "", another choice than what they hold.

    `ready` gives the number of the ready plan of so many fen a month.
    """
    proposals = data.get("proposals") or ([data["proposal"]] if data.get("proposal") else [])
    if not proposals:
        return filled({"option": option, "first_due_on": first.isoformat(), Kind.DEFERRAL: {"months": USUAL_DEFERRAL}})
    one: Plain = proposals[0]
    kind = Kind(one["kind"])
    monthly_fen = sum(each.get("monthly_payment_fen") or 0 for each in proposals)
    held = ready.get(monthly_fen, OWN) if kind is Kind.INSTALMENTS else str(kind)
    note, called = _without_call(one.get("note", ""))
    shown: Plain = {
        "option": option or held,
        "first_due_on": one.get("first_due_on"),
        "waive_interest": bool(one.get("waive_interest")),
        "down_payment_fen": sum(each.get("down_payment_fen") or 0 for each in proposals) or None,
        "call_me": called,
        "note": note,
        held if held in OPTIONS else OWN: _own_of(kind, proposals, monthly_fen),
    }
    if data.get("proposals"):
        name = "settlement_fen" if kind is Kind.SETTLEMENT else "monthly_payment_fen"
        ordered = sorted(proposals, key=lambda each: each["bank_code"])
        shown["parts"] = [{"bank_code": each["bank_code"], "part_fen": each.get(name)} for each in ordered]
    return filled(shown)


def _own_of(kind: Kind, proposals: list[Plain], monthly_fen: int) -> Plain:
    one = proposals[0]
    match kind:
        case Kind.INSTALMENTS:
            return {"monthly_payment_fen": monthly_fen}
        case Kind.REDUCTION:
            parts = [each.get("waived") or {} for each in proposals]
            waived = {name: sum(each.get(name, 0) for each in parts) or None for name in WaivedSchema().fields}
            return {
                "monthly_payment_fen": monthly_fen,
                "waive_interest": bool(one.get("waive_interest")),
                "waived": waived,
            }
        case Kind.SETTLEMENT:
            return {"settlement_fen": sum(each.get("settlement_fen") or 0 for each in proposals)}
        case Kind.DEFERRAL:
            return {"months": one.get("months")}
        case Kind.LOWER_MINIMUM:
            return {"months": one.get("months"), "minimum_percent": one.get("minimum_percent")}


def _without_call(note: str) -> tuple[str, bool]:
    words = call_words()
    return (note.removeprefix(words).lstrip("\n"), True) if note.startswith(words) else (note, False)
