"""Teams of a bank: names, who is in which, and who leads whose cases."""

from __future__ import annotations

import pytest

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.errors import InvalidValue, NotFound
from hub.domain.staff import Role
from hub.services.accounts import teams
from hub.services.notifications.colleagues import colleagues
from hub.wiring import Hub
from storage import negotiations, ownership
from tests.applications import CMB, ICBC
from tests.services.conftest import OpenCase
from tests.services.desk import Desk, address


@pytest.fixture
def desk(hub: Hub, banks: dict[str, Bank]) -> Desk:
    """Two banks without people."""
    return Desk(hub=hub)


@pytest.mark.parametrize("name", ["", "   ", "组" * 41, "三\x07组"])
def test_a_name_that_is_none_is_refused(desk: Desk, name: str) -> None:
    with desk.hub.writing(HUB) as tx, pytest.raises(InvalidValue, match="team_name"):
        teams.add(tx, name, bank_code=ICBC)


def test_a_name_is_one_teams_of_a_bank(desk: Desk) -> None:
    team, other = desk.team(" 三组 "), desk.team("四组")
    assert team.name == "三组"
    assert desk.team("三组", CMB).id != team.id
    with desk.hub.writing(HUB) as tx, pytest.raises(InvalidValue, match="team_exists"):
        teams.add(tx, "三组", bank_code=ICBC)
    with desk.hub.writing(HUB) as tx, pytest.raises(InvalidValue, match="team_exists"):
        teams.rename(tx, other.id, "三组", bank_code=ICBC)
    with desk.hub.writing(HUB) as tx:
        assert teams.rename(tx, team.id, "三组", bank_code=ICBC).name == "三组"
        assert [each.name for each in teams.list_of_bank(tx, ICBC)] == ["三组", "四组"]


def test_another_banks_team_is_as_unknown_as_none(desk: Desk) -> None:
    theirs, mine = desk.team("三组", CMB), desk.person("周敏")
    with desk.hub.writing(HUB) as tx:
        for team_id in (theirs.id, "0" * 32):
            with pytest.raises(NotFound):
                teams.place(tx, mine, team_id, bank_code=ICBC)
            with pytest.raises(NotFound):
                teams.rename(tx, team_id, "五组", bank_code=ICBC)
            with pytest.raises(NotFound):
                teams.remove(tx, team_id, bank_code=ICBC)
        with pytest.raises(NotFound):
            teams.place(tx, mine, theirs.id, bank_code=CMB)
        assert [each.name for each in teams.list_of_bank(tx, CMB)] == ["三组"]


def test_a_team_that_is_gone_leaves_its_people_in_none(desk: Desk) -> None:
    team = desk.team("三组")
    clerk = desk.person("周敏", team=team)
    with desk.hub.writing(HUB) as tx:
        teams.remove(tx, team.id, bank_code=ICBC)
    with desk.hub.writing(HUB) as tx:
        assert teams.list_of_bank(tx, ICBC) == []
        assert teams.place(tx, clerk, None, bank_code=ICBC).team_id is None


def test_a_case_is_led_by_the_supervisors_of_its_owners_team(desk: Desk, open_case: OpenCase) -> None:
    case, third, fourth = open_case(), desk.team("三组"), desk.team("四组")
    clerk = desk.person("周敏", team=third)
    lead = desk.person("韩磊", Role.SUPERVISOR, third)
    others = {desk.person("谢岚", Role.SUPERVISOR, fourth), desk.person("郭静", Role.SUPERVISOR)}
    desk.person("外行", Role.SUPERVISOR, bank=CMB)
    alone = desk.person("陈磊", team=desk.team("五组"))

    def leads(owner: str | None) -> set[str]:
        with case.hub.writing(HUB) as tx:
            row = negotiations.get_of_bank(tx, case.id, bank_code=ICBC)
            ownership.set_owner(tx, row, owner)
            found = colleagues(tx, ICBC)
            return {each.id for each in found.leads(found.owner(row))}

    assert leads(clerk) == {lead}
    assert leads(None) == leads(alone) == {lead, *others}
    desk.leaves("韩磊")
    assert leads(clerk) == others


def test_each_change_is_in_the_banks_audit(desk: Desk) -> None:
    team = desk.team("三组")
    clerk = desk.person("周敏", team=team)
    with desk.hub.writing(HUB) as tx:
        teams.rename(tx, team.id, "五组", bank_code=ICBC)
        teams.place(tx, clerk, None, bank_code=ICBC)
        teams.remove(tx, team.id, bank_code=ICBC)
    found = [
        (each.kind, each.about, each.bank_code, dict(each.details))
        for each in desk.audit()
        if each.kind.startswith("team") or each.kind == "staff_placed"
    ]
    email = address("周敏")
    assert found == [
        ("team_removed", "五组", ICBC, {}),
        ("staff_placed", email, ICBC, {"before": "五组"}),
        ("team_renamed", "五组", ICBC, {"before": "三组"}),
        ("staff_placed", email, ICBC, {"team": "三组"}),
        ("team_added", "三组", ICBC, {}),
    ]
