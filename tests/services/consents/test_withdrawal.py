"""A consent that is taken back while the bank's system is spoken to: one of the two was first, and both end well."""

from __future__ import annotations

from hub.domain.actor import HUB
from hub.services.consents import withdrawal
from hub.services.operating import invariants
from storage import communications
from tests.applications import CMB
from tests.banks.simulated import SimulatedBank
from tests.services.case import Case
from tests.services.conftest import OpenCase


def take_back(case: Case, purpose: str = "share_with_bank") -> None:
    with case.hub.writing(case.cardholder) as tx:
        withdrawal.withdraw(tx, case.id, purpose, client_id=case.client_id)


def last_body(simulated: SimulatedBank) -> bytes:
    return list(simulated.taken.values())[-1].body


def holds(case: Case) -> bool:
    with case.hub.reading(HUB) as tx:
        return list(invariants.breaches(tx, case.hub.store)) == []


def test_a_packet_that_arrives_meanwhile_is_followed_by_the_withdrawal_and_why(
    open_case: OpenCase, simulated: SimulatedBank
) -> None:
    case = open_case(CMB, worked_off=False)

    def once() -> None:
        simulated.meanwhile = lambda: None
        take_back(case)

    simulated.meanwhile = once
    case.work_off()
    assert (case.status, case.view()["withdrawal_reason"]) == ("withdrawn", "consent_withdrawn")
    assert simulated.kinds_taken() == ["negotiation.submitted", "negotiation.withdrawn"]
    assert b'"reason":"consent_withdrawn"' in last_body(simulated)
    assert holds(case)


def test_a_bank_that_has_it_is_told_by_a_message_and_only_once(open_case: OpenCase, simulated: SimulatedBank) -> None:
    case = open_case(CMB)
    take_back(case, "sensitive_data")
    take_back(case, "sensitive_data")
    case.work_off()
    assert simulated.kinds_taken() == ["negotiation.submitted", "negotiation.message"]
    assert b'"consent_withdrawn":{"at":' in last_body(simulated)
    assert b'"purpose":"sensitive_data"' in last_body(simulated)
    assert case.status == "awaiting_bank"
    assert holds(case)


def test_before_the_packet_goes_nothing_is_sent(open_case: OpenCase, simulated: SimulatedBank) -> None:
    case = open_case(CMB, worked_off=False)
    take_back(case)
    case.work_off()
    assert simulated.attempts == []
    assert case.kinds().count("consent_withdrawn") == 1


def test_a_second_consent_to_all_of_it_is_in_the_log_as_well(open_case: OpenCase, simulated: SimulatedBank) -> None:
    case = open_case(CMB)
    take_back(case, "sensitive_data")
    take_back(case, "share_with_bank")
    case.work_off()
    assert case.kinds().count("consent_withdrawn") == 2
    assert case.view()["withdrawn_consents"] == ["sensitive_data", "share_with_bank"]


def last_words(case: Case, kind: str) -> str:
    with case.hub.reading(HUB) as tx:
        entries = communications.list_entries(tx, case.id, after=0, limit=100)
    return [each.text or "" for each in entries if each.header.kind == kind][-1]


def test_nothing_is_said_to_be_at_a_bank_that_never_had_it(open_case: OpenCase, simulated: SimulatedBank) -> None:
    case = open_case(CMB, worked_off=False)
    take_back(case)
    take_back(case, "sensitive_data")
    case.work_off()
    assert simulated.attempts == []
    assert last_words(case, "consent_withdrawn").endswith("申请没有送到银行，以后也不会再送出任何资料。")
    assert holds(case)
