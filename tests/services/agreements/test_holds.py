"""Everybody who collects says that they stopped; who has not in two working days is the operator's to ask after."""

from collections.abc import Callable

import pytest

from hub.domain.actor import HUB
from hub.domain.agreement_end import EndReason
from hub.domain.collection import HoldApplied
from hub.services.agreements import collection
from hub.services.operating import operator_tasks, task_causes
from tests.services.case import Case
from tests.services.conftest import OpenCase, SetRules

BANK = "中国工商银行"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Both kinds: the sweep finds by an index what is due."""
    return str(request.getfixturevalue(f"{request.param}_database"))


@pytest.fixture
def agreed(open_case: OpenCase, set_rules: SetRules) -> Case:
    """A negotiation with an agreement in force, signed on Saturday 2026-11-21 at 10:00."""
    set_rules(collection_agencies="甲催收公司，乙催收公司")
    case = open_case()
    case.accept(case.offer())
    return case


def confirm(case: Case, *names: str) -> None:
    for by in names:
        with case.hub.writing(case.REVIEWER) as tx:
            collection.confirm_hold(tx, case.id, HoldApplied(by=by, at=case.clock.at), bank_code=case.bank_code)


def tasks_of(case: Case) -> list[int]:
    with case.hub.reading(HUB) as tx:
        found = operator_tasks.open_tasks(tx)
        return [each.params["count"] for each in found if each.kind == "hold_not_confirmed"]


def missing(case: Case) -> list[str]:
    found: list[str] = case.view()["agreement"]["hold_missing"]
    return found


def test_the_person_sees_who_has_not_said_it_yet(agreed: Case) -> None:
    assert missing(agreed) == [BANK, "甲催收公司", "乙催收公司"]
    confirm(agreed, "本行", "乙催收公司")
    assert missing(agreed) == ["甲催收公司"]


def test_two_working_days_after_the_signing_it_is_a_task_once(agreed: Case) -> None:
    confirm(agreed, "甲催收公司")
    agreed.at("2026-11-24 17:59")
    assert tasks_of(agreed) == []
    for time in ("2026-11-24 18:01", "2026-11-25 18:01"):
        agreed.at(time)
        assert tasks_of(agreed) == [2]


def test_it_ends_by_itself_when_everybody_said_it(agreed: Case) -> None:
    agreed.at("2026-11-24 18:01")
    confirm(agreed, "本行", "甲催收公司")
    task_causes.look(agreed.hub)
    assert len(tasks_of(agreed)) == 1
    confirm(agreed, "乙催收公司")
    task_causes.look(agreed.hub)
    assert tasks_of(agreed) == []
    agreed.at("2026-11-30 10:00")
    assert tasks_of(agreed) == []


@pytest.mark.parametrize(
    "before",
    [
        lambda case: confirm(case, "本行", "甲催收公司", "乙催收公司"),
        lambda case: case.end(EndReason.SETTLED, waive_rest=True),
    ],
    ids=["all confirmed", "over"],
)
def test_there_is_no_task_where_nobody_is_missing(agreed: Case, before: Callable[[Case], None]) -> None:
    before(agreed)
    agreed.at("2026-11-24 18:01")
    assert tasks_of(agreed) == []
    assert missing(agreed) == []
