"""Real threads on real databases: of two deeds that exclude each other, one happens."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from hub.domain.actor import HUB, Party
from hub.domain.errors import Conflict, NegotiationAlreadyOpen, NotFound, Refused, Unavailable
from hub.domain.notices import PUBLISHED
from hub.services.applications import intake
from hub.services.negotiations import answer_clocks
from hub.services.operating import invariants
from hub.wiring import Hub
from schemas.application import load_application
from storage import given_evidence
from storage.records import NegotiationRecord
from tests import applications
from tests.applications import ICBC
from tests.conftest import AddClient, Submit
from tests.services.agreements.amending import DAY, EARLY, Amending
from tests.services.case import Case, everything_stored
from tests.services.conftest import OpenCase


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Every deed in a thread of its own, all let go at one moment; `done`, or the kind of the refusal, of each."""
    gate = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> str:
        gate.wait(20)
        for _ in range(5):
            try:
                deed()
            except Unavailable as error:
                # A face tries such a one again: another transaction was in the way.
                if not error.at_once:
                    raise
            except (Conflict, NotFound, Refused) as error:
                return type(error).__name__
            else:
                return "done"
        raise AssertionError("still in the way of another after five tries")

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def sound(hub: Hub) -> bool:
    """Whether every invariant holds."""
    with hub.reading(HUB) as tx:
        return not list(invariants.breaches(tx, hub.store))


def test_ten_submissions_of_one_person_to_one_bank_open_one_negotiation(
    hub: Hub, submitted: Submit, add_client: AddClient
) -> None:
    submitted(ICBC)
    clients = [add_client(f"host app {number}", "applications:write")[0] for number in range(10)]
    loaded = load_application(
        applications.application(ICBC, applicant=applications.person(500)), now=hub.clock.now()
    ).value
    assert loaded is not None

    def submit(client_id: str) -> None:
        with hub.writing(HUB) as tx:
            intake.submit(tx, loaded, client_id=client_id)

    found = at_once(*(lambda id_=client.id: submit(id_) for client in clients))
    assert sorted(found) == [NegotiationAlreadyOpen.__name__] * 9 + ["done"]
    stored = everything_stored(hub)
    assert [len(stored[table]) for table in ("application", "negotiation", "submission")] == [2, 2, 2]
    assert sound(hub)


def test_accepting_and_withdrawing_at_once_have_one_winner(open_case: OpenCase) -> None:
    case = open_case()
    offer = case.offer()
    code = case.send_code(offer)
    found = at_once(lambda: case.try_code(offer, code), case.withdraw)
    assert found.count("done") == 1
    assert case.status == ("agreed" if found[0] == "done" else "withdrawn")
    assert sound(case.hub)


def test_two_decisions_of_a_bank_at_once_have_one_winner(open_case: OpenCase) -> None:
    case = open_case()
    found = at_once(case.reject, case.offer)
    assert found.count("done") == 1
    assert case.status == ("rejected" if found[0] == "done" else "offered")
    assert sound(case.hub)


@pytest.mark.parametrize("number", range(2))
def test_a_withdrawal_and_a_decision_at_once_have_one_winner_whom_both_sides_see(
    open_case: OpenCase, number: int
) -> None:
    case = open_case()
    found = at_once(case.withdraw, case.reject)
    assert sorted(found) == ["StatusConflict", "done"]
    status = "withdrawn" if found[0] == "done" else "rejected"
    assert [case.view(party)["status"] for party in (Party.CARDHOLDER, Party.BANK)] == [status] * 2
    assert [kind for kind in case.kinds() if kind in ("withdrawn", "rejected")] == [status]
    assert sound(case.hub)


def test_a_file_that_comes_while_the_bank_decides_is_kept_and_the_decision_keeps_its_place(
    open_case: OpenCase,
) -> None:
    case = open_case()
    file = case.upload()
    found = at_once(lambda: case.write("补充流水", file), case.offer)
    assert found == ["done", "done"]
    # The chain says what the bank had when it decided: each entry names the one before it.
    kinds = case.kinds()
    assert (kinds.count("message"), kinds.count("offered")) == (1, 1)
    assert case.status == "offered"
    with case.hub.reading(HUB) as tx:
        given = given_evidence.list_given(tx, tx.session.get_one(NegotiationRecord, case.id))
        assert file.id in {record.id for _, record in given}
    assert sound(case.hub)


def test_accepting_twice_at_once_makes_one_agreement(open_case: OpenCase) -> None:
    case = open_case()
    offer = case.offer()
    code = case.send_code(offer)
    assert at_once(*[lambda: case.try_code(offer, code)] * 4) == ["done"] * 4
    assert len(everything_stored(case.hub)["agreement"]) == 1
    assert sound(case.hub)


def test_parallel_tries_of_a_wrong_code_are_all_counted(open_case: OpenCase) -> None:
    case = open_case()
    offer = case.offer()
    code = case.send_code(offer)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    at_once(*[lambda: case.try_code(offer, wrong)] * 5)
    refusal = case.try_code(offer, code)
    assert refusal is not None
    assert refusal.faults[0].code == "confirmation_code_used_up"


def test_entries_written_at_once_make_one_chain(open_case: OpenCase) -> None:
    case = open_case()
    before = len(case.log())
    at_once(*[lambda: case.write("您好")] * 6)
    assert len(case.log()) == before + 12
    assert sound(case.hub)


def test_an_offer_and_a_new_calendar_at_once_leave_no_due_time_behind(open_case: OpenCase) -> None:
    case = open_case()

    def publish() -> None:
        answer_clocks.import_notice(case.hub, PUBLISHED[-1], actor=HUB)

    assert at_once(case.offer, publish) == ["done", "done"]
    assert case.due is None
    assert sound(case.hub)


@pytest.mark.parametrize("number", range(2))
def test_two_sweeps_at_once_do_each_thing_once(open_case: OpenCase, number: int) -> None:
    case: Case = open_case()
    case.clock.at += timedelta(days=20)
    at_once(case.sweep, case.sweep)
    assert case.kinds().count("breached") == 1
    assert sound(case.hub)


def test_signing_a_settlement_and_a_payment_at_once_never_lose_money(open_case: OpenCase) -> None:
    case = open_case()
    case.accept(case.offer())
    amending = Amending(case=case)
    amendment_id = amending.quoted()
    code = amending.send_code(amendment_id, EARLY)
    found = at_once(lambda: amending.try_code(amendment_id, EARLY, code), lambda: case.pay(1, 100_000))
    assert found[1] == "done"
    rows, request = amending.agreement["payments"], amending.newest(EARLY)
    assert sum(row["paid_fen"] for row in rows) == 100_000
    # Either the money came first and the quote is outdated, or it is for the one row that was signed.
    assert (found[0], request["status"], len(rows)) in [
        ("done", "awaiting_payment", 1),
        ("StatusConflict", "with_bank", 36),
    ]
    assert sound(case.hub)


def test_signing_an_amendment_many_times_at_once_makes_one(open_case: OpenCase) -> None:
    case = open_case()
    case.accept(case.offer())
    amending = Amending(case=case)
    amendment_id = amending.propose_day(5)
    code = amending.send_code(amendment_id, DAY)
    assert at_once(*[lambda: amending.try_code(amendment_id, DAY, code)] * 4) == ["done"] * 4
    assert case.kinds().count("amended") == 1
    assert sound(case.hub)


def test_of_requests_of_both_sides_at_once_one_is_open(open_case: OpenCase) -> None:
    case = open_case()
    case.accept(case.offer())
    amending = Amending(case=case)
    found = at_once(amending.ask_settlement, amending.ask_day, lambda: amending.propose_day(28))
    assert sorted(found) == ["AgreementConflict", "AgreementConflict", "done"]
    assert len(everything_stored(case.hub)["amendment"]) == 1
    assert sound(case.hub)
