"""Who of a bank approves an offer before it opens: level after level, each by a person of their own.

A bank's `approval_levels` say above which sum which role looks, in one line:
`5000000:supervisor,20000000:bank_admin;waived_principal:+1`. The last part, which may be left out, asks for so many
levels more where principal is waived.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hub.domain.errors import InvalidValue, NotAllowed
from hub.domain.staff import Role
from hub.domain.terms import MAX_FEN, Terms

# Reviewers make offers and auditors only look.
APPROVING_ROLES = (Role.SUPERVISOR, Role.BANK_ADMIN)
MOST_LEVELS = 4

_LEVEL = re.compile(r"([0-9]{1,13}):([a-z_]+)")
_WAIVED_PRINCIPAL = re.compile(r"waived_principal:\+([1-4])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalLevel:
    """Somebody of `role` looks at an offer whose size is above that."""

    above_fen: int
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalLevels:
    """The levels of a bank, their sums rising, and how many more are asked for where principal is waived."""

    levels: tuple[ApprovalLevel, ...] = ()
    waived_principal_up: int = 0

    def __str__(self) -> str:
        """The line that `read_levels` reads; empty for a bank that has set none."""
        line = ",".join(f"{each.above_fen}:{each.role}" for each in self.levels)
        return f"{line};waived_principal:+{self.waived_principal_up}" if self.waived_principal_up else line


NO_LEVELS = ApprovalLevels()


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One level of an offer: of which role, and once it is given by whom and when."""

    role: Role
    by: str | None = None
    at: datetime | None = None


def read_levels(text: str) -> ApprovalLevels:
    """The levels that such a line names; raises `InvalidValue` for anything else."""
    named, mark, waived = text.replace(" ", "").partition(";")
    found = [_LEVEL.fullmatch(each) for each in named.split(",")]
    more = _WAIVED_PRINCIPAL.fullmatch(waived)
    if None in found or len(found) > MOST_LEVELS or (mark and more is None):
        raise InvalidValue("approval_levels_form", most=MOST_LEVELS)
    levels = [(int(each[1]), each[2]) for each in found if each is not None]
    if any(role not in APPROVING_ROLES for _, role in levels):
        raise InvalidValue("approval_levels_role", roles=", ".join(APPROVING_ROLES))
    sums = [above_fen for above_fen, _ in levels]
    if sorted(set(sums)) != sums or sums[-1] > MAX_FEN:
        raise InvalidValue("approval_levels_order", most=MAX_FEN)
    return ApprovalLevels(
        levels=tuple(ApprovalLevel(above_fen=above_fen, role=Role(role)) for above_fen, role in levels),
        waived_principal_up=0 if more is None else int(more[1]),
    )


def size_fen(terms: Terms) -> int:
    """How large an offer is: the plan and all that is waived beside it. What it leaves out stays owed as before."""
    return terms.principal_fen + terms.waived.total_fen


def approvals_needed(terms: Terms, levels: ApprovalLevels, *, four_eyes_above_fen: int) -> tuple[Approval, ...]:
    """The levels that an offer goes through, in order; none where its maker alone may let it go.

    What no level asks for, and is above `four_eyes_above_fen`, waits for one supervisor.
    """
    size = size_fen(terms)
    up = levels.waived_principal_up if terms.waived.principal_fen else 0
    asked = levels.levels[: sum(size > each.above_fen for each in levels.levels) + up]
    if not asked and size > four_eyes_above_fen:
        return (Approval(role=Role.SUPERVISOR),)
    return tuple(Approval(role=each.role) for each in asked)


def next_level(approvals: Sequence[Approval]) -> int | None:
    """The place of the level whose turn it is; None where all are given."""
    return next((place for place, each in enumerate(approvals) if each.by is None), None)


def require_turn(approvals: Sequence[Approval], *, person: str, role: Role, maker: str) -> None:
    """Nothing, or `NotAllowed` for whoever made it or approved it before, and where it waits for another role."""
    if person == maker:
        raise NotAllowed("own_offer")
    if any(each.by == person for each in approvals):
        raise NotAllowed("another_person")
    place = next_level(approvals)
    if place is None or approvals[place].role != role:
        raise NotAllowed("another_role")


def has_turn(approvals: Sequence[Approval], *, person: str, role: Role, maker: str) -> bool:
    """Whether that person may approve the next level or send the offer back."""
    try:
        require_turn(approvals, person=person, role=role, maker=maker)
    except NotAllowed:
        return False
    return True


def approved(approvals: Sequence[Approval], *, by: str, at: datetime) -> tuple[Approval, ...]:
    """The same with the next level given."""
    place = next_level(approvals)
    return tuple(replace(each, by=by, at=at) if number == place else each for number, each in enumerate(approvals))


def roles_missing(approvals: Sequence[Approval], people: Mapping[str, Role], *, maker: str) -> tuple[Role, ...]:
    """The roles of levels still to come for which the bank's `people` have too few who may approve."""
    used = {maker, *(each.by for each in approvals)}
    there = Counter(role for person, role in people.items() if person not in used)
    wanted = Counter(each.role for each in approvals if each.by is None)
    return tuple(role for role in APPROVING_ROLES if there[role] < wanted[role])
