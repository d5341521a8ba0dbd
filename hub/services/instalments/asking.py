"""Asking a bank to cancel, settle or shorten an instalment deal, and taking that back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.domain.agreement_end import AgreementStatus
from hub.domain.bill import BillStatus
from hub.domain.china import china_day
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import DealRefused, DealUnknown, Fault, Refused
from hub.domain.identifiers import normalised_digits
from hub.domain.instalment_estimate import CancellationKind, estimate, question_faults
from hub.domain.instalment_request import RULES, InstalmentEvent, InstalmentMatter
from hub.domain.issuers import same_bank
from hub.domain.labels import CANCELLATIONS
from hub.domain.masks import card_last4
from hub.domain.plain import Plain, to_plain
from hub.domain.service_request import Service
from hub.mail.kinds import MailKind
from hub.services.accounts.subjects import Subject, negotiations_of
from hub.services.instalments import estimates, matters, proofs
from hub.services.negotiations import further_accounts
from hub.services.negotiations.entries import entry
from hub.services.notifications import request_mails
from hub.services.operating import banks
from hub.services.requests import moving, opening, sending
from hub.services.requests.opening import NewRequest
from hub.services.transaction import HubTransaction
from storage import agreements, bills, service_requests
from storage.records import ServiceRequestRecord, new_id

_LEADS_TO: Final = {"overdue": "/apply/", "not_cancellable_after_posting": ""}
"""What is no fault of a field but keeps the deal from being asked about, and what to do instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where the person is told of it; the mobile is where the codes that sign go."""

    mobile: str
    email: str | None = None

    @property
    def plain(self) -> Plain:
        """As the request's row has it."""
        return {"mobile": self.mobile, "email": self.email, "channel": "mail" if self.email else "sms"}


def ask(
    tx: HubTransaction,
    subject: Subject,
    asked: InstalmentMatter,
    contact: Contact,
    *,
    proofs_of_refund: Sequence[str] = (),
) -> ServiceRequestRecord:
    """The bank is asked, and its time to quote begins when it has the request with the files that are named.

    Raises `ServiceNotOffered`, `Refused` for what is wrong with deal or wish, and `DealRefused` where an instalment is
    overdue, the first one was posted, the card is under a plan of Article 70, or the deal was asked about already.
    """
    if proofs_of_refund and asked.wish.kind is not CancellationKind.REFUND:
        raise Refused(Fault("/evidence", "not_for_this_cancellation"))
    bank = banks.of_institution(tx, asked.bank_code)
    banks.require_service(tx, bank.code, Service.INSTALMENTS)
    _require_askable(tx, subject, asked, bank.code)
    matter_id = new_id()
    spoken = entry(
        EntryKind.INSTALMENTS_ASKED,
        tx.actor,
        what=CANCELLATIONS[asked.wish.kind],
        day=asked.wish.wanted_on.isoformat(),
        text=asked.reason,
    )
    record = opening.open_request(
        tx,
        NewRequest(
            kind=matters.KIND,
            subject=subject,
            bank_code=bank.code,
            matter_id=matter_id,
            contents=matters.contents_of(asked),
            contact=contact.plain,
        ),
        spoken,
    )
    days = bank.rules.instalment_response_days
    own = estimates.view(estimate(asked.deal, asked.wish, bank.rules.reckoning))
    given = proofs.given_with(tx, record, proofs_of_refund)
    body = {**_told(asked), "mobile": contact.mobile, "own_estimate": own, "evidence": given}
    sending.queue(tx, record, MessageKind.INSTALMENT_REQUESTED, body, opens_clock=True, response_days=days)
    request_mails.to_person(tx, record, MailKind.REQUEST_NEWS, step=":received")
    return record


def _told(asked: InstalmentMatter) -> Plain:
    """What the bank is told of the deal and of what is asked."""
    return {
        "card_last4": asked.card_last4,
        "deal_no": asked.deal_no or None,
        "deal": to_plain(asked.deal),
        **to_plain(asked.wish),
        "reason": asked.reason,
    }


def deal_of(tx: HubTransaction, subject: Subject, matter_id: str) -> InstalmentMatter:
    """The deal that the person asked about before, to be asked about once more; raises `DealUnknown`."""
    record = matters.find_own(tx, subject, matter_id)
    if record is None:
        raise DealUnknown
    return matters.matter_of(tx, record)


def _require_askable(tx: HubTransaction, subject: Subject, asked: InstalmentMatter, bank_code: str) -> None:
    faults = question_faults(asked.deal, asked.wish, today=china_day(tx.now))
    for each in faults:
        if each.code in _LEADS_TO:
            raise DealRefused(each.code, _LEADS_TO[each.code])
    if faults:
        raise Refused(*faults)
    _require_not_overdue(tx, subject, asked, bank_code)
    _require_no_plan(tx, subject, asked, bank_code)
    for record in matters.list_own(tx, subject):
        is_open = not RULES.is_over(record.status) and record.bank_code == bank_code
        if is_open and _same_deal(matters.matter_of(tx, record), asked):
            raise DealRefused("request_open", f"/my/instalments/{record.matter_id}")


def _same_deal(one: InstalmentMatter, other: InstalmentMatter) -> bool:
    """Whether both are about one deal, however its number is spelt; who leaves the number out may mean it as well."""

    def key(each: InstalmentMatter) -> tuple[object, ...]:
        return each.card_last4, each.deal.principal_fen, each.deal.first_posted_on

    numbers = {normalised_digits(each.deal_no) for each in (one, other)} - {""}
    return key(one) == key(other) and len(numbers) <= 1


def _require_not_overdue(tx: HubTransaction, subject: Subject, asked: InstalmentMatter, bank_code: str) -> None:
    for each in bills.list_of(tx, subject.indexes, client_id=subject.client_id):
        is_its_card = bills.contents_of(tx, each).card_last4 == asked.card_last4
        if is_its_card and same_bank(each.bank_code, bank_code) and each.status == BillStatus.OVERDUE:
            raise DealRefused("overdue", _LEADS_TO["overdue"])


def _require_no_plan(tx: HubTransaction, subject: Subject, asked: InstalmentMatter, bank_code: str) -> None:
    """A row of a plan of Article 70 is no deal: that plan is settled early by its own agreement."""
    for negotiation in negotiations_of(tx, subject):
        if negotiation.erased_at is not None or not same_bank(negotiation.bank_code, bank_code):
            continue
        agreement = agreements.find_agreement(tx, negotiation.id)
        if agreement is None or agreement.status != AgreementStatus.IN_FORCE:
            continue
        cards = {card_last4(each) for each in further_accounts.cards_of(tx, negotiation)}
        if asked.card_last4 in cards or normalised_digits(asked.deal_no) == normalised_digits(agreement.number):
            raise DealRefused("plan_under_article_70", f"/my/negotiations/{negotiation.id}/early-settlement")


def withdraw(tx: HubTransaction, subject: Subject, matter_id: str, text: str) -> ServiceRequestRecord:
    """The person took it back, which the bank is told; the deal goes on as it was. Raises `StatusConflict`."""
    record = matters.lock_own(tx, subject, matter_id)
    moving.move(tx, record, InstalmentEvent.WITHDRAWN, entry(EntryKind.INSTALMENTS_WITHDRAWN, tx.actor, text=text))
    service_requests.look_at(record, None)
    sending.queue(tx, record, MessageKind.INSTALMENT_WITHDRAWN, {"text": text})
    return record
