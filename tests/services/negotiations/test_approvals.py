"""An offer goes through its bank's levels: in order, each by a person of their own, as set when it was made."""

from collections.abc import Callable

import pytest

from hub.domain.actor import HUB, Actor, Channel, Party
from hub.domain.errors import NotAllowed, OfferNotOpen
from hub.domain.offer import OfferStatus
from hub.domain.staff import Role
from hub.services.operating import audit
from storage import offers
from tests.services.case import LARGE_OFFER, OFFER, Case
from tests.services.conftest import SetRules
from tests.services.offer_case import case, database, statuses

__all__ = ["case", "database"]

LEVELS = "1000000:supervisor,1500000:bank_admin"


def somebody(name: str) -> Actor:
    return Actor(party=Party.BANK, id=f"staff/{name}", channel=Channel.PORTAL)


ADMIN, OTHER = somebody("admin"), somebody("other")


def told(case: Case) -> list[tuple[str, str | None]]:
    """(role, when it was given) of each level of the newest offer, as the bank's programs see it."""
    return [(each["role"], each["approved_at"]) for each in case.view(Party.BANK)["offers"][-1]["approvals"]]


def test_it_opens_once_every_level_has_approved_in_order(case: Case, set_rules: SetRules) -> None:
    set_rules(approval_levels=LEVELS)
    offer = case.offer(OFFER)
    with pytest.raises(NotAllowed, match="another_role"):
        case.approve(offer, by=ADMIN, role=Role.BANK_ADMIN)
    case.approve(offer)
    assert (statuses(case, Party.BANK), statuses(case)) == (["awaiting_approval"], [])
    assert told(case) == [("supervisor", "2026-11-21T10:00:00+08:00"), ("bank_admin", None)]
    case.approve(offer, by=ADMIN, role=Role.BANK_ADMIN)
    assert (statuses(case, Party.BANK), case.status) == (["open"], "offered")
    with pytest.raises(OfferNotOpen):
        case.approve(offer, by=ADMIN, role=Role.BANK_ADMIN)
    assert "approvals" not in case.view()["offers"][0]


def test_nobody_gives_two_levels_and_its_maker_none(case: Case, set_rules: SetRules) -> None:
    set_rules(approval_levels="1000000:supervisor,1500000:supervisor")
    offer = case.offer(OFFER, by=OTHER)
    for act in (case.approve, case.send_back):
        with pytest.raises(NotAllowed, match="own_offer"):
            act(offer, by=OTHER)
    case.approve(offer)
    for act in (case.approve, case.send_back):
        with pytest.raises(NotAllowed, match="another_person"):
            act(offer)
    assert statuses(case, Party.BANK) == ["awaiting_approval"]
    case.approve(offer, by=somebody("third"))
    assert statuses(case, Party.BANK) == ["open"]


def test_any_level_returns_it_to_its_maker_with_words(case: Case, set_rules: SetRules) -> None:
    set_rules(approval_levels=LEVELS)
    offer = case.offer(OFFER)
    case.approve(offer)
    case.send_back(offer, by=ADMIN, role=Role.BANK_ADMIN)
    assert (statuses(case, Party.BANK), statuses(case)) == (["returned"], [])
    with case.hub.reading(HUB) as tx:
        record = offers.get_offer(tx, case.id, offer)
        assert (offers.decision_of(tx, record), record.decided_by) == ("请再看利率", str(ADMIN))
    assert len(case.mails("offer_returned")) == 1


def test_the_levels_of_the_moment_it_was_made_count(case: Case, set_rules: SetRules) -> None:
    set_rules(approval_levels=LEVELS)
    offer = case.offer(OFFER)
    set_rules(approval_levels="")
    case.approve(offer)
    assert statuses(case, Party.BANK) == ["awaiting_approval"]
    set_rules(approval_levels="1:bank_admin")
    case.approve(offer, by=ADMIN, role=Role.BANK_ADMIN)
    assert statuses(case, Party.BANK) == ["open"]


def test_what_the_banks_own_system_decides_goes_through_no_level(case: Case, set_rules: SetRules) -> None:
    set_rules(approval_levels="0:supervisor")
    case.offer(OFFER, by=case.ADAPTER)
    assert (statuses(case, Party.BANK), told(case)) == (["open"], [])


def test_each_step_is_on_record_for_the_operator_and_never_in_the_persons_log(case: Case, set_rules: SetRules) -> None:
    set_rules(approval_levels=LEVELS)
    offer = case.offer(OFFER)
    length = len(case.log())
    case.approve(offer)
    case.send_back(offer, by=ADMIN, role=Role.BANK_ADMIN)
    assert len(case.log()) == length
    with case.hub.reading(HUB) as tx:
        lines = [(each.kind, each.actor, each.details["role"]) for each in audit.newest(tx) if "offer" in each.details]
    assert lines == [
        ("offer_returned", str(ADMIN), "bank_admin"),
        ("offer_approved", str(Case.SUPERVISOR), "supervisor"),
    ]


@pytest.mark.parametrize("status", OfferStatus)
def test_an_offer_that_opens_leaves_no_other_one_waiting_and_no_other_changed(case: Case, status: OfferStatus) -> None:
    waiting = case.offer(LARGE_OFFER, by=OTHER)
    with case.row() as (tx, _):
        record = offers.get_offer(tx, case.id, waiting)
        record.status = status
        tx.session.commit()
    case.offer(OFFER)
    waits = status is OfferStatus.AWAITING_APPROVAL
    assert statuses(case, Party.BANK) == ["superseded" if waits else status, "open"]
    assert len(case.mails("offer_superseded")) == int(waits)


@pytest.mark.parametrize(
    "before", [Case.acknowledge, Case.ask, Case.offer, Case.counter], ids=lambda each: each.__name__
)
def test_at_whatever_turn_of_the_case_another_offer_opens(case: Case, before: Callable[[Case], object]) -> None:
    if before is Case.counter:
        case.offer()
    before(case)
    waiting = case.offer(LARGE_OFFER, by=OTHER)
    length = len(case.log())
    case.offer(OFFER)
    assert case.offer_of(waiting, Party.BANK)["status"] == "superseded"
    with pytest.raises(OfferNotOpen):
        case.approve(waiting)
    # The person never knew of it: the audit alone has it.
    assert len(case.log()) == length + 1
    with case.hub.reading(HUB) as tx:
        [line] = [each for each in audit.newest(tx) if each.kind == "offer_superseded"]
        assert line.details["offer"] == waiting


def test_who_opens_another_offer_of_their_own_is_told_nothing(case: Case) -> None:
    case.offer(LARGE_OFFER, by=OTHER)
    case.offer(OFFER, by=OTHER)
    assert statuses(case, Party.BANK) == ["superseded", "open"]
    assert case.mails("offer_superseded") == []


def test_of_two_that_wait_the_one_that_is_approved_stays(case: Case) -> None:
    first, second = case.offer(LARGE_OFFER, by=OTHER), case.offer(LARGE_OFFER, by=ADMIN)
    case.approve(second)
    assert statuses(case, Party.BANK) == ["superseded", "open"]
    assert [each.about_id for each in case.mails("offer_superseded")] == [first]
