"""Heads that the hub signed and a restore lost: the line that the restore writes into the audit names each of them.

Whoever keeps such a head finds another of its number in the hub, or none. It was no forgery, and the audit, which is
itself under the heads, says so; only what is named there, by number and root, is excused.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from hub.domain.errors import InvalidValue
from hub.domain.log_heads import Head, PrintedHead
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import audit


def spelt(heads: Sequence[Head]) -> list[str]:
    """As they stand in the line, as its `lost_heads`, each as papers show a head."""
    return [str(PrintedHead.of(each)) for each in heads]


def lost_in(restores: Iterable[Mapping[str, Any]]) -> frozenset[PrintedHead]:
    """Every head that these lines of restores name."""
    found = set()
    for text in (text for details in restores for text in details.get("lost_heads", ())):
        # What somebody bent excuses nothing; that it was bent, the audit's own chain says.
        with suppress(InvalidValue):
            found.add(PrintedHead.parse(text))
    return frozenset(found)


def list_lost(tx: HubTransaction) -> frozenset[PrintedHead]:
    """Every head that the restores of this hub lost."""
    return lost_in(details for _, _, _, details in audit.list_of_kinds(tx, [AuditKind.RESTORED]))
