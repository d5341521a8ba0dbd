"""What a checker and the bank say of an applicant, and what may happen before and after it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from hub.documents.application_form import html_of
from hub.domain.actor import Actor, Channel, Party
from hub.domain.bank import Bank
from hub.domain.bank_event import BankEvent, EventType
from hub.domain.clock import FixedClock
from hub.domain.correspondence import CallRecord, Direction
from hub.domain.errors import IdentityUnconfirmed, NegotiationAlreadyOpen, StatusConflict, TryAgain
from hub.domain.identity import IdentityComparison, IdentityLevel, IdentityQuestion
from hub.domain.offer import BankOffer
from hub.services.agreements import oral_agreements
from hub.services.applications import identity, intake
from hub.services.delivery import bank_events
from hub.services.documents import printing
from hub.services.negotiations import offering
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from schemas.application import load_application
from schemas.offers import load_terms
from storage import negotiation_locks, negotiations
from storage import offers as offer_rows
from tests import applications
from tests.applications import CMB, ICBC
from tests.conftest import AddClient

MOBILE, HOST, VERIFIED = IdentityLevel.MOBILE, IdentityLevel.HOST, IdentityLevel.VERIFIED
PERSON = applications.person(77)
CLERK = Actor(party=Party.BANK, id="client/icbc", channel=Channel.API)


@dataclass
class Register:
    """A checker that knows the holders of some cards, and may be away."""

    cards: frozenset[str] = frozenset()
    away: bool = False
    asked: list[IdentityQuestion] = field(default_factory=list)

    def matches(self, question: IdentityQuestion) -> bool:
        self.asked.append(question)
        if self.away:
            raise TryAgain("away")
        return question.card_number in self.cards


Apply = Callable[..., str]


@pytest.fixture
def apply(hub: Hub, banks: Mapping[str, Bank], add_client: AddClient) -> Apply:
    """A way to apply as one person, with somebody or nobody who stands up for them; gives the negotiation's id."""
    client = add_client("a host app", "applications:write")[0]

    def submit(level: IdentityLevel) -> str:
        loaded = load_application(applications.application(ICBC, applicant=PERSON, evidence=[]), now=hub.clock.now())
        assert loaded.value is not None, loaded.faults
        with hub.writing(Actor(party=Party.CARDHOLDER, id="client/x", channel=Channel.WEB)) as tx:
            made = intake.submit(tx, loaded.value, client_id=client.id, identities={ICBC: level})
            return negotiations.list_of_application(tx, made)[0].id

    return submit


@pytest.mark.parametrize("level", [HOST, VERIFIED])
def test_who_has_shown_a_mobile_alone_keeps_no_one_out(apply: Apply, level: IdentityLevel) -> None:
    apply(MOBILE)
    apply(level)
    with pytest.raises(NegotiationAlreadyOpen):
        apply(level)
    with pytest.raises(NegotiationAlreadyOpen):
        apply(MOBILE)


def test_one_that_the_bank_has_confirmed_is_the_persons_own(
    hub: Hub, apply: Apply, work_off: Callable[[], int]
) -> None:
    first = apply(MOBILE)
    work_off()
    with hub.writing(CLERK) as tx:
        identity.confirm(tx, first, IdentityComparison(text="", matches=True), bank_code=ICBC)
    with pytest.raises(NegotiationAlreadyOpen):
        apply(HOST)


def test_no_offer_opens_before_the_bank_has_compared(
    hub: Hub, apply: Apply, work_off: Callable[[], int], clock: FixedClock
) -> None:
    negotiation = apply(MOBILE)
    work_off()
    terms, faults = load_terms(applications.terms(), today=clock.at.date())
    assert terms is not None, faults

    def offer() -> None:
        with hub.writing(CLERK) as tx:
            offering.make_offer(tx, negotiation, BankOffer(terms=terms), bank_code=ICBC)

    with pytest.raises(IdentityUnconfirmed):
        offer()
    with hub.reading(CLERK) as tx:
        assert offer_rows.list_offers(tx, negotiation) == []
    with hub.writing(CLERK) as tx:
        identity.confirm(tx, negotiation, IdentityComparison(text="柜面核对", matches=True), bank_code=ICBC)
    offer()


@pytest.mark.parametrize("way", ["oral", "event"])
def test_no_other_way_leads_to_an_offer_either(
    hub: Hub, apply: Apply, work_off: Callable[[], int], clock: FixedClock, way: str
) -> None:
    negotiation = apply(MOBILE)
    work_off()
    terms, faults = load_terms(applications.terms(), today=clock.at.date())
    assert terms is not None, faults
    with hub.reading(CLERK) as tx:
        length = negotiations.get_of_bank(tx, negotiation, bank_code=ICBC).log_length
    call = CallRecord(at=clock.at, text="已同意", direction=Direction.OUTBOUND, recording_reference="R-1", terms=terms)
    event = BankEvent(
        id="e1",
        bank_code=ICBC,
        negotiation=negotiation,
        type=EventType.OFFERED,
        content=BankOffer(terms=terms),
        digest="d",
    )

    def tell(tx: HubTransaction) -> None:
        if way == "oral":
            oral_agreements.log_call(tx, negotiation, call, recording=None, bank_code=ICBC)
        else:
            bank_events.apply_event(tx, event)

    with pytest.raises(IdentityUnconfirmed), hub.writing(CLERK) as tx:
        tell(tx)
    with hub.reading(CLERK) as tx:
        assert offer_rows.list_offers(tx, negotiation) == []
        assert negotiations.get_of_bank(tx, negotiation, bank_code=ICBC).log_length == length


def test_another_person_ends_it_and_the_same_word_again_changes_nothing(
    hub: Hub, apply: Apply, work_off: Callable[[], int]
) -> None:
    negotiation = apply(MOBILE)
    work_off()
    for _ in range(2):
        with hub.writing(CLERK) as tx:
            row = identity.confirm(
                tx, negotiation, IdentityComparison(text="与预留信息不一致", matches=False), bank_code=ICBC
            )
            assert (row.status, row.reason_code, row.identity_confirmed) == ("rejected", "not_our_customer", False)
            length = row.log_length
    with hub.writing(CLERK) as tx:
        with pytest.raises(StatusConflict):
            identity.confirm(tx, negotiation, IdentityComparison(text="", matches=True), bank_code=ICBC)
        assert negotiation_locks.lock(tx, negotiation).log_length == length


def test_each_bank_has_the_level_of_its_own_cards(hub: Hub, banks: Mapping[str, Bank]) -> None:
    body = applications.application(ICBC, CMB, applicant=PERSON, evidence=[])
    application = load_application(body, now=hub.clock.now()).value
    assert application is not None
    questions = identity.questions_of(application)
    known = identity.verified_cards(Register(frozenset({questions[0].card_number})), questions)
    assert identity.levels_by_bank(application, known, vouched=False) == {ICBC: VERIFIED, CMB: MOBILE}
    assert identity.levels_by_bank(application, known, vouched=True) == {ICBC: HOST, CMB: HOST}


def test_a_checker_that_is_away_is_asked_once_and_refuses_nobody(hub: Hub, banks: Mapping[str, Bank]) -> None:
    body = applications.application(ICBC, CMB, applicant=PERSON, evidence=[])
    application = load_application(body, now=hub.clock.now()).value
    assert application is not None
    register = Register(away=True)
    known = identity.verified_cards(register, identity.questions_of(application))
    assert (len(register.asked), known) == (1, frozenset())
    assert set(identity.levels_by_bank(application, known, vouched=False).values()) == {MOBILE}


def test_the_banks_system_can_say_it_too(hub: Hub, apply: Apply, work_off: Callable[[], int]) -> None:
    negotiation = apply(MOBILE)
    work_off()
    event = BankEvent(
        id="e1",
        bank_code=ICBC,
        negotiation=negotiation,
        type=EventType.IDENTITY_COMPARED,
        content=IdentityComparison(matches=True, text=""),
        digest="d",
    )
    with hub.writing(bank_events.actor_of(ICBC)) as tx:
        assert bank_events.apply_event(tx, event)
        assert not bank_events.apply_event(tx, event)
    with hub.reading(CLERK) as tx:
        assert negotiations.get_of_bank(tx, negotiation, bank_code=ICBC).identity_confirmed is True


@pytest.mark.parametrize(("level", "is_told"), [(MOBILE, True), (HOST, False), (VERIFIED, False)])
def test_the_paper_says_that_nobody_has_checked_who_the_person_is(
    hub: Hub, apply: Apply, work_off: Callable[[], int], level: IdentityLevel, is_told: bool
) -> None:
    negotiation = apply(level)
    work_off()
    with hub.reading(CLERK) as tx:
        form = printing.form_of(tx, negotiations.get_of_bank(tx, negotiation, bank_code=ICBC))
    assert ("身份未核验" in html_of(form)) is is_told
