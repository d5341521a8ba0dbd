"""A person's requests about instalments, as their pages show them."""

from dataclasses import dataclass, replace
from datetime import datetime

from hub.documents.instalment_letters import InstalmentLetter
from hub.domain.errors import NotFound
from hub.domain.instalment_estimate import Estimate, estimate
from hub.domain.instalment_quote import Quote
from hub.domain.instalment_request import RULES, InstalmentEvent, InstalmentMatter, InstalmentStatus
from hub.domain.masks import mask_mobile
from hub.domain.service_request import Service
from hub.services.accounts import subjects
from hub.services.accounts.cardholders import Cardholder
from hub.services.evidence.contents import Content
from hub.services.instalments import matters, proofs
from hub.services.instalments.papers import MakeLetter
from hub.services.reading import directory
from hub.services.requests import files
from hub.services.requests.files import FileShown
from hub.services.transaction import HubTransaction
from storage import banks, request_clocks, service_requests
from storage.evidence_store import EvidenceStore
from storage.records import ServiceRequestRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRequest:
    """One request. `due_at` is until when the bank has to answer; None where it need not.

    `is_local`: 地方金融管理局 watches over the lender. `files` are there where one request alone was asked for.
    """

    id: str
    reference: str
    status: InstalmentStatus
    bank: str
    hotline: str
    matter: InstalmentMatter
    estimate: Estimate
    opened_at: datetime
    due_at: datetime | None
    is_late: bool
    is_local: bool
    mobile: str
    files: tuple[FileShown, ...] = ()

    @property
    def may_give_proof(self) -> bool:
        """Whether the merchant's refund proof can be given now."""
        return proofs.may_give(self.status, self.matter)

    @property
    def quote(self) -> Quote | None:
        """The quote that counts."""
        return self.matter.quote

    @property
    def may_withdraw(self) -> bool:
        """Whether the person can take it back."""
        return RULES.allows(self.status, InstalmentEvent.WITHDRAWN) and self.status != InstalmentStatus.QUOTED

    @property
    def needs_person(self) -> bool:
        """Whether the next step is the person's."""
        is_unpaid = self.status == InstalmentStatus.AWAITING_PAYMENT and not self.matter.payment_noted
        return self.status == InstalmentStatus.QUOTED or (is_unpaid and not self.owes_nothing)

    @property
    def owes_nothing(self) -> bool:
        """Whether the quote is accepted and asks for no money."""
        is_accepted = self.status == InstalmentStatus.AWAITING_PAYMENT
        return is_accepted and self.quote is not None and self.quote.contents.pay_fen == 0


def list_own(tx: HubTransaction, person: Cardholder, *, language: str) -> list[OwnRequest]:
    """The person's requests: what waits for the person first, what is over last, and the newest first of each."""
    found = [_own(tx, each, language) for each in matters.list_own(tx, subjects.of_cardholder(tx, person))]
    return sorted(found, key=lambda each: (not each.needs_person, RULES.is_over(each.status)))


def find_own(tx: HubTransaction, person: Cardholder, request_id: str, *, language: str) -> OwnRequest | None:
    """The person's request; None for an unknown one and another's."""
    record = matters.find_own(tx, subjects.of_cardholder(tx, person), request_id)
    return None if record is None else replace(_own(tx, record, language), files=tuple(files.list_of(tx, record)))


def letter_of(tx: HubTransaction, person: Cardholder, request_id: str, make: MakeLetter) -> InstalmentLetter:
    """A letter of the person's request, ready to print; raises `NotFound` where there is none."""
    record = matters.find_own(tx, subjects.of_cardholder(tx, person), request_id)
    if record is None:
        raise NotFound
    return make(tx, record)


def own_file(tx: HubTransaction, store: EvidenceStore, person: Cardholder, request_id: str, file_id: str) -> Content:
    """A file that the person gave with that request, as it was sent; raises `NotFound`, `EvidenceErased`."""
    record = matters.find_own(tx, subjects.of_cardholder(tx, person), request_id)
    if record is None:
        raise NotFound
    return files.own_content(tx, store, record, file_id)


def banks_to_ask(tx: HubTransaction, *, language: str) -> list[tuple[str, str]]:
    """(code, name) of each bank that can be asked here."""
    return [(bank.code, bank.name(language)) for bank in banks.list_banks(tx) if bank.provides(Service.INSTALMENTS)]


def _own(tx: HubTransaction, record: ServiceRequestRecord, language: str) -> OwnRequest:
    matter, bank = matters.matter_of(tx, record), tx.bank(record.bank_code)
    due_at = request_clocks.running_until(record)
    return OwnRequest(
        id=record.matter_id,
        reference=record.reference,
        status=InstalmentStatus(record.status),
        bank=bank.name(language),
        hotline=directory.hotlines_of(tx, [bank.code])[bank.code],
        matter=matter,
        estimate=estimate(matter.deal, matter.wish, bank.rules.reckoning),
        opened_at=record.opened_at,
        due_at=due_at,
        is_late=due_at is not None and due_at < tx.now,
        is_local=bank.standing.is_supervised_locally,
        mobile=mask_mobile(service_requests.contact_of(tx, record)["mobile"]),
    )
