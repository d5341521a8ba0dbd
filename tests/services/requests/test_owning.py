"""Whose a request is at its bank: taken, given, given back, and free once its owner leaves; the bank's audit has it."""

from __future__ import annotations

import pytest

from hub.domain.actor import HUB
from hub.domain.errors import NotFound, Refused
from hub.domain.staff import Role
from hub.services.requests import owning
from storage import request_queue
from tests.services.desk import Desk, acts, address
from tests.services.requests.asking import CMB, ICBC, Asking, Happens, tiny_kind

__all__ = ["tiny_kind"]


def assign(asking: Asking, by: str, owner_id: str | None, seen: str | None = None) -> str | None:
    with asking.hub.writing(acts(by)) as tx:
        owning.assign(tx, asking.matter_id, bank_code=ICBC, owner_id=owner_id, seen_owner=seen)
    return asking.row().owner_id


def code_of(refused: Refused) -> str:
    return refused.faults[0].code


def test_a_clerk_takes_a_request_gives_it_on_and_gives_it_back(asking: Asking) -> None:
    asking.opened(ICBC)
    desk = Desk(hub=asking.hub)
    chen, wu = desk.person("陈"), desk.person("吴")
    length = asking.row().log_length
    assert assign(asking, chen, chen) == chen
    assert assign(asking, chen, wu, seen=chen) == wu
    assert assign(asking, wu, None, seen=wu) is None
    # It changes nothing between bank and person.
    assert asking.row().log_length == length
    why = [each.details["why"] for each in desk.audit() if each.kind == "case_assigned"]
    assert why == ["given_back", "assigned", "taken"]


def test_what_it_is_already_changes_nothing(asking: Asking) -> None:
    asking.opened(ICBC)
    desk = Desk(hub=asking.hub)
    chen = desk.person("陈")
    assign(asking, chen, chen)
    assert assign(asking, chen, chen, seen="somebody") == chen
    assert len([each for each in desk.audit() if each.kind == "case_assigned"]) == 1


def test_who_saw_another_owner_than_there_is_changes_nothing(asking: Asking) -> None:
    asking.opened(ICBC)
    desk = Desk(hub=asking.hub)
    chen, wu = desk.person("陈"), desk.person("吴")
    assign(asking, chen, chen)
    with pytest.raises(Refused) as refused:
        assign(asking, wu, wu)
    assert (code_of(refused.value), asking.row().owner_id) == ("case_has_owner", chen)


@pytest.mark.parametrize(
    ("role", "bank", "code"),
    [(Role.AUDITOR, ICBC, "owner_not_acting"), (Role.REVIEWER, CMB, "owner_unknown")],
    ids=["auditor", "another bank"],
)
def test_only_who_acts_for_the_bank_may_have_it(asking: Asking, role: Role, bank: str, code: str) -> None:
    asking.opened(ICBC)
    desk = Desk(hub=asking.hub)
    other = desk.person("别人", role, bank=bank)
    with pytest.raises(Refused) as refused:
        assign(asking, desk.person("陈"), other)
    assert (code_of(refused.value), asking.row().owner_id) == (code, None)


def test_one_that_is_over_is_given_to_nobody_and_another_banks_is_unknown(asking: Asking) -> None:
    asking.opened(ICBC)
    desk = Desk(hub=asking.hub)
    chen = desk.person("陈")
    with pytest.raises(NotFound), asking.hub.writing(HUB) as tx:
        owning.assign(tx, asking.matter_id, bank_code=CMB, owner_id=None, seen_owner="somebody")
    asking.move(Happens.ANSWERED)
    with pytest.raises(Refused) as refused:
        assign(asking, chen, chen)
    assert code_of(refused.value) == "case_has_ended"


def test_who_leaves_has_no_request_any_more(asking: Asking) -> None:
    asking.opened(ICBC)
    desk = Desk(hub=asking.hub)
    chen = desk.person("陈")
    assign(asking, chen, chen)
    desk.leaves("陈")
    assert asking.row().owner_id is None


def test_the_banks_own_system_names_the_colleague_by_address(asking: Asking) -> None:
    asking.opened(ICBC)
    chen = Desk(hub=asking.hub).person("陈")
    for email, owner in ((address("陈"), chen), (None, None)):
        with asking.hub.writing(HUB) as tx:
            record = owning.assign_by_email(tx, asking.matter_id, email, bank_code=ICBC)
            assert record.owner_id == owner


def test_the_list_is_cut_down_to_mine_and_to_nobodys(asking: Asking) -> None:
    asking.opened(ICBC)
    chen = Desk(hub=asking.hub).person("陈")

    def found() -> tuple[int, int]:
        with asking.hub.reading(HUB) as tx:
            mine = request_queue.list_open_of_bank(tx, ICBC, owner_id=chen, limit=9)
            return len(mine), len(request_queue.list_open_of_bank(tx, ICBC, is_unowned=True, limit=9))

    assert found() == (0, 1)
    assign(asking, chen, chen)
    assert found() == (1, 0)
