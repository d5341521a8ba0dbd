"""What a person is shown while they apply: banks and cards to choose from, the draft's files, and what was sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.domain.amounts import AMOUNT_NAMES
from hub.domain.china import china_day, china_instant
from hub.domain.errors import Fault, NotFound
from hub.domain.evidence import EvidenceStatus
from hub.domain.issuers import ISSUERS, bank_key, same_bank
from hub.domain.lifecycle import OPEN
from hub.domain.plain import Plain
from hub.services.accounts import cardholders
from hub.services.accounts.cardholders import Cardholder
from hub.services.applications import draft_files, drafts, renegotiation
from hub.services.applications.drafts import FORM_CLIENT
from hub.services.evidence import contents
from hub.services.evidence.contents import Content
from hub.services.reading import directory
from hub.services.reading.directory import ListedBank
from hub.services.transaction import HubTransaction
from storage import banks, clean_copies, clocks, documents, evidence, negotiations
from storage.evidence_store import EvidenceStore
from storage.records import NegotiationRecord

_TOKEN_LENGTH = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCard:
    """A card that need not be typed again. `token` stands for it on the page, where its number has no place.

    `balance` is what the host app says is owed on it, in the names of an account; empty where it said nothing.
    """

    token: str
    bank_code: str
    card_number: str
    bank_name: str
    balance: Plain

    @property
    def owed_fen(self) -> int:
        """All that the host app says is owed on it, in fen."""
        return sum(self.balance.get(name, 0) for name in AMOUNT_NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnconnectedBank:
    """A bank that takes no applications here, and where it can be called; "" where that is not known."""

    name: str
    hotline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardChoices:
    """What the page of cards needs. `open_with`: the reference of an open negotiation, by the bank's code.

    `banks` and `lenders`: (code, name) each, of cards and of loans. `refused`: why a bank takes no further application
    over a card, by its token. `typed`: the tokens of cards that the host app does not know, which can be taken off the
    list. `cards` stand bank by bank. `unconnected` are the banks of cards of the host app that take no applications
    here, and those that stopped.
    """

    banks: list[tuple[str, str]]
    lenders: list[tuple[str, str]]
    cards: dict[str, KnownCard]
    open_with: dict[str, str]
    refused: dict[str, Fault]
    typed: frozenset[str]
    unconnected: list[UnconnectedBank]

    def open_reference(self, bank_code: str) -> str | None:
        """The open negotiation with that bank, under either of its codes."""
        return next((ref for code, ref in self.open_with.items() if same_bank(code, bank_code)), None)


def card_choices(tx: HubTransaction, person: Cardholder, accounts: Iterable[Plain], *, language: str) -> CardChoices:
    """The banks, and the cards of the host app and of the draft's `accounts`, each once."""
    listed = directory.list_banks(tx)
    cards = _cards(tx, person, accounts, listed, language)
    refused = renegotiation_faults(tx, person, [(card.bank_code, card.card_number) for card in cards.values()])
    return CardChoices(
        banks=[(bank.code, bank.name(language)) for bank in listed if bank.is_bank],
        lenders=[(bank.code, bank.name(language)) for bank in listed],
        cards=cards,
        refused={token: fault for token, fault in zip(cards, refused, strict=True) if fault is not None},
        typed=frozenset(
            token for token, card in cards.items() if (card.bank_code, card.card_number) not in set(person.cards)
        ),
        unconnected=_unconnected(tx, person, listed, language),
        open_with={each.bank_code: each.reference for each in cardholders.list_for(tx, person) if each.status in OPEN},
    )


def renegotiation_faults(
    tx: HubTransaction, person: Cardholder, cards: Sequence[tuple[str, str]]
) -> list[Fault | None]:
    """For each (bank code, card number) why the bank takes no further application over it, or None.

    By what the person may see of before; the application itself is judged by all there is.
    """
    codes = {key: bank.code for key, bank in banks.banks_by_key(tx).items()}
    indexes = list({each.person_index for each in cardholders.list_for(tx, person)})
    at_banks = [codes.get(bank_key(bank_code), "") if bank_code else "" for bank_code, _ in cards]
    known = [code for code in dict.fromkeys(at_banks) if code]
    earlier = renegotiation.earlier_of(tx, indexes, [number for _, number in cards], known) if indexes and known else []
    found: list[Fault | None] = []
    for code, (_, number) in zip(at_banks, cards, strict=True):
        of_card = (each for each in earlier if each.negotiation.bank_code == code and each.is_over(number))
        refusal = renegotiation.exhausted(tx, of_card).get(code)
        pointer = f"/accounts/{len(found)}/bank_code"
        found.append(None if refusal is None else Fault(pointer, refusal.sentence, refusal.params))
    return found


def _cards(
    tx: HubTransaction, person: Cardholder, accounts: Iterable[Plain], banks: list[ListedBank], language: str
) -> dict[str, KnownCard]:
    numbers = [*person.cards, *((each["bank_code"], each["card_number"]) for each in accounts)]
    cards: dict[str, KnownCard] = {}
    for bank_code, card_number in numbers:
        bank = next((each for each in banks if same_bank(each.code, bank_code)), None)
        if bank is None:
            # The host app knows a card of a bank that takes no applications here.
            continue
        token = tx.keyring.index(f"{bank_code}/{card_number}", purpose="card").hex()[:_TOKEN_LENGTH]
        name = bank.name(language)
        known = KnownCard(
            token=token,
            bank_code=bank_code,
            card_number=card_number,
            bank_name=name,
            balance=person.balances.get((bank_code, card_number), {}),
        )
        cards.setdefault(token, known)
    first = {card.bank_name: place for place, card in reversed(list(enumerate(cards.values())))}
    return dict(sorted(cards.items(), key=lambda each: first[each[1].bank_name]))


def _unconnected(
    tx: HubTransaction, person: Cardholder, open_banks: list[ListedBank], language: str
) -> list[UnconnectedBank]:
    taking = {bank.code for bank in open_banks}
    stopped = [bank for bank in directory.list_banks(tx, also_closed=True) if bank.code not in taking]
    found = {bank.code: UnconnectedBank(name=bank.name(language), hotline=bank.hotline) for bank in stopped}
    for code, _ in person.cards:
        issuer = None if any(same_bank(code, each) for each in (*taking, *found)) else ISSUERS.get(bank_key(code))
        if issuer is not None:
            name = issuer.name_en if language == "en" else issuer.name_zh
            found[code] = UnconnectedBank(name=name, hotline="")
    return list(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFile:
    """A file of the draft with its verdict; `size` in bytes. `reason` is why it is rejected, None for any other."""

    id: str
    kind: str
    file_name: str
    size: int
    status: EvidenceStatus
    reason: str | None
    media_type: str
    has_thumbnail: bool


def files_of(tx: HubTransaction, listed: Iterable[Plain]) -> list[DraftFile]:
    """The files that the draft lists, with their verdicts; one that is gone is left out."""
    found, known = [], [*listed]
    with_thumbnail = clean_copies.with_thumbnail(tx, [each["id"] for each in known])
    for each in known:
        try:
            record = evidence.get_of_client(tx, each["id"], client_id=FORM_CLIENT)
        except NotFound:
            continue
        found.append(
            DraftFile(
                id=record.id,
                kind=each["kind"],
                file_name=evidence.file_name_of(tx, record),
                size=record.size,
                status=EvidenceStatus(record.status),
                reason=record.reason,
                media_type=record.media_type,
                has_thumbnail=record.id in with_thumbnail,
            )
        )
    return found


def own_content(tx: HubTransaction, store: EvidenceStore, person: Cardholder, evidence_id: str) -> Content:
    """A file of the person's draft as it was sent; raises `NotFound` for any other."""
    _require_own(tx, person, evidence_id)
    return contents.of_client(tx, store, evidence_id, client_id=FORM_CLIENT)


def own_thumbnail(tx: HubTransaction, person: Cardholder, evidence_id: str) -> bytes:
    """The thumbnail of a picture of the person's draft, a JPEG; raises `NotFound` where there is none."""
    _require_own(tx, person, evidence_id)
    found = clean_copies.thumbnail_of(tx, evidence_id)
    if found is None:
        raise NotFound
    return found


def _require_own(tx: HubTransaction, person: Cardholder, evidence_id: str) -> None:
    if not draft_files.has(drafts.find(tx, person).data, evidence_id):
        raise NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class SentNegotiation:
    """One bank's part of an application that was sent. `due_at` is None until the bank has it.

    `expected_at` is by when the bank would have to answer, within `response_days` working days, if it got it today.
    `hotline` and when it is answered are "" where the bank says nothing. `has_form`: the application form is
    printed. `is_bank`: it is no other lender.
    """

    id: str
    reference: str
    bank_name: str
    due_at: datetime | None
    expected_at: datetime
    response_days: int
    hotline: str
    hotline_hours: str
    has_form: bool
    is_bank: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SentApplication:
    """An application that was sent, with a negotiation for each bank."""

    reference: str
    submitted_at: datetime
    negotiations: list[SentNegotiation]


def sent_application(tx: HubTransaction, person: Cardholder, application_id: str, *, language: str) -> SentApplication:
    """The application that the person sent from the pages; raises `NotFound`."""
    application = drafts.application_of(tx, person, application_id)
    listed = negotiations.list_of_application(tx, application.id)
    return SentApplication(
        reference=application.reference,
        submitted_at=application.submitted_at,
        negotiations=[_sent(tx, each, language) for each in listed],
    )


def _sent(tx: HubTransaction, negotiation: NegotiationRecord, language: str) -> SentNegotiation:
    bank, running = tx.bank(negotiation.bank_code), clocks.find_running(tx, negotiation.id)
    last_day = tx.calendar().nth_working_day_after(china_day(tx.now), bank.rules.response_days)
    return SentNegotiation(
        id=negotiation.id,
        reference=negotiation.reference,
        bank_name=bank.name(language),
        due_at=None if running is None else running.due_at,
        expected_at=china_instant(last_day, bank.rules.closes_at),
        response_days=bank.rules.response_days,
        hotline=bank.rules.hotline,
        hotline_hours=bank.rules.hotline_hours,
        has_form=documents.find_document(tx, negotiation.id, documents.APPLICATION_FORM) is not None,
        is_bank=bank.standing.is_bank,
    )
