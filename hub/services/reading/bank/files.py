"""Files and papers that a bank reads. Each reading is a line in the access log, in the same transaction."""

from hub.banks.port import Locking
from hub.domain.delivery import MessageKind
from hub.domain.errors import NotFound, NotHandedOn
from hub.domain.plain import Plain, instant
from hub.services.documents import records
from hub.services.evidence import contents
from hub.services.evidence.contents import Content
from hub.services.operating import many_readings
from hub.services.transaction import HubTransaction
from storage import access_log, consents, deliveries, inventory, negotiations
from storage.evidence_store import EvidenceStore
from storage.records import DeliveryRecord

_WHAT_THE_PERSON_SENT = frozenset({records.APPLICATION_FORM, records.RECORD})


def evidence(
    tx: HubTransaction, store: EvidenceStore, negotiation_id: str, evidence_id: str, *, bank_code: str
) -> Content:
    """The bytes of a clean file that was given to the bank's negotiation; raises `NotFound`, `NotHandedOn`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    content = contents.of_bank(tx, store, negotiation_id, evidence_id, bank_code=bank_code)
    if content is None:
        raise NotFound
    access_log.note_reading(tx, row, tx.actor, f"evidence/{evidence_id}")
    many_readings.look(tx, bank_code=bank_code)
    return content


def document(tx: HubTransaction, store: EvidenceStore, negotiation_id: str, kind: str, *, bank_code: str) -> Content:
    """A printed document of the bank's negotiation; raises `NotFound`, `DocumentNotReady`.

    What was signed stays the bank's. Raises `NotHandedOn` for the application once its consent was taken back.
    """
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    if kind in _WHAT_THE_PERSON_SENT and consents.withheld_of(tx, row).everything:
        raise NotHandedOn
    content = records.document(tx, store, row, kind)
    access_log.note_reading(tx, row, tx.actor, kind)
    return content


def amendment_document(
    tx: HubTransaction, store: EvidenceStore, negotiation_id: str, amendment_id: str, *, bank_code: str
) -> Content:
    """The paper of a signed amendment of the bank's negotiation; raises `NotFound`, `DocumentNotReady`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    content = records.amendment_document(tx, store, row, amendment_id)
    access_log.note_reading(tx, row, tx.actor, f"amendment/{amendment_id}")
    return content


def sends_locked_files(tx: HubTransaction, bank_code: str) -> bool:
    """Whether the bank is sent files that a password opens."""
    bank = tx.bank(bank_code)
    adapter = tx.adapters.of(bank)
    return isinstance(adapter, Locking) and adapter.password("", bank) is not None


def file_passwords(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> list[Plain]:
    """What opens the files of each message that the bank was sent with some, oldest first; raises `NotFound`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    access_log.note_reading(tx, row, tx.actor, "file_passwords")
    sent = sorted(inventory.deliveries_of(tx, row.id), key=lambda each: each.queued_at)
    found = []
    for record in sent:
        password = _password_of(tx, record)
        if password is not None and record.delivered_at is not None:
            found.append({"kind": record.kind, "at": instant(record.delivered_at), "password": password})
    return found


def _password_of(tx: HubTransaction, record: DeliveryRecord) -> str | None:
    bank = tx.bank(record.bank_code)
    adapter = tx.adapters.adapter(record.through or bank.adapter)
    if not isinstance(adapter, Locking):
        return None
    data = deliveries.body_of(tx, record)["data"]
    has_files = record.kind == MessageKind.SUBMITTED or bool(data.get("evidence"))
    return adapter.password(record.id, bank) if has_files else None
