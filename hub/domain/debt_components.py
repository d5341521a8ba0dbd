"""Of what the principal on a card is made: what revolves, and what was put into instalments before.

What is in instalments has no minimum payment, and is put into instalments again by a plan of Article 70 alone
(银保监规〔2022〕13号). So a lowered minimum and a deferral, which are no such plan, leave it as it is. A settlement
beside a court's proceedings is no offer of instalments, and takes all of the debt.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Protocol

from cattrs import override

from hub.domain.errors import Fault
from hub.domain.terms import MAX_INSTALMENTS, Kind

KEEPS_INSTALMENTS = frozenset({Kind.LOWER_MINIMUM, Kind.DEFERRAL})
"""The kinds of terms that leave what is in instalments as it is; a settlement pays it off."""

# 银保监规〔2022〕13号: at most five years; of cash, 50,000 yuan and two years.
MOST_CASH_FEN = 5_000_000
MOST_CASH_TERMS = 24
MOST_TERMS_SAID = 360


class ComponentKind(StrEnum):
    """How a part of the principal is repaid."""

    REVOLVING = "revolving"
    BILL_INSTALMENT = "bill_instalment"  # 账单分期
    CASH_INSTALMENT = "cash_instalment"  # 现金分期

    @property
    def is_in_instalments(self) -> bool:
        """Whether it is repaid in instalments already."""
        return self is not ComponentKind.REVOLVING


class ComponentNote(StrEnum):
    """What a bank should look at: more than the rules let a bank grant. A fact, and no error of the person."""

    BILL_TERMS = "bill_terms"
    CASH_TERMS = "cash_terms"
    CASH_AMOUNT = "cash_amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One part of a principal; `remaining_terms` are the instalments still to pay, None of what revolves."""

    kind: ComponentKind
    principal_fen: int
    remaining_terms: Annotated[int | None, override(omit_if_default=True)] = None


class Composed(Protocol):
    """Whatever has a principal and may say of what it is made."""

    @property
    def principal_fen(self) -> int: ...
    @property
    def components(self) -> Sequence[Component]: ...


def component_faults(components: Sequence[Component], principal_fen: int | None) -> Iterator[Fault]:
    """What is wrong with the parts of a principal: terms missing or too many, a sum that is another one.

    No sum is judged where the principal is None. Pointers are relative to the account.
    """
    for place, each in enumerate(components):
        pointer = f"/components/{place}/remaining_terms"
        if each.kind.is_in_instalments and each.remaining_terms is None:
            yield Fault(pointer, "required")
        elif not each.kind.is_in_instalments and each.remaining_terms is not None:
            yield Fault(pointer, "not_of_revolving")
    sum_fen = sum(each.principal_fen for each in components)
    if components and principal_fen is not None and sum_fen != principal_fen:
        yield Fault("/components", "does_not_add_up", {"sum_fen": sum_fen, "total_fen": principal_fen})


def notes_on(components: Iterable[Component]) -> tuple[ComponentNote, ...]:
    """What of the parts goes beyond what the rules let a bank grant, each note once."""
    listed = list(components)
    cash = [each for each in listed if each.kind is ComponentKind.CASH_INSTALMENT]
    found = {
        ComponentNote.BILL_TERMS: any(
            (each.remaining_terms or 0) > MAX_INSTALMENTS
            for each in listed
            if each.kind is ComponentKind.BILL_INSTALMENT
        ),
        ComponentNote.CASH_TERMS: any((each.remaining_terms or 0) > MOST_CASH_TERMS for each in cash),
        ComponentNote.CASH_AMOUNT: any(each.principal_fen > MOST_CASH_FEN for each in cash),
    }
    return tuple(note for note, holds in found.items() if holds)


def in_instalments_fen(owed: Iterable[Composed]) -> int:
    """How much of the principal of several cards is in instalments, as far as it is known."""
    return sum(part.principal_fen for each in owed for part in each.components if part.kind.is_in_instalments)


def has_no_minimum(owed: Iterable[Composed]) -> bool:
    """Whether all principal is known to be in instalments, so that there is no minimum payment to lower."""
    listed = list(owed)
    principal_fen = sum(each.principal_fen for each in listed)
    return 0 < principal_fen == in_instalments_fen(listed)
