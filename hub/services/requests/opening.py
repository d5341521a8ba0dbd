"""Opening a request with one bank; a matter that concerns several banks is opened with each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.domain.errors import StatusConflict
from hub.domain.request_kinds import rules_of
from hub.domain.service_request import RequestKind
from hub.services import reference_numbers
from hub.services.accounts.subjects import Subject
from hub.services.transaction import HubTransaction
from hub.steps import reached
from storage import service_requests
from storage.communications import NewEntry
from storage.records import ServiceRequestRecord

PREFIX = "BL"
"""What numbers of requests begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """What a person asks of one bank.

    `matter_id` is the noun's own id, the same with each bank that it concerns; so is `reference`, None for a new one.
    `contents` is what the bank may know of it. `contact` says where the person is told.
    """

    kind: RequestKind
    subject: Subject
    bank_code: str
    matter_id: str
    contents: Mapping[str, Any]
    negotiation_id: str | None = None
    reference: str | None = None
    contact: Mapping[str, Any] | None = None


def open_request(tx: HubTransaction, new: NewRequest, entry: NewEntry) -> ServiceRequestRecord:
    """The request stands where its kind begins, and `entry` is the first of its log.

    Raises `StatusConflict` where the matter has a request with that bank.
    """
    record = service_requests.add(
        tx,
        service_requests.NewRequest(
            kind=new.kind,
            matter_id=new.matter_id,
            reference=new.reference or new_reference(tx),
            bank_code=new.bank_code,
            owner_index=new.subject.indexes[0],
            client_id=new.subject.client_id,
            contents=new.contents,
            negotiation_id=new.negotiation_id,
            contact=new.contact,
        ),
        entry,
    )
    if record is None:
        raise StatusConflict(rules_of(new.kind).first, "opened")
    reached("request.opened")
    return record


def new_reference(tx: HubTransaction) -> str:
    """A number for a matter that has none."""
    return reference_numbers.references(tx, PREFIX, ServiceRequestRecord.reference, 1)[0]
