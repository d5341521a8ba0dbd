"""What a request about instalments says, kept sealed in its row, and how it is found."""

from hub.domain.instalment_request import InstalmentMatter
from hub.domain.plain import Plain, from_plain, to_plain
from hub.domain.service_request import RequestKind
from hub.services.accounts.subjects import Subject
from hub.services.transaction import HubTransaction
from storage import service_requests
from storage.records import ServiceRequestRecord

KIND = RequestKind.INSTALMENTS


def contents_of(matter: InstalmentMatter, codes: Plain | None = None) -> Plain:
    """The matter as its row keeps it, with the codes that were sent to sign it."""
    return {"matter": to_plain(matter), "codes": codes or {}}


def matter_of(tx: HubTransaction, record: ServiceRequestRecord) -> InstalmentMatter:
    """What the request says."""
    return from_plain(InstalmentMatter, service_requests.contents_of(tx, record)["matter"])


def codes_of(tx: HubTransaction, record: ServiceRequestRecord) -> Plain:
    """The codes that were sent to sign each quote, by its id."""
    kept: Plain = service_requests.contents_of(tx, record)["codes"]
    return kept


def save(tx: HubTransaction, record: ServiceRequestRecord, matter: InstalmentMatter) -> None:
    """The request says this from now on."""
    service_requests.save_contents(tx, record, contents_of(matter, codes_of(tx, record)))


def lock_own(tx: HubTransaction, subject: Subject, matter_id: str) -> ServiceRequestRecord:
    """The person's request, held; raises `NotFound`."""
    (record,) = service_requests.lock_of_person(tx, matter_id, subject.indexes, client_id=subject.client_id, kind=KIND)
    return record


def find_own(tx: HubTransaction, subject: Subject, matter_id: str) -> ServiceRequestRecord | None:
    """The person's request; None for an unknown one and another's."""
    return next((each for each in list_own(tx, subject) if each.matter_id == matter_id), None)


def list_own(tx: HubTransaction, subject: Subject) -> list[ServiceRequestRecord]:
    """The person's requests, the newest first."""
    return service_requests.list_of_person(tx, subject.indexes, client_id=subject.client_id, kind=KIND)


def lock_of_bank(tx: HubTransaction, matter_id: str, *, bank_code: str) -> ServiceRequestRecord:
    """The bank's request, held; raises `NotFound`."""
    return service_requests.lock_of_bank(tx, matter_id, bank_code=bank_code, kind=KIND)


def find_of_bank(tx: HubTransaction, matter_id: str, *, bank_code: str) -> ServiceRequestRecord:
    """The bank's request; raises `NotFound`."""
    return service_requests.find_of_bank(tx, matter_id, bank_code=bank_code, kind=KIND)
