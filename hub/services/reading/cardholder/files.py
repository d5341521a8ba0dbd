"""The files of a person's negotiation, with their verdicts."""

from dataclasses import dataclass

from hub.domain.errors import NotFound
from hub.domain.evidence import EvidenceStatus
from hub.services.accounts import cardholders
from hub.services.accounts.cardholders import Cardholder
from hub.services.evidence import contents
from hub.services.evidence.contents import Content
from hub.services.reading import reading_log
from hub.services.transaction import HubTransaction
from storage import clean_copies, evidence, given_evidence
from storage.evidence_store import EvidenceStore
from storage.records import EvidenceRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """A file of the person's negotiation with its verdict; `size` in bytes.

    `reason` is why it is rejected, None for any other. `with_submission`: it is of the version in
    force, not a message's.
    """

    id: str
    kind: str
    file_name: str
    size: int
    status: EvidenceStatus
    reason: str | None
    with_submission: bool
    media_type: str
    has_thumbnail: bool

    @property
    def is_usable(self) -> bool:
        """Whether it is not rejected."""
        return self.status is not EvidenceStatus.REJECTED


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFile:
    """A file of the record, whoever gave it. `can_be_opened`: it was judged and found sound."""

    id: str
    kind: str
    file_name: str
    size: int
    can_be_opened: bool


def files_in_record(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str) -> dict[str, RecordFile]:
    """Every file that was ever given to the person's negotiation, by its id; the kind is what it was given as last."""
    row = cardholders.get_for(tx, cardholder, negotiation_id)
    return {
        record.id: RecordFile(
            id=record.id,
            kind=evidence.kind_of(tx, record),
            file_name=evidence.file_name_of(tx, record),
            size=record.size,
            can_be_opened=record.status == EvidenceStatus.CLEAN,
        )
        for record in given_evidence.list_ever_given(tx, row.id)
    }


def files_of(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str) -> list[OwnFile]:
    """The files given to the person's negotiation with their verdicts, of the version in force and with messages."""
    row = cardholders.get_for(tx, cardholder, negotiation_id)
    given_files = given_evidence.list_given(tx, row)
    with_thumbnail = clean_copies.with_thumbnail(tx, [record.id for _, record in given_files])
    return [
        OwnFile(
            id=record.id,
            kind=given.kind,
            file_name=evidence.file_name_of(tx, record),
            size=record.size,
            status=EvidenceStatus(record.status),
            reason=record.reason,
            with_submission=given.version == row.version,
            media_type=record.media_type,
            has_thumbnail=record.id in with_thumbnail,
        )
        for given, record in given_files
        if record.client_id == row.client_id
    ]


def own_file(
    tx: HubTransaction, store: EvidenceStore, cardholder: Cardholder, negotiation_id: str, evidence_id: str
) -> Content:
    """A file of the person's negotiation as it was sent, and its reading on record; raises `NotFound`.

    One that the person gave, in whatever version of the application; of the bank's those that were found sound.
    """
    row = cardholders.get_for(tx, cardholder, negotiation_id)
    for record in given_evidence.list_ever_given(tx, row.id):
        if record.id == evidence_id and (record.client_id == row.client_id or record.status == EvidenceStatus.CLEAN):
            reading_log.note(tx, row, f"evidence/{evidence_id}")
            return contents.content_of(tx, store, record)
    raise NotFound


def thumbnail_of(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str, evidence_id: str) -> bytes:
    """The thumbnail of such a file, a JPEG; raises `NotFound` where there is none."""
    found = clean_copies.thumbnail_of(tx, _own(tx, cardholder, negotiation_id, evidence_id).id)
    if found is None:
        raise NotFound
    return found


def _own(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str, evidence_id: str) -> EvidenceRecord:
    row = cardholders.get_for(tx, cardholder, negotiation_id)
    found = given_evidence.find_given(tx, row.id, evidence_id)
    if found is None or found[1].client_id != row.client_id:
        raise NotFound
    return found[1]
