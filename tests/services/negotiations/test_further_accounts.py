"""A further card of the person: the bank proposes it, the person includes it or leaves it out."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from hub.domain.actor import Party
from hub.domain.agreement_end import EndReason
from hub.domain.balances import Balance
from hub.domain.errors import AgreementConflict, Refused, StatusConflict
from hub.domain.proposed_account import ProposedAccountStatus
from hub.domain.queue_summary import HUNDRED_YUAN
from hub.services.accounts import subjects
from hub.services.accounts.cardholders import Cardholder
from hub.services.agreements import clearance_papers, clearances
from hub.services.bills import agreement_bills
from hub.services.documents.agreement_paper import paper_of
from hub.services.negotiations import counter_offers, further_accounts
from storage import agreements, queue_index
from tests import applications
from tests.applications import CMB
from tests.banks.simulated import SimulatedBank
from tests.services.case import FURTHER, OFFER, Case, china
from tests.services.conftest import OpenCase

INCLUDED, LEFT_OUT = ProposedAccountStatus.INCLUDED, ProposedAccountStatus.LEFT_OUT
BALANCE = Balance(
    card_last4="8003",
    currency="CNY",
    principal_fen=430_000,
    interest_fen=9_000,
    fees_fen=0,
    penalty_fen=300,
    as_of=date(2026, 11, 20),
)


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough for these rules; `test_schema` and the whole way live on both."""
    return sqlite_database


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A negotiation that is the bank's turn, on Saturday 2026-11-21 at 10:00."""
    return open_case()


def propose(case: Case, **changes: Any) -> str:
    with case.hub.writing(case.REVIEWER) as tx:
        made = further_accounts.propose(tx, case.id, replace(FURTHER, **changes), bank_code=case.bank_code)
        return made.id


def answer(case: Case, account_id: str, given: ProposedAccountStatus = INCLUDED) -> None:
    with case.hub.writing(case.cardholder) as tx:
        further_accounts.answer(tx, case.id, account_id, given, client_id=case.client_id)


def shown(case: Case, party: Party = Party.CARDHOLDER) -> list[tuple[str, str]]:
    return [(each["card_last4"], each["status"]) for each in case.view(party)["proposed_accounts"]]


def faults(case: Case, **changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        propose(case, **changes)
    return [(each.pointer, each.code) for each in refused.value.faults]


def test_the_person_is_asked_in_the_log_and_by_mail(case: Case) -> None:
    id_ = propose(case)
    [account] = case.view()["proposed_accounts"]
    assert account == {
        "id": id_,
        "card_first6": "622210",
        "card_last4": "8003",
        "principal_fen": 420_000,
        "interest_fen": 8_600,
        "fees_fen": 0,
        "penalty_fen": 300,
        "text": "您在我行还有这张卡。",
        "status": "proposed",
        "at": "2026-11-21T10:00:00+08:00",
        "answered_at": None,
    }
    assert shown(case, Party.BANK) == [("8003", "proposed")]
    said = case.log()[-1]
    assert (said.header.kind, said.header.party) == ("account_proposed", "bank")
    assert said.text == "银行提出将另一张卡列入协商：622210******8003，欠款共 4,289.00 元。您在我行还有这张卡。"
    [mail] = case.mails("account_proposed")
    assert (mail.reader, mail.about_id) == ("cardholder", id_)


def test_the_mail_waits_for_the_persons_hours(case: Case) -> None:
    case.clock.at = china("2026-11-21 21:50")
    propose(case)
    [mail] = case.mails("account_proposed")
    assert mail.next_try_at is not None
    assert mail.next_try_at >= china("2026-11-22 08:30")


def test_a_card_is_proposed_once_and_never_one_of_the_application(case: Case) -> None:
    id_ = propose(case)
    entries = len(case.log())
    assert faults(case, principal_fen=1) == [("/card_last4", "card_already_proposed")]
    own = {"card_first6": applications.card()[:6], "card_last4": applications.card()[-4:]}
    assert faults(case, **own) == [("/card_last4", "card_in_application")]
    answer(case, id_, LEFT_OUT)
    assert faults(case) == [("/card_last4", "card_already_proposed")]
    assert (len(case.log()), shown(case)) == (entries + 2, [("8003", "left_out")])


def test_an_offer_holds_the_card_only_once_it_is_included(case: Case) -> None:
    id_ = propose(case)
    first = replace(BALANCE, card_last4="0007", principal_fen=1_850_000, interest_fen=46_200, penalty_fen=12_000)
    with pytest.raises(Refused, match="/balances/1/card_last4: card_unknown"):
        case.offer(balances=(first, BALANCE))
    answer(case, id_)
    terms = replace(OFFER, principal_fen=1_850_000 + 430_000)
    offer_id = case.offer(terms, balances=(first, BALANCE))
    assert [each["card_last4"] for each in case.offer_of(offer_id)["balances"]] == ["0007", "8003"]


def test_an_offer_without_balances_confirms_what_was_declared_and_included(case: Case) -> None:
    case.clock.at += timedelta(days=1)
    answer(case, propose(case))
    answer(case, propose(case, card_last4="9009"), LEFT_OUT)
    offered = case.offer_of(case.offer())
    assert [(each["card_last4"], each["as_of"]) for each in offered["balances"]] == [
        ("0007", "2026-11-21"),
        ("8003", "2026-11-22"),
    ]
    # What of it is neither planned nor waived is left out, to the fen.
    assert offered["left_out_fen"] == 420_000 + 8_600 + 300


def test_cards_that_end_alike_are_told_by_their_first_digits(case: Case) -> None:
    answer(case, propose(case, card_first6="625910", card_last4="0007"))
    offered = case.offer_of(case.offer())
    assert [each["card_first6"] for each in offered["balances"]] == ["622210", "625910"]


def test_a_counter_offer_before_any_offer_bears_on_it_too(case: Case) -> None:
    with case.hub.reading(case.cardholder) as tx:
        before = counter_offers.counter_basis(tx, case.id, client_id=case.client_id).owed.total_fen
    answer(case, propose(case))
    with case.hub.reading(case.cardholder) as tx:
        owed = counter_offers.counter_basis(tx, case.id, client_id=case.client_id).owed.total_fen
    assert owed == before + 428_900


def test_the_answer_is_in_the_log_and_the_bank_is_told(case: Case) -> None:
    for given, kind in ((INCLUDED, "account_included"), (LEFT_OUT, "account_left_out")):
        id_ = propose(case, card_last4="8003" if given is INCLUDED else "9009")
        for _ in range(2):
            answer(case, id_, given)
        assert case.kinds().count(kind) == 1
    assert shown(case) == [("8003", "included"), ("9009", "left_out")]
    assert {each.reader for each in case.mails("arrived_message")} == {"desk"}


def test_the_banks_own_system_is_told_of_the_answer(open_case: OpenCase, simulated: SimulatedBank) -> None:
    case = open_case(CMB)
    id_ = propose(case, card_first6="356889")
    answer(case, id_)
    case.work_off()
    [told] = [each for each in simulated.taken.values() if each.kind == "negotiation.message"]
    assert f'"id": "{id_}"'.replace(" ", "") in told.body.decode().replace(" ", "")
    assert "included" in told.body.decode()


def test_the_other_answer_comes_too_late(case: Case) -> None:
    id_ = propose(case)
    answer(case, id_)
    entries = len(case.log())
    with pytest.raises(AgreementConflict) as refused:
        answer(case, id_, LEFT_OUT)
    assert refused.value.code == "already_answered"
    assert (len(case.log()), shown(case)) == (entries, [("8003", "included")])


def test_nothing_is_proposed_or_answered_once_it_is_over(case: Case) -> None:
    answered, waiting = propose(case), propose(case, card_last4="9009")
    answer(case, answered)
    case.reject()
    entries = len(case.log())
    for late in (lambda: propose(case, card_last4="9010"), lambda: answer(case, waiting)):
        with pytest.raises(StatusConflict) as refused:
            late()
        assert refused.value.status == "rejected"
    answer(case, answered)
    assert (len(case.log()), shown(case)) == (entries, [("8003", "included"), ("9009", "proposed")])


def test_the_paper_names_the_included_card_by_its_ends(case: Case) -> None:
    answer(case, propose(case))
    case.accept(case.offer())
    with case.row() as (tx, row):
        agreement = agreements.find_agreement(tx, row.id)
        assert agreement is not None
        paper = paper_of(tx, row, agreement)
    assert [paper.card(each) for each in paper.contents.balances][1] == "622210******8003"
    assert paper.contents.balance_total_fen == 1_908_200 + 428_900


def test_the_queue_shows_finds_and_exports_the_included_card(case: Case) -> None:
    asked = propose(case)
    with case.row() as (tx, row):
        assert queue_index.find(tx, case.bank_code, ["card/8003"], most=10) == []
    answer(case, asked)
    with case.row() as (tx, row):
        said = queue_index.said_of(tx, row)
        assert said is not None
        assert (said.cards[-1], said.owed_fen) == ("8003", further_accounts.declared_fen(tx, row))
        assert row.owed_hundreds == said.owed_fen // HUNDRED_YUAN
        assert queue_index.find(tx, case.bank_code, ["card/8003"], most=10) == [case.id]


def test_the_certificate_of_settlement_names_the_included_card_too(case: Case) -> None:
    answer(case, propose(case))
    case.accept(case.offer())
    case.end(EndReason.SETTLED, "余下的不再要求。", waive_rest=True)
    with case.hub.writing(case.REVIEWER) as tx:
        clearances.issue(tx, case.id, "", file=None, bank_code=case.bank_code)
    pages: list[str] = []

    def printer(html: str) -> bytes:
        pages.append(html)
        return applications.pdf()

    clearance_papers.print_clearance(case.hub, printer, case.hub.store, case.id)
    assert "622210******8003" in pages[0]


def test_a_row_over_two_cards_names_neither_in_the_calendar(case: Case) -> None:
    answer(case, propose(case))
    case.accept(case.offer())
    with case.row() as (tx, row):
        person = Cardholder(key="one", mobile="", mobile_indexes=(row.mobile_index,))
        listed = agreement_bills.list_for(tx, subjects.of_cardholder(tx, person))
    assert {each.contents.card_last4 for each in listed} == {""}


def test_an_agreement_over_an_included_card_is_seen_by_a_later_application(open_case: OpenCase) -> None:
    further, person = applications.card(number=7), applications.person()
    case = open_case(applicant=person)
    answer(case, propose(case, card_first6=further[:6], card_last4=further[-4:]))
    case.accept(case.offer())
    account = applications.account(card_number=further)
    later = open_case(applicant=person, accounts=[account])
    assert later.view(Party.BANK)["renegotiation_of"] == case.id
    later.accept(later.offer())
    ended = case.view()["agreement"]
    assert (ended["status"], ended["end_reason"]) == ("ended", EndReason.REPLACED)
