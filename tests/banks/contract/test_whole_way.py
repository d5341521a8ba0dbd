"""The whole way of a negotiation with a bank of each kind, as its simulated system goes it by itself."""

from collections.abc import Callable

import pytest

from hub.banks.simulator.port import Does
from hub.domain.delivery import MessageKind
from hub.domain.evidence import EvidenceKind
from tests.applications import ICBC
from tests.banks.joined import (
    FarBank,
    events_of,
    refused,
)
from tests.conftest import Submit
from tests.jobs.waiting import wait_until
from tests.services.case import Case

pytestmark = pytest.mark.slow


def after(deed: Callable[[], None], question: Callable[[], bool]) -> bool:
    """The answer to the question once the deed is done."""
    deed()
    return question()


@pytest.mark.parametrize(
    ("behaviour", "status", "applied"),
    [
        ("accept", "offered", {"acknowledged": 1, "offered": 1}),
        ("counter-offer", "offered", {"acknowledged": 1, "offered": 1}),
        ("ask", "awaiting_cardholder", {"acknowledged": 1, "evidence_requested": 1}),
        ("reject", "rejected", {"acknowledged": 1, "rejected": 1}),
        ("accept,duplicate,replayed,stray", "offered", {"acknowledged": 1, "offered": 1}),
        ("accept,out-of-order", "offered", {"offered": 1}),
    ],
)
def test_a_bank_goes_its_way(
    case: Case,
    far: FarBank,
    submitted: Submit,
    work_off: Callable[[], int],
    hear: Callable[[], None],
    behaviour: str,
    status: str,
    applied: dict[str, int],
) -> None:
    far.behave(behaviour)
    second = Case(hub=case.hub, clock=case.clock, work_off=work_off, sent=submitted(ICBC), bank_code=ICBC)
    work_off()
    wait_until(lambda: after(hear, lambda: second.status == status), what=f"{status}, by {far.lines}")
    wait_until(far.desk.events.empty, what="the bank to say all it has to say")
    far.behave("silent")
    work_off()
    hear()
    assert (second.status, events_of(second)) == (status, applied)
    assert (case.status, events_of(case)) == ("awaiting_bank", {})


def test_a_bank_offers_once_it_has_the_evidence_and_agrees_to_a_counter_offer(
    case: Case, far: FarBank, submitted: Submit, work_off: Callable[[], int], hear: Callable[[], None]
) -> None:
    far.behave("ask")
    asked = Case(hub=case.hub, clock=case.clock, work_off=work_off, sent=submitted(ICBC), bank_code=ICBC)
    work_off()
    wait_until(lambda: after(hear, lambda: asked.status == "awaiting_cardholder"), what="a request for evidence")
    asked.write("给您", asked.upload(EvidenceKind.BANK_STATEMENT), answers=True)
    work_off()
    wait_until(lambda: after(hear, lambda: asked.status == "offered"), what="an offer")
    asked.counter()
    work_off()
    wait_until(lambda: after(hear, lambda: len(asked.view()["offers"]) == 3), what="the bank's second offer")
    first, counter, second = asked.view()["offers"]
    assert (first["by"], counter["by"], second["by"]) == ("bank", "cardholder", "bank")
    assert second["terms"] == counter["terms"]
    asked.accept(second["id"])
    work_off()
    wait_until(lambda: far.wrote("took", kind=MessageKind.ACCEPTED), what="the bank to have the agreement")
    assert (asked.status, refused(asked.hub)) == ("agreed", [])


def test_an_answer_that_was_lost_is_made_good_by_what_the_bank_says(
    case: Case, far: FarBank, submitted: Submit, work_off: Callable[[], int], hear: Callable[[], None]
) -> None:
    if Does.CUT not in far.far_side.does:
        pytest.skip("its wire cannot show that")
    far.behave("accept", "cut")
    second = Case(hub=case.hub, clock=case.clock, work_off=work_off, sent=submitted(ICBC), bank_code=ICBC)
    work_off()
    wait_until(lambda: after(hear, lambda: second.status == "offered"), what="the offer")
    assert len(far.wrote("took", negotiation=second.id)) == 1
