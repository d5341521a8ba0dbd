"""One negotiation whole, as its bank's API and its people are shown it. Each reading is a line in the access log.

To people names and numbers are masked, unless the reader has just said why they are needed in full.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from hub.domain.affordability import Finances
from hub.domain.amounts import Amounts
from hub.domain.application import Account, Applicant, Channel, Contact, Hardship, Representative, SupportNeed
from hub.domain.card_role import CardRole
from hub.domain.china import china_day
from hub.domain.debt_components import Component, ComponentNote, in_instalments_fen, notes_on
from hub.domain.legal_stage import LegalStanding
from hub.domain.lifecycle import BANKS_TURN, OPEN, Event, Status, allows
from hub.domain.loan import LoanAccount
from hub.domain.masks import Masked, mask_card, mask_mobile, mask_name
from hub.domain.plain import Plain, to_plain
from hub.domain.representatives import RepresentativeFlag, flags_of
from hub.services.consents.withholding import finances_for_bank, shown_to_bank
from hub.services.delivery import packets
from hub.services.negotiations import claim_transfers, correspondence, further_accounts, legal_stages
from hub.services.operating import many_readings
from hub.services.reading import views
from hub.services.reading.bank import bill_reminders
from hub.services.reading.bank.affordability import Affordability, affordability_of
from hub.services.reading.bank.agreement import AgreementShown, agreement_shown
from hub.services.reading.bank.bill_reminders import ReminderResults
from hub.services.reading.bank.doubts import DoubtShown, list_doubts
from hub.services.reading.bank.evidence import CaseFile, list_files
from hub.services.reading.bank.files import sends_locked_files
from hub.services.reading.bank.heading import unconfirmed
from hub.services.reading.bank.log import (
    MOST_ENTRIES,
    LogLine,
    LogPart,
    last_word_of,
    newest_lines,
    notes_of,
    parts_of,
)
from hub.services.reading.bank.offers import OffersNews, OfferView, Wish, list_offers, news_of, wish_of
from hub.services.reading.bank.people import Owner, names_of, owner_of
from hub.services.transaction import HubTransaction
from storage import access_log, agreements, consents, negotiations
from storage.records import NegotiationRecord

# What a bank sees beside the packet, which is as it was submitted: where the negotiation stands.
_STANDING = (
    "id",
    "status",
    "identity",
    "legal_stage",
    "court",
    "case_number",
    "clock",
    "clocks",
    "offers",
    "evidence_request",
    "decision_deferred",
    "agreement",
    "rejection",
    "withdrawal_reason",
    "withdrawn_consents",
    "transferred_to",
    "collection_reports",
    "credit_notes",
    "proposed_accounts",
    "renegotiation_of",
    "updated_at",
    "erased_at",
)


def packet_and_standing(tx: HubTransaction, negotiation_id: str, *, bank_code: str, language: str) -> Plain:
    """The packet of the bank's negotiation, card and ID number in full, and where it stands; raises `NotFound`.

    Of an erased one there is no packet, but where it stood.
    """
    row = negotiations.find_of_bank(tx, negotiation_id, bank_code=bank_code)
    access_log.note_reading(tx, row, tx.actor, "negotiation")
    many_readings.look_at_cases(tx, bank_code=row.bank_code)
    view = views.negotiation_view(tx, row, language=language)
    if row.erased_at is not None:
        return {"negotiation": row.id, "reference": row.reference, **{name: view[name] for name in _STANDING}}
    standing = {name: view[name] for name in _STANDING}
    return {**packets.packet_of(tx, row), **standing, "call_word": row.call_word}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """One card, and what the person says is owed on it. `card_number` may be masked."""

    card_number: str
    as_printed: bool
    overdue_since: date | None
    amounts: Amounts
    components: tuple[Component, ...]
    notes: tuple[ComponentNote, ...]
    account_group: str | None
    role: CardRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """What the bank can do with the negotiation just now."""

    acknowledge: bool
    offer: bool
    request_evidence: bool
    defer_decision: bool
    reject: bool
    propose_account: bool
    write: bool
    state_legal_stage: bool
    transfer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NegotiationView:
    """The whole negotiation. What the person submitted is as in the packet, masked but for `in_full`.

    `log` is newest first, at most `MOST_ENTRIES` long, `is_cut` where there is more, and has the newest of the bank's
    internal notes in it; `older_notes` as `Notes.older_than`. `log_length` tells whether anything happened since.
    """

    id: str
    reference: str
    status: Status
    channel: Channel
    submitted_at: str
    identity_unconfirmed: bool
    legal: LegalStanding
    applicant: Plain
    representative: Representative | None
    representative_flags: tuple[RepresentativeFlag, ...]
    authority_paper: Plain | None
    support_needs: tuple[SupportNeed, ...]
    contact: Contact | None
    accounts: list[AccountView]
    loans: tuple[LoanAccount, ...]
    overdue_days: int | None
    owed_fen: int
    instalments_fen: int
    hardship: Hardship
    finances: Finances | None
    wish: Wish
    evidence: list[Plain]
    files: tuple[CaseFile, ...]
    doubts: tuple[DoubtShown, ...]
    month: Affordability | None
    missing_papers: tuple[str, ...]
    actions: Actions
    call_word: str | None
    clock: Plain | None
    evidence_request: Plain | None
    decision_deferred: Plain | None
    rejection: Plain | None
    transferred_to: Plain | None
    agreement: AgreementShown | None
    earlier_agreement: Plain | None
    collection_reports: list[Plain]
    credit_notes: list[Plain]
    proposed_accounts: list[Plain]
    offers: tuple[OfferView, ...]
    offers_news: OffersNews
    last_word: LogLine | None
    log: tuple[LogPart, ...]
    older_notes: str
    is_cut: bool
    log_length: int
    owner: Owner | None
    sends_locked_files: bool
    is_withheld: bool
    withdrawn_consents: tuple[str, ...]
    # What became of reminders of this bank's bills; None where the person turned none on.
    bill_reminders: ReminderResults | None

    @property
    def has_news(self) -> bool:
        """Whether somebody at the bank has to see something."""
        news = self.offers_news
        return bool(news.awaiting_approval or news.returned or news.countered or self.last_word)


def negotiation(
    tx: HubTransaction, negotiation_id: str, *, bank_code: str, language: str, in_full: frozenset[Masked]
) -> NegotiationView:
    """The bank's negotiation as its people see it; raises `NotFound`."""
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    found = packet_and_standing(tx, negotiation_id, bank_code=bank_code, language=language)
    submission, wish, names = shown_to_bank(tx, row), wish_of(tx, row), names_of(tx, bank_code)
    lines, notes = newest_lines(tx, row, names), notes_of(tx, row, names)
    shown = list_offers(tx, row, wish, names)
    return NegotiationView(
        id=row.id,
        reference=row.reference,
        status=Status(row.status),
        channel=submission.channel,
        submitted_at=found["submitted_at"],
        identity_unconfirmed=unconfirmed(row),
        legal=legal_stages.standing_of(tx, row),
        applicant=_applicant(submission.applicant, in_full),
        representative=_representative(submission.representative, in_full=Masked.HELPER in in_full),
        representative_flags=flags_of(submission.representative),
        authority_paper=_authority_paper(submission.representative, found["evidence"]),
        support_needs=submission.support_needs,
        contact=submission.contact,
        accounts=[_account(each, in_full=Masked.CARDS in in_full) for each in submission.accounts],
        loans=submission.loans,
        overdue_days=_overdue_days((*submission.accounts, *submission.loans), china_day(tx.now)),
        owed_fen=further_accounts.declared_fen(tx, row),
        instalments_fen=in_instalments_fen(submission.accounts),
        hardship=submission.hardship,
        finances=finances_for_bank(tx, row),
        wish=wish,
        evidence=found["evidence"],
        files=list_files(tx, row, names),
        doubts=list_doubts(tx, row, names),
        month=affordability_of(tx, row, names),
        missing_papers=submission.missing_papers,
        actions=_actions(tx, row),
        call_word=found["call_word"],
        clock=found["clock"],
        evidence_request=found["evidence_request"],
        decision_deferred=found["decision_deferred"],
        rejection=found["rejection"],
        transferred_to=found["transferred_to"],
        agreement=_agreement(tx, row, found["agreement"]),
        earlier_agreement=found["earlier_agreement"],
        collection_reports=found["collection_reports"],
        credit_notes=found["credit_notes"],
        proposed_accounts=found["proposed_accounts"],
        offers=shown,
        offers_news=news_of(row, shown),
        last_word=last_word_of(lines),
        log=parts_of(sorted([*lines, *reversed(notes.lines)], key=lambda each: each.at)[::-1]),
        older_notes=notes.older_than,
        is_cut=row.log_length > MOST_ENTRIES,
        log_length=row.log_length,
        owner=owner_of(tx, row),
        sends_locked_files=sends_locked_files(tx, bank_code),
        is_withheld=consents.withheld_of(tx, row).everything,
        withdrawn_consents=tuple(found["withdrawn_consents"]),
        bill_reminders=bill_reminders.of_negotiation(tx, row),
    )


def _actions(tx: HubTransaction, row: NegotiationRecord) -> Actions:
    status = Status(row.status)
    return Actions(
        acknowledge=allows(status, Event.ACKNOWLEDGED),
        offer=allows(status, Event.OFFERED),
        request_evidence=allows(status, Event.EVIDENCE_REQUESTED),
        defer_decision=status in BANKS_TURN,
        reject=allows(status, Event.REJECTED),
        propose_account=status in OPEN and tx.bank(row.bank_code).standing.is_bank,
        write=correspondence.may_write(tx, row),
        state_legal_stage=legal_stages.may_state(tx, row),
        transfer=claim_transfers.may_transfer(tx, row),
    )


def _agreement(tx: HubTransaction, row: NegotiationRecord, view: Plain | None) -> AgreementShown | None:
    record = agreements.find_agreement(tx, row.id)
    return None if record is None or view is None else agreement_shown(tx, record, view)


def _applicant(applicant: Applicant, in_full: frozenset[Masked]) -> Plain:
    whole: Plain = to_plain(applicant)
    return {name: whole[name] if name in in_full else shown for name, shown in views.masked(applicant).items()}


def _account(account: Account, *, in_full: bool) -> AccountView:
    return AccountView(
        card_number=account.card_number if in_full else mask_card(account.card_number),
        as_printed=account.as_printed,
        overdue_since=account.overdue_since,
        amounts=account,
        components=account.components,
        notes=notes_on(account.components),
        account_group=account.account_group,
        role=account.role,
    )


def _overdue_days(accounts: Sequence[Account | LoanAccount], today: date) -> int | None:
    """Since when the oldest of the cards and loans is overdue, in days; None where none is."""
    days = [(today - each.overdue_since).days for each in accounts if each.overdue_since is not None]
    return max(days, default=None)


def _authority_paper(person: Representative | None, files: list[Plain]) -> Plain | None:
    """The file among those that the bank is given; None while it is not one of them."""
    paper = None if person is None else person.authority_evidence
    return next((each for each in files if each["id"] == paper), None)


def _representative(person: Representative | None, *, in_full: bool) -> Representative | None:
    if person is None or in_full:
        return person
    return replace(person, name=mask_name(person.name), mobile=mask_mobile(person.mobile))
