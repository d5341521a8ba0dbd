"""A request about instalments as a bank's desk shows it."""

from dataclasses import dataclass
from datetime import datetime

from hub.documents.instalment_letters import InstalmentLetter
from hub.domain.evidence import EvidenceStatus
from hub.domain.instalment_estimate import Estimate, estimate
from hub.domain.instalment_request import RULES, InstalmentEvent, InstalmentMatter, InstalmentStatus
from hub.services.evidence.contents import Content
from hub.services.instalments import matters
from hub.services.instalments.papers import MakeLetter
from hub.services.requests import files
from hub.services.requests.files import FileLookedAt, FileShown
from hub.services.transaction import HubTransaction
from storage import request_clocks, service_requests
from storage.evidence_store import EvidenceStore
from storage.records import ServiceRequestRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRequest:
    """One request. `seen` is the length of its log: a form that was made for another length is of an older state."""

    id: str
    reference: str
    status: InstalmentStatus
    matter: InstalmentMatter
    estimate: Estimate
    opened_at: datetime
    due_at: datetime | None
    is_late: bool
    mobile: str
    seen: int
    files: tuple[FileShown, ...]

    def may(self, event: str) -> bool:
        """Whether that can happen now."""
        return RULES.allows(self.status, InstalmentEvent(event))


def letter_of(tx: HubTransaction, request_id: str, make: MakeLetter, *, bank_code: str) -> InstalmentLetter:
    """A letter of the bank's request, ready to print; raises `NotFound`."""
    return make(tx, matters.find_of_bank(tx, request_id, bank_code=bank_code))


def look_at(tx: HubTransaction, request_id: str, file_id: str, *, bank_code: str) -> FileLookedAt:
    """A file of the bank's request with its pages, as `files.look_at` gives it; raises `NotFound`."""
    return files.look_at(tx, matters.find_of_bank(tx, request_id, bank_code=bank_code), file_id)


def page_of_file(
    tx: HubTransaction, store: EvidenceStore, request_id: str, file_id: str, number: int, *, bank_code: str
) -> Content:
    """The picture of a page of such a file; raises `NotFound`."""
    record = matters.find_of_bank(tx, request_id, bank_code=bank_code)
    return files.page_for_bank(tx, store, record, file_id, number)


def file_content(tx: HubTransaction, store: EvidenceStore, request_id: str, file_id: str, *, bank_code: str) -> Content:
    """The clean copy of such a file, its reading on record; raises `NotFound`, `DocumentNotReady`."""
    record = matters.find_of_bank(tx, request_id, bank_code=bank_code)
    return files.content_for_bank(tx, store, record, file_id)


def get(tx: HubTransaction, request_id: str, *, bank_code: str) -> BankRequest:
    """The bank's request; raises `NotFound`."""
    return _shown(tx, matters.find_of_bank(tx, request_id, bank_code=bank_code))


def _shown(tx: HubTransaction, record: ServiceRequestRecord) -> BankRequest:
    matter = matters.matter_of(tx, record)
    runs = request_clocks.is_running(record)
    return BankRequest(
        id=record.matter_id,
        reference=record.reference,
        status=InstalmentStatus(record.status),
        matter=matter,
        estimate=estimate(matter.deal, matter.wish, tx.bank(record.bank_code).rules.reckoning),
        opened_at=record.opened_at,
        due_at=record.due_at if runs else None,
        is_late=runs and record.due_at < tx.now,
        mobile=service_requests.contact_of(tx, record)["mobile"],
        seen=record.log_length,
        files=tuple(each for each in files.list_of(tx, record) if each.status is not EvidenceStatus.REJECTED),
    )
