"""Applying again over a card that was under an agreement: what the bank is told of it, in force or ended."""

import json
from dataclasses import replace
from datetime import date

import pytest

from hub.domain.actor import Party
from hub.domain.agreement_end import EndReason
from hub.domain.application import Correction
from hub.domain.errors import RenegotiationsExhausted
from hub.domain.evidence import EvidenceKind
from hub.domain.plain import Plain
from hub.domain.terms import Kind, Terms
from hub.services.applications import intake
from hub.services.delivery import packets
from storage.records import NegotiationRecord
from storage.submissions import submission_of
from tests.applications import CMB, ICBC, account, application, card, person
from tests.banks.simulated import SimulatedBank
from tests.services.case import OFFER, Case, everything_stored
from tests.services.conftest import OpenCase, SetRules


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: the query is the one of agreements in force, which both kinds live through elsewhere."""
    return sqlite_database


@pytest.fixture
def broken(open_case: OpenCase) -> Case:
    """Of its agreement one payment was made in part and two were missed; the bank ended it."""
    case = open_case(applicant=person(7))
    case.accept(case.offer())
    case.at("2027-01-24 10:00")
    case.pay(1, 10_000)
    for number in (1, 2):
        case.miss(number)
    case.end(EndReason.DEFAULTED, "连续两期未还。")
    return case


def apply_again(open_case: OpenCase) -> Case:
    """The same person once more, in January, with the same card."""
    return open_case(applicant=person(7), proposal=later())


def later() -> Plain:
    return {**application(ICBC)["proposal"], "first_due_on": "2027-02-20"}


def packet(case: Case) -> Plain:
    with case.hub.reading(case.REVIEWER) as tx:
        return packets.packet_of(tx, tx.session.get_one(NegotiationRecord, case.id))


def test_after_a_broken_agreement_both_sides_see_what_is_negotiated_again(open_case: OpenCase, broken: Case) -> None:
    again = apply_again(open_case)
    assert again.view()["renegotiation_of"] == broken.id
    assert again.view(Party.BANK)["renegotiation_of"] == broken.id


def test_the_packet_has_the_ledger_of_the_agreement_before(open_case: OpenCase, broken: Case) -> None:
    before = broken.view()["agreement"]
    again = packet(apply_again(open_case))["earlier_agreement"]
    assert {name: again[name] for name in ("number", "status", "signed_at", "end_reason", "payments")} == {
        name: before[name] for name in ("number", "status", "signed_at", "end_reason", "payments")
    }
    assert (again["negotiation"], again["end_reason"]) == (broken.id, "defaulted")
    assert [row["status"] for row in again["payments"][:3]] == ["missed", "missed", "due"]
    assert again["unpaid_fen"] == sum(row["total_fen"] - row["paid_fen"] for row in again["payments"])
    assert packet(broken)["earlier_agreement"] is None


def test_a_banks_own_system_is_sent_the_same(open_case: OpenCase, simulated: SimulatedBank) -> None:
    first = open_case(CMB, applicant=person(8))
    first.accept(first.offer())
    again = open_case(CMB, applicant=person(8))
    [sent] = [
        each for each in simulated.taken.values() if again.id in each.body.decode() and each.kind.endswith("submitted")
    ]
    assert json.loads(sent.body)["earlier_agreement"] == packet(again)["earlier_agreement"]
    assert json.loads(sent.body)["earlier_agreement"]["status"] == "in_force"


def test_one_that_was_kept_to_its_end_and_another_card_are_no_renegotiation(open_case: OpenCase) -> None:
    first = open_case(applicant=person(7))
    first.accept(first.offer())
    first.end(EndReason.SETTLED, "余下的不再要求。", waive_rest=True)
    again = open_case(applicant=person(7))
    assert again.view()["renegotiation_of"] is None
    again.withdraw()
    other = open_case(applicant=person(7), accounts=[account(card_number=card(number=1))])
    assert packet(other)["earlier_agreement"] is None


def test_of_several_the_newest_is_named(open_case: OpenCase, broken: Case) -> None:
    second = apply_again(open_case)
    second.accept(second.offer(replace(OFFER, first_due_on=date(2027, 2, 20))))
    third = apply_again(open_case)
    assert third.view()["renegotiation_of"] == second.id


def test_without_a_limit_a_bank_takes_any_number(open_case: OpenCase, broken: Case) -> None:
    assert apply_again(open_case).status == "awaiting_bank"


def test_above_its_limit_the_bank_is_not_applied_to_and_nothing_is_written(
    open_case: OpenCase, broken: Case, set_rules: SetRules
) -> None:
    set_rules(max_renegotiations="1")
    second = apply_again(open_case)
    second.accept(second.offer(replace(OFFER, first_due_on=date(2027, 2, 20))))
    third = apply_again(open_case)
    third.accept(third.offer(replace(OFFER, first_due_on=date(2027, 2, 20))))
    before = everything_stored(broken.hub)
    with pytest.raises(RenegotiationsExhausted) as refused:
        apply_again(open_case)
    assert (refused.value.bank_code, refused.value.params["limit"]) == (ICBC, 1)
    assert len(everything_stored(broken.hub)["negotiation"]) == len(before["negotiation"])
    # Another card of the same person was never under an agreement.
    other = open_case(applicant=person(7), accounts=[account(card_number=card(number=1))], proposal=later())
    assert other.status == "awaiting_bank"


def test_one_in_force_counts_only_once_it_came_to_nothing(open_case: OpenCase, set_rules: SetRules) -> None:
    set_rules(max_renegotiations="0")
    first = open_case(applicant=person(7))
    first.accept(first.offer())
    second = open_case(applicant=person(7))
    second.accept(second.offer())
    with pytest.raises(RenegotiationsExhausted):
        open_case(applicant=person(7))


def test_one_that_failed_by_itself_counts_as_well(open_case: OpenCase, set_rules: SetRules) -> None:
    set_rules(max_renegotiations="0")
    case = open_case(applicant=person(7))
    once = Terms(kind=Kind.SETTLEMENT, principal_fen=1_850_000, first_due_on=OFFER.first_due_on)
    case.accept(case.offer(once))
    case.at("2027-01-24 10:00")
    with pytest.raises(RenegotiationsExhausted):
        apply_again(open_case)


def test_a_correction_to_another_card_is_judged_by_that_card(
    open_case: OpenCase, broken: Case, set_rules: SetRules
) -> None:
    accounts = [account(card_number=card(number=1))]
    returned = open_case(applicant=person(7), worked_off=False, accounts=accounts, proposal=later())
    returned.judge(returned.sent.evidence[0], "unreadable")
    returned.work_off()
    assert returned.view()["renegotiation_of"] is None
    with returned.row() as (tx, row):
        before = submission_of(tx, row)
    file = returned.upload(EvidenceKind.PAYSLIP)
    cards = tuple(replace(each, card_number=card()) for each in before.accounts)
    correction = Correction(accounts=cards, finances=before.finances, evidence=(file,))

    def correct() -> None:
        with returned.hub.writing(returned.cardholder) as tx:
            intake.correct(tx, returned.id, correction, client_id=returned.client_id)

    set_rules(max_renegotiations="0")
    with pytest.raises(RenegotiationsExhausted):
        correct()
    assert returned.status == "returned"
    set_rules(max_renegotiations="")
    correct()
    assert (returned.status, returned.view()["renegotiation_of"]) == ("screening", broken.id)
