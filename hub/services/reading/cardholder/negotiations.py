"""A cardholder's own negotiations as the pages show them: what the API shows, and what the person is due beside it."""

from dataclasses import dataclass
from datetime import date, datetime

from hub.domain.affordability import Finances
from hub.domain.agreement import AgreementContents
from hub.domain.agreement_end import AgreementStatus
from hub.domain.amendment import WITH_PERSON, AmendmentKind
from hub.domain.application import Account
from hub.domain.china import china_day
from hub.domain.complaint import Complaint
from hub.domain.errors import Fault, NotFound
from hub.domain.identity import IdentityLevel
from hub.domain.lifecycle import OPEN, Event, Status, allows
from hub.domain.loan import LoanAccount
from hub.domain.masks import card_last4, mask_mobile
from hub.domain.news import News
from hub.domain.offer import OfferBy, OfferStatus
from hub.domain.payments import RowStatus
from hub.domain.plain import Plain
from hub.domain.proposal import Proposal
from hub.domain.proposed_account import ProposedAccountStatus
from hub.mail.kinds import MailKind
from hub.services.accounts import cardholders
from hub.services.accounts.cardholders import Cardholder
from hub.services.agreements import acceptance
from hub.services.negotiations import complaints, correspondence, credit_notes, further_accounts, offering
from hub.services.reading import views
from hub.services.reading.cardholder import looks
from hub.services.reading.cardholder.bank_rules import BankRulesShown
from hub.services.reading.cardholder.draft import renegotiation_faults
from hub.services.reading.cardholder.offers import OwnOffer, own_offer
from hub.services.reading.cardholder.payments_ahead import NextPayment, next_of
from hub.services.transaction import HubTransaction
from storage import agreements, clocks, communications, documents, mails, offers
from storage.mails import MailStatus, Reader
from storage.reading_ahead import read_ahead
from storage.records import NegotiationRecord
from storage.submissions import submission_of

# What the person has to act on first, in this order.
_THE_PERSONS_TURN = (Status.OFFERED, Status.AWAITING_CARDHOLDER, Status.RETURNED)
_WITH_THE_BANK = frozenset({Status.AWAITING_BANK, Status.IN_REVIEW})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNegotiation:
    """One negotiation of a person. `client_id` is whose files and actions it takes. `cards`: last four digits each.

    `mobile` is the applicant's, masked: where the codes that sign go. `correct_by`: until when a returned one waits.
    `may_ask_about_credit`: the bank can be asked to check an entry at the credit register. `today`: China's day.
    `is_with_lender`: its creditor is no bank.
    """

    id: str
    client_id: str
    bank_code: str
    status: Status
    view: Plain
    cards: tuple[str, ...]
    opened_at: datetime
    accounts: tuple[Account, ...]
    loans: tuple[LoanAccount, ...]
    proposal: Proposal
    offers: tuple[OwnOffer, ...]
    reference: str
    is_escalated: bool
    mobile: str
    correct_by: datetime | None
    may_ask_about_credit: bool
    may_write: bool
    today: date
    news: News
    log_length: int
    is_with_lender: bool

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen in it."""
        return self.status in OPEN

    @property
    def has_agreement_in_force(self) -> bool:
        """Whether an agreement is in force."""
        agreement = self.view["agreement"]
        return agreement is not None and agreement["status"] == AgreementStatus.IN_FORCE

    @property
    def has_plan(self) -> bool:
        """Whether there is something to pay by: an agreement in force, or an offer that can be accepted."""
        return self.has_agreement_in_force or bool(self.open_offers)

    @property
    def needs_person(self) -> bool:
        """Whether it waits for the person."""
        return self.status in _THE_PERSONS_TURN or self.asks_about_a_card or self.amendment_to_answer is not None

    @property
    def asks_about_a_card(self) -> bool:
        """Whether the bank asks about a further card, and the person has not answered."""
        return self.is_open and any(
            each["status"] == ProposedAccountStatus.PROPOSED for each in self.view["proposed_accounts"]
        )

    @property
    def amendment_to_answer(self) -> AmendmentKind | None:
        """What the bank proposes to the agreement in force and the person has not answered."""
        agreement = self.view["agreement"] if self.has_agreement_in_force else {}
        asked = ((kind, agreement.get(kind)) for kind in AmendmentKind)
        return next((kind for kind, each in asked if each is not None and each["status"] in WITH_PERSON), None)

    @property
    def call_word(self) -> str | None:
        """What the bank says when it calls; None once it has no reason to."""
        may_call = self.is_open or self.has_agreement_in_force
        return self.view["call_word"] if may_call and self.view["transferred_to"] is None else None

    @property
    def waits_for_identity(self) -> bool:
        """Whether the bank has to compare who the person is before it can make an offer."""
        identity = self.view["identity"]
        return (
            identity["level"] == IdentityLevel.MOBILE
            and identity["confirmed_by_bank"] is None
            and self.status in _WITH_THE_BANK
        )

    @property
    def open_offers(self) -> list[OwnOffer]:
        """The bank's offers that can still be accepted, the newest first."""
        return [each for each in reversed(self.offers) if each.can_be_accepted]

    @property
    def waiting_idea(self) -> OwnOffer | None:
        """The person's own newest offer while the bank has to answer it, or None."""
        mine = [each for each in self.offers if each.by is OfferBy.CARDHOLDER and each.status is OfferStatus.OPEN]
        return mine[-1] if mine and self.status in _WITH_THE_BANK else None

    @property
    def accepted_offers(self) -> list[OwnOffer]:
        """The offer that became the agreement, where there is one."""
        return [each for each in self.offers if each.status is OfferStatus.ACCEPTED]

    @property
    def other_offers(self) -> list[OwnOffer]:
        """The offers that were answered otherwise or are over."""
        waiting = self.waiting_idea
        return [
            each
            for each in self.offers
            if not (each.can_be_accepted or each.status is OfferStatus.ACCEPTED or each is waiting)
        ]

    @property
    def next_payment(self) -> NextPayment | None:
        """The first payment of an agreement in force of which something is still owed and that is not missed."""
        return next_of(self._payments_in_force, self.today)

    @property
    def missed_payments(self) -> list[Plain]:
        """The payments of an agreement in force that the bank says did not come, as the API shows them."""
        return [row for row in self._payments_in_force if row["status"] == RowStatus.MISSED]

    @property
    def _payments_in_force(self) -> list[Plain]:
        agreement = self.view["agreement"]
        return agreement["payments"] if agreement is not None and self.has_agreement_in_force else []

    @property
    def may_counter(self) -> bool:
        """Whether the status takes a counter-offer; how many are left is another question."""
        return allows(self.status, Event.COUNTERED)


def _own(tx: HubTransaction, row: NegotiationRecord, language: str, news: News) -> OwnNegotiation:
    submission = submission_of(tx, row)
    view = views.negotiation_view(tx, row, language=language)
    return OwnNegotiation(
        id=row.id,
        client_id=row.client_id,
        bank_code=row.bank_code,
        status=Status(row.status),
        view=view,
        cards=(*map(card_last4, further_accounts.cards_of(tx, row)), *submission.contract_ends),
        opened_at=row.opened_at,
        accounts=submission.accounts,
        loans=submission.loans,
        proposal=submission.proposal,
        offers=tuple(own_offer(each) for each in view["offers"]),
        reference=row.reference,
        is_escalated=_is_escalated(tx, row, view),
        mobile=mask_mobile(submission.applicant.mobile),
        correct_by=row.correct_by,
        may_write=correspondence.may_write(tx, row),
        may_ask_about_credit=credit_notes.may_ask(row),
        today=china_day(tx.now),
        news=news,
        log_length=row.log_length,
        is_with_lender=not tx.bank(row.bank_code).standing.is_bank,
    )


def _is_escalated(tx: HubTransaction, row: NegotiationRecord, view: Plain) -> bool:
    if view["clock"] is None or not view["clock"]["breached"]:
        return False
    clock = clocks.find_running(tx, row.id)
    # What is planned for those above the desk goes out as one mail to each of them.
    escalation = (MailKind.ESCALATED, Reader.COLLEAGUE, MailStatus.SENT)
    return clock is not None and any(
        (each.kind, each.reader, each.status) == escalation and each.about_id == clock.id
        for each in mails.list_of(tx, row.id)
    )


def list_own(tx: HubTransaction, cardholder: Cardholder, *, language: str) -> list[OwnNegotiation]:
    """The person's negotiations: those that wait for them first, then the other open ones, then those that ended.

    The transaction writes nothing.
    """
    rows = cardholders.list_for(tx, cardholder)
    read_ahead(tx, rows)
    news = looks.news_of(tx, cardholder, [row.id for row in rows])
    return sorted([_own(tx, row, language, news[row.id]) for row in rows], key=_order)


def _order(negotiation: OwnNegotiation) -> int:
    last = len(_THE_PERSONS_TURN)
    if negotiation.needs_person:
        return _THE_PERSONS_TURN.index(negotiation.status) if negotiation.status in _THE_PERSONS_TURN else last
    if negotiation.missed_payments:
        return last + 1
    # An agreement goes on being paid; what has ended is over.
    return last + (2 if negotiation.is_open else 3 if negotiation.has_agreement_in_force else 4)


def has_open(tx: HubTransaction, cardholder: Cardholder) -> bool:
    """Whether one of the person's negotiations is open."""
    return any(each.status in OPEN for each in cardholders.list_for(tx, cardholder))


def get_own(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str, *, language: str) -> OwnNegotiation:
    """The person's negotiation; raises `NotFound` for an unknown one and for another's alike."""
    row = cardholders.get_for(tx, cardholder, negotiation_id)
    return _own(tx, row, language, looks.news_of(tx, cardholder, [row.id])[row.id])


def rules_of(tx: HubTransaction, negotiation: OwnNegotiation) -> BankRulesShown:
    """What the bank has set for this person's next steps."""
    rules = tx.bank(negotiation.bank_code).rules
    made = [each for each in offers.list_offers(tx, negotiation.id) if each.by == OfferBy.CARDHOLDER]
    return BankRulesShown(
        max_counter_offers=rules.max_counter_offers,
        counter_offers_made=len(made),
        complaint_channel=rules.complaint_channel,
        response_days=rules.response_days,
    )


def log_of(tx: HubTransaction, negotiation: OwnNegotiation) -> list[Plain]:
    """The whole log, oldest first; the bank's internal notes are never in it."""
    return views.communication_views(tx, communications.list_entries(tx, negotiation.id))


def renegotiation_refusal(tx: HubTransaction, cardholder: Cardholder, negotiation: OwnNegotiation) -> Fault | None:
    """Why the bank takes no further application over the cards of the negotiation, or None."""
    cards = [(each.bank_code, each.card_number) for each in negotiation.accounts]
    cards += [(each.creditor_code, each.key) for each in negotiation.loans]
    return next((fault for fault in renegotiation_faults(tx, cardholder, cards) if fault is not None), None)


def has_form(tx: HubTransaction, negotiation: OwnNegotiation) -> bool:
    """Whether an application form was printed."""
    return documents.find_document(tx, negotiation.id, documents.APPLICATION_FORM) is not None


def last_change(tx: HubTransaction, negotiation: OwnNegotiation) -> tuple[str, datetime]:
    """Which side moved the negotiation last, and when."""
    moves = [each.header for each in communications.list_entries(tx, negotiation.id) if each.header.to_status]
    return moves[-1].party, moves[-1].at


def finances_of(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str) -> Finances:
    """The household's month as it was submitted to the bank."""
    row = cardholders.get_for(tx, cardholder, negotiation_id)
    return submission_of(tx, row).finances


def complaint_of(tx: HubTransaction, cardholder: Cardholder, negotiation: OwnNegotiation) -> Complaint:
    """A complaint about the bank by all that is on record now."""
    row = cardholders.get_for(tx, cardholder, negotiation.id)
    return complaints.prepared(tx, row, negotiation.view)


def agreement_on(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str, offer_id: str) -> AgreementContents:
    """What an agreement on the offer says when it is signed now; raises `NotFound` for an offer that never opened."""
    row = cardholders.get_for(tx, cardholder, negotiation_id)
    return acceptance.contents_for(tx, offering.visible_offer(tx, row, offer_id))


def payment_instructions_of(tx: HubTransaction, negotiation: OwnNegotiation) -> str:
    """How to pay, as it was signed."""
    agreement = agreements.find_agreement(tx, negotiation.id)
    if agreement is None:
        raise NotFound
    text: str = agreements.contents_of(tx, agreement)["payment_instructions_zh"]
    return text
