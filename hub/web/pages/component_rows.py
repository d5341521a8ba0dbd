"""The two rows in which a page asks what of a principal is in instalments. What revolves is the rest."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hub.domain.debt_components import ComponentKind
from hub.domain.errors import Fault
from hub.domain.plain import Plain

ASKED = (ComponentKind.BILL_INSTALMENT, ComponentKind.CASH_INSTALMENT)
FIELDS = tuple(
    f"components.{place}.{name}" for place in range(len(ASKED)) for name in ("kind", "principal_fen", "remaining_terms")
)
"""The fields of the rows, below a card's place."""
TYPED = tuple(name for name in FIELDS if not name.endswith(".kind"))
_PLACE = re.compile(r"/(?P<list>\w+)/(?P<item>\d+)/components/(?P<part>\d+)(?P<rest>/.*)?")


def shown(account: Plain) -> Plain:
    """`account` with its parts in the rows of the page, where it has any that fit there."""
    parts = account.get("components") or []
    kinds = [each["kind"] for each in parts]
    # Several of one kind have no rows here, and stay as they were said.
    if not parts or len(set(kinds)) < len(kinds):
        return {name: value for name, value in account.items() if name != "components"}
    of_kind = {each["kind"]: each for each in parts}
    return {**account, "components": [of_kind.get(kind, {"kind": kind}) for kind in ASKED]}


def completed(account: Plain) -> Plain:
    """`account` as it was typed, without rows that were left empty, and with the rest of its principal as revolving."""
    parts = [each for each in account.get("components") or [] if set(each) - {"kind"}]
    whole = {name: value for name, value in account.items() if name != "components"}
    if not parts:
        return whole
    amounts = [each.get("principal_fen") for each in parts]
    principal_fen = account.get("principal_fen")
    if isinstance(principal_fen, int) and all(isinstance(fen, int) for fen in amounts):
        rest_fen = principal_fen - sum(amounts)
        if rest_fen > 0:
            parts.append({"kind": ComponentKind.REVOLVING.value, "principal_fen": rest_fen})
    return {**whole, "components": parts}


def at_row(fault: Fault, accounts: Sequence[Mapping[str, object]]) -> Fault:
    """The same fault at the page's row of the part that it names; any other as it is."""
    found = _PLACE.fullmatch(fault.pointer)
    if found is None:
        return fault
    parts = accounts[int(found["item"])].get("components")
    kind = parts[int(found["part"])]["kind"] if isinstance(parts, list) else None
    if kind not in ASKED:
        return replace(fault, pointer=f"/{found['list']}/{found['item']}/components")
    row = ASKED.index(ComponentKind(kind))
    return replace(fault, pointer=f"/{found['list']}/{found['item']}/components/{row}{found['rest'] or ''}")
