"""The form of the plan: one choice among ready plans and kinds, and the proposal that it makes of the chosen fields.

Every kind has fields of its own on the page, of which only those of the chosen kind are read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from hub.domain.amounts import Amounts, sum_of, yuan
from hub.domain.bank_parts import Division, divided, evened_out, split_by_hand
from hub.domain.errors import Fault
from hub.domain.plain import Plain, to_plain
from hub.domain.ready_plans import MonthlyPlan, PlanBasis, basis_of, first_day, plan_by_month, ready_plans
from hub.domain.terms import Kind
from hub.web.pages.apply.draft_body import owed_by_bank
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.translation import translate
from schemas.base import Schema
from schemas.fields import Day, Each, Fen, FreeText, Part, Percent, TrueOrFalse, Whole
from schemas.identifiers import BankCode
from schemas.proposals import NOTE_LIMIT, WaivedSchema, read_proposal

OWN: Final = "own"
OPTIONS: Final = (OWN, Kind.DEFERRAL, Kind.REDUCTION, Kind.SETTLEMENT, Kind.LOWER_MINIMUM)
"""What can be chosen beside the ready plans, which are called by their numbers from 1 on."""
_SHARED: Final = ("first_due_on", "note", "waive_interest", "down_payment_fen")


class _ByMonth(Schema):
    monthly_payment_fen = Fen()


class _Deferral(Schema):
    months = Whole(least=1, most=12)


class _Reduction(_ByMonth):
    waive_interest = TrueOrFalse()
    waived = Part(WaivedSchema)


class _Settlement(Schema):
    settlement_fen = Fen()


class _LowerMinimum(Schema):
    minimum_percent = Percent()
    months = Whole(least=1, most=60)


class _BankPart(Schema):
    bank_code = BankCode()
    part_fen = Fen()


class _PlanFormSchema(Schema):
    own = Part(_ByMonth)
    deferral = Part(_Deferral)
    reduction = Part(_Reduction)
    settlement = Part(_Settlement)
    lower_minimum = Part(_LowerMinimum)
    parts = Each(Part(_BankPart), most=16)
    first_due_on = Day()
    down_payment_fen = Fen()
    waive_interest = TrueOrFalse()
    call_me = TrueOrFalse()
    note = FreeText(limit=NOTE_LIMIT)


_FORM: Final = _PlanFormSchema()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanForm:
    """The form as it was typed. `option` is "" where nothing was chosen; `ready` are the plans that it offered."""

    state: FormState
    option: str
    basis: PlanBasis
    ready: list[MonthlyPlan]
    banks: Mapping[str, Amounts]

    @property
    def kind(self) -> Kind:
        """What is asked of the banks."""
        return Kind(self.option) if self.option in set(Kind) else Kind.INSTALMENTS

    @property
    def monthly_fen(self) -> int | None:
        """How much a month was chosen or typed, where that was read."""
        if self.option.isdigit():
            return self.ready[int(self.option) - 1].monthly_fen
        typed = self._own_fields.get("monthly_payment_fen")
        return typed if isinstance(typed, int) and typed > 0 else None

    @property
    def plan(self) -> MonthlyPlan | None:
        """What the monthly payments come to, where there are any."""
        if self.option.isdigit():
            return self.ready[int(self.option) - 1]
        return None if self.monthly_fen is None else plan_by_month(self.monthly_fen, self.basis)

    @property
    def shared_fen(self) -> int | None:
        """What the banks share: a month's payment, or the sum that settles everything; None for another kind."""
        if self.kind is Kind.SETTLEMENT:
            typed = self._own_fields.get("settlement_fen")
            return typed if isinstance(typed, int) and typed > 0 else None
        return self.monthly_fen if self.kind.is_in_parts else None

    @property
    def division(self) -> Division | None:
        """Each bank's part of what the banks share, where there are several."""
        total_fen = self.shared_fen
        if total_fen is None or len(self.banks) < 2:
            return None
        return divided(total_fen, self._owed, self._parts_by_hand)

    @property
    def proposal(self) -> Plain:
        """The proposal to all banks together, as the schemas take it, whatever could not be read left as it was."""
        data = self.state.data
        of_all = {name: data[name] for name in ("first_due_on", "waive_interest") if name in data}
        if self.kind in {Kind.SETTLEMENT, Kind.REDUCTION}:
            of_all.pop("waive_interest", None)
        if self.kind.is_in_parts and "down_payment_fen" in data:
            of_all["down_payment_fen"] = data["down_payment_fen"]
        proposal = {"kind": self.kind, **of_all, **self._own_fields, "note": self._note}
        if self.plan is not None:
            return {**proposal, "instalments": self.plan.instalments, "monthly_payment_fen": self.plan.monthly_fen}
        return proposal

    @property
    def piece(self) -> Plain:
        """What the draft keeps: one proposal, or one a bank where the parts were chosen by hand."""
        by_hand = self._by_hand
        if by_hand is None:
            return {"proposal": self.proposal, "proposals": None}
        return {"proposal": None, "proposals": by_hand}

    @property
    def _by_hand(self) -> list[Plain] | None:
        division, whole = self.division, read_proposal(self.proposal)
        if division is None or not division.is_even or whole is None or not self._parts_by_hand:
            return None
        if division.parts == divided(self.shared_fen or 0, self._owed, {}).parts:
            return None
        proposals = split_by_hand(whole, self.banks, division.parts, today=self.basis.today)
        return [{**to_plain(each), "bank_code": code} for code, each in proposals.items()]

    @property
    def _own_fields(self) -> Plain:
        """The fields that the chosen kind alone has, as they were typed."""
        found: Plain = dict(self.state.data.get(self.option) or {}) if self.option in OPTIONS else {}
        waived = found.get("waived")
        if waived is not None and not any(waived.values()):
            del found["waived"]
        return found

    @property
    def _owed(self) -> dict[str, int]:
        return {code: amounts.total_fen for code, amounts in self.banks.items()}

    @property
    def _parts_by_hand(self) -> dict[str, int]:
        rows = self.state.data.get("parts") or []
        typed = {each.get("bank_code"): each.get("part_fen") for each in rows}
        return {code: fen for code, fen in typed.items() if code in self.banks and isinstance(fen, int)}

    @property
    def _note(self) -> str:
        typed = self.state.data.get("note", "")
        return f"{call_words()}\n{typed}".rstrip() if self.state.data.get("call_me") else typed

    def faults(self) -> list[Fault]:
        """What the page asks for beyond the rules of a proposal: a choice, and parts that make up the sum."""
        if not self.option:
            return [Fault("/option", "plan_required")]
        division = self.division
        if division is not None and division.left_over_fen:
            return [Fault("/parts", "parts_left_over", {"left_fen": division.left_over_fen})]
        if division is not None and division.too_much_fen:
            return [Fault("/parts", "parts_too_much", {"over_fen": division.too_much_fen})]
        return []

    def at_its_fields(self, faults: Iterable[Fault]) -> list[Fault]:
        """The `faults` of the proposal where the person can put them right."""
        return [replace(each, pointer=self._place(each.pointer)) for each in faults]

    def _place(self, pointer: str) -> str:
        parts = pointer.strip("/").split("/")
        head, rest = parts[0], parts[1:]
        if head == "proposals" and len(rest) > 1:
            row, name = int(rest[0]), rest[1]
            return f"/parts/{row}/part_fen" if name in {"monthly_payment_fen", "settlement_fen"} else f"/{name}"
        if not rest or rest == ["kind"]:
            return "/option"
        if rest == ["instalments"]:
            return "/first_due_on" if self.plan else f"/{self.option}/monthly_payment_fen"
        if rest[0] in _SHARED and not (self.kind is Kind.REDUCTION and rest[0] == "waive_interest"):
            return "/" + "/".join(rest)
        return "/" + "/".join([self.option, *rest]) if self.option in OPTIONS else "/option"

    def evened_out(self) -> "PlanForm":
        """The same with parts that make up the sum."""
        total_fen = self.shared_fen
        if total_fen is None or len(self.banks) < 2:
            return self
        parts = evened_out(total_fen, self._owed, self._parts_by_hand)
        typed = {f"parts.{place}.part_fen": [yuan(parts[code])] for place, code in enumerate(sorted(self.banks))}
        state = replace(self.state, values={**self.state.values, **typed}, faults=())
        rows = [{"bank_code": code, "part_fen": parts[code]} for code in sorted(self.banks)]
        return replace(self, state=replace(state, data={**state.data, "parts": rows}))


def call_words() -> str:
    """What the note begins with where the bank is asked to call first."""
    return translate("请先打电话和我商量。")


def read_plan_form(
    form: MultiDict[str, str], data: Plain, *, left_fen: int | None, today: date, wage_day: int | None
) -> PlanForm:
    """The typed `form` over the draft's `data`, which name a card."""
    state = read_form(form, _FORM)
    down = state.data.get("down_payment_fen", 0)
    banks = owed_by_bank(data)
    start = first_day(today, wage_day)
    basis = basis_of(
        sum_of(banks.values()),
        down_fen=down if isinstance(down, int) else 0,
        left_fen=left_fen,
        first_due_on=start,
        today=today,
    )
    typed = _typed_day(state.data.get("first_due_on"))
    if typed is not None and typed > today and replace(basis, first_due_on=typed).longest:
        basis = replace(basis, first_due_on=typed)
    ready = ready_plans(basis)
    option = state.value("option")
    if option not in OPTIONS and option not in {str(number) for number in range(1, len(ready) + 1)}:
        option = ""
    # What stands in the fields of a kind that was not chosen says nothing.
    others = {str(each) for each in OPTIONS if each != option}
    faults = tuple(each for each in state.faults if each.pointer.split("/")[1] not in others)
    return PlanForm(state=replace(state, faults=faults), option=option, basis=basis, ready=ready, banks=banks)


def _typed_day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None
