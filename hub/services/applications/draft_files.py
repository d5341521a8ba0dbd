"""The files of a draft: added once, said what they are, and taken out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hub.domain.errors import Fault, Refused
from hub.domain.evidence import EvidenceKind
from hub.domain.evidence_category import MAX_FILES, category_of
from hub.domain.plain import Plain
from hub.services.accounts.cardholders import Cardholder
from hub.services.applications import drafts
from hub.services.evidence import evidence_files
from hub.services.evidence.evidence_files import StoredEvidence
from hub.services.transaction import HubTransaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A file of the draft; `is_new` where it was not there before."""

    id: str
    is_new: bool


def add(tx: HubTransaction, data: Plain, stored: StoredEvidence, *, pointer: str, key: str = "") -> Listed:
    """The file has its row and stands in the draft's `data`, once.

    What was sent before under the same `key`, or with the same bytes under the same heading, is there already. Raises
    `Refused` at `pointer` where there are too many.
    """
    listed: list[Plain] = data.setdefault("evidence", [])
    category = category_of(stored.kind)
    beside = [each for each in listed if category_of(each["kind"]) == category]
    same = next((each for each in listed if key and each.get("key") == key), None) or next(
        (each for each in beside if each.get("sha256") == stored.sha256), None
    )
    if same is not None:
        return Listed(id=same["id"], is_new=False)
    if len(beside) >= MAX_FILES:
        raise Refused(Fault(pointer, "too_many_files", {"name": stored.file_name, "most": MAX_FILES}))
    evidence_files.keep(tx, stored)
    one: Plain = {"id": stored.file.id, "kind": stored.kind, "sha256": stored.sha256}
    listed.append({**one, "key": key} if key else one)
    data.pop("no_evidence", None)
    return Listed(id=stored.file.id, is_new=True)


def set_kinds(data: Plain, kinds: Mapping[str, str]) -> None:
    """The files of the draft's `data` are of these `kinds`, by their ids; what is no kind changes nothing."""
    for each in data.get("evidence", []):
        if kinds.get(each["id"]) in set(EvidenceKind):
            each["kind"] = kinds[each["id"]]


def take_out(tx: HubTransaction, person: Cardholder, unwanted: Callable[[Plain], bool]) -> list[str]:
    """The `unwanted` files of the draft are gone; gives the names of bytes to delete after the commit."""

    def leave(data: Plain) -> list[str]:
        listed = data.get("evidence", [])
        data["evidence"] = [each for each in listed if not unwanted(each)]
        return [each["id"] for each in listed if unwanted(each)]

    return [name for gone in drafts.change(tx, person, leave) for name in drafts.take_back(tx, gone)]


def has(data: Plain, evidence_id: str) -> bool:
    """Whether the draft's `data` list the file."""
    return any(each["id"] == evidence_id for each in data.get("evidence", []))
