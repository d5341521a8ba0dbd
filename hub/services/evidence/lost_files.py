"""A store that has none of the hub's files: another folder than before, or one whose disk is not mounted.

Nothing is said against a single file then: its bytes lie where they were, and come back with the disk.
"""

from typing import Final

from hub.domain.actor import HUB
from hub.domain.errors import EvidenceDamaged
from hub.services.transaction import Transactions
from storage import scrubbing
from storage.evidence_store import EvidenceStore
from storage.scrubbing import StoredName

# One that is gone alone was damaged.
_FEW: Final = 3


def are_all_lost(transactions: Transactions, store: EvidenceStore) -> bool:
    """Whether there are some files, and none of the first few of them is in the store. Raises StoreFull."""
    with transactions.reading(HUB) as tx:
        few = scrubbing.few_files(tx, most=_FEW)
    return len(few) == _FEW and not any(_is_there(store, file) for file in few)


def _is_there(store: EvidenceStore, file: StoredName) -> bool:
    try:
        with store.open_sealed(file.store_name, file.size):
            return True
    except EvidenceDamaged:
        return False
