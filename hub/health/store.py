"""Whether the evidence store can be used, and is the one in which the hub's files are."""

from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from hub.domain.actor import HUB
from hub.domain.errors import Unavailable, Unusable
from hub.findings import Finding, fine, warning
from hub.services.evidence.lost_files import are_all_lost
from hub.services.operating import operator_tasks
from hub.wiring import Hub


def require_store(hub: Hub) -> None:
    """A file could be written, read and deleted just now, beside those that are stored; raises Unusable.

    A folder that is not mounted takes new files as well as the right one, and has none of the old.
    """
    hub.store.check()
    if _are_all_lost(hub):
        raise Unusable(
            "The place that HUB_EVIDENCE_URL names can be written to, and has none of the hub's files: "
            "another folder than before, or one that is not mounted."
        )


def _are_all_lost(hub: Hub) -> bool:
    # A database that is away says nothing against the store.
    with suppress(Unavailable, SQLAlchemyError):
        return are_all_lost(hub, hub.store)
    return False


def look_at_store(hub: Hub) -> Finding:
    """How it is. Raises `Unusable`."""
    require_store(hub)
    with hub.reading(HUB) as tx:
        damaged = operator_tasks.count_damaged_files(tx)
    if damaged:
        return warning(f"{damaged} damaged: see /ops/ and put them back from the backup", "damaged", n=damaged)
    lock = hub.settings.s3_object_lock
    held = "" if lock is None else f"; originals are held for {lock.days} days ({lock.mode})"
    return fine(f"a file was written, read back and deleted{held}", "store_works")
