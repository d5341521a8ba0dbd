"""The quote and the result of a request, put together for the moment when they are printed."""

from collections.abc import Callable

from hub.documents.instalment_letters import InstalmentLetter
from hub.domain.errors import NotFound
from hub.domain.masks import mask_mobile
from hub.services.instalments import matters
from hub.services.transaction import HubTransaction
from storage import service_requests
from storage.records import ServiceRequestRecord

MakeLetter = Callable[[HubTransaction, ServiceRequestRecord], InstalmentLetter]
"""One of the letters below."""


def quote_letter(tx: HubTransaction, record: ServiceRequestRecord) -> InstalmentLetter:
    """The quote that counts, accepted or not; raises `NotFound` where the bank quoted nothing."""
    matter = matters.matter_of(tx, record)
    if matter.quote is None:
        raise NotFound
    return InstalmentLetter(
        reference=record.reference,
        bank_zh=tx.bank(record.bank_code).name_zh,
        mobile=mask_mobile(service_requests.contact_of(tx, record)["mobile"]),
        matter=matter,
        quote=matter.quote,
        made_at=tx.now,
    )


def result_letter(tx: HubTransaction, record: ServiceRequestRecord) -> InstalmentLetter:
    """What became of an accepted quote; raises `NotFound` where the bank has not posted it."""
    letter = quote_letter(tx, record)
    if letter.matter.posting is None:
        raise NotFound
    return letter
