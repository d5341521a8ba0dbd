"""A new key in front of the others: on record in the audit, which the heads of the log cover, the first of its own too.

So whoever reads the log knows since when another key signs, and why heads name another `key_id`.
"""

from datetime import datetime

from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import sealing_keys


def note(tx: HubTransaction, *, at: datetime) -> None:
    """The first key of the ring is noted; where others came first before, the audit names it and the last of them.

    Only ids stand there. `at`: the real time.
    """
    before = [key_id for key_id, _ in sealing_keys.list_noted(tx.session)]
    sealing_keys.note(tx.session, tx.keyring, at)
    if before:
        first = next(iter(tx.keyring.check_values()))
        audit.note(tx, AuditKind.KEY_CHANGED, first, before=before[0], head_key_id=tx.keyring.head_key_id)
