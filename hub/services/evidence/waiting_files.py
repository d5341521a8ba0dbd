"""Files that wait with an unfinished form: their bytes lie in the store, no row speaks of them yet.

What the row shall say is sealed for one person and handed to their form. Who never comes back leaves an orphan, which
is swept after a day; until half of it is over the file can still be taken.
"""

import base64
import binascii
import json
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Final

from hub.domain.errors import EvidenceDamaged, Fault, NotFound, Refused, Unusable
from hub.services.evidence.evidence_files import ORPHAN_AGE, StoredEvidence
from hub.services.transaction import HubTransaction
from storage import evidence
from storage.sealing import Keyring
from storage.stored_files import NewFile

WAITS: Final[timedelta] = ORPHAN_AGE / 2
_TABLE, _COLUMN = "form", "file"


def sealed(keyring: Keyring, stored: StoredEvidence, *, owner: str, at: datetime) -> str:
    """The file as text that nobody can read or change, for `owner` alone; `at` is the real time."""
    record: dict[str, Any] = {"stored": asdict(stored), "at": at.timestamp()}
    record["stored"]["file"]["key"] = stored.file.key.hex()
    text = json.dumps(record, ensure_ascii=False)
    return base64.urlsafe_b64encode(keyring.seal(text, table=_TABLE, column=_COLUMN, row=owner)).decode()


def opened(keyring: Keyring, text: str, *, owner: str, kind: str, at: datetime) -> StoredEvidence:
    """The waiting file, now of that kind; raises `NotFound` for what is not `owner`'s or has waited too long."""
    try:
        content = base64.urlsafe_b64decode(text.encode())
        record = json.loads(keyring.open_text(content, table=_TABLE, column=_COLUMN, row=owner))
    except (ValueError, binascii.Error, EvidenceDamaged, Unusable) as error:
        raise NotFound from error
    if at.timestamp() - record["at"] > WAITS.total_seconds():
        raise NotFound
    file = record["stored"].pop("file")
    file["key"] = bytes.fromhex(file["key"])
    return replace(StoredEvidence(**record["stored"], file=NewFile(**file)), kind=kind)


def keep(tx: HubTransaction, stored: StoredEvidence) -> None:
    """The file has its row; raises `Refused` where it has one already, from a form that was sent before."""
    if evidence.known_store_names(tx, [stored.file.store_name]):
        raise Refused(Fault("/file", "evidence_unknown"))
    evidence.add_evidence(tx, stored)
