"""Tasks about the virus scanner come when it is away or old, once, and go by themselves."""

from datetime import timedelta

import pytest

from hub.clocks import SystemClock
from hub.domain.actor import HUB
from hub.services.operating import operator_tasks
from hub.services.operating.scanner_tasks import AWAY_FOR, OLD_SIGNATURES_D, ScannerWatch, away_since
from tests.services.case import Case
from tests.services.conftest import OpenCase

NOW = SystemClock().now()
MINUTE = timedelta(minutes=1)


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    return open_case()


def tasks(case: Case) -> list[tuple[str, dict[str, object]]]:
    with case.hub.reading(HUB) as tx:
        return [(each.kind, dict(each.params)) for each in operator_tasks.open_tasks(tx)]


def test_a_scanner_that_is_away_for_a_moment_is_nobodys_task(case: Case) -> None:
    watch = ScannerWatch()
    watch.look(case.hub, answers=False, signatures_d=None, now=NOW)
    watch.look(case.hub, answers=False, signatures_d=None, now=NOW + AWAY_FOR - MINUTE)
    watch.look(case.hub, answers=True, signatures_d=0, now=NOW + AWAY_FOR)
    watch.look(case.hub, answers=False, signatures_d=None, now=NOW + AWAY_FOR + MINUTE)
    assert tasks(case) == []


def test_one_that_stays_away_is_one_task_until_it_answers(case: Case) -> None:
    watch = ScannerWatch()
    for minutes in range(8):
        watch.look(case.hub, answers=False, signatures_d=None, now=NOW + minutes * MINUTE)
    [(kind, params)] = tasks(case)
    assert kind == "scanner_away"
    with case.hub.reading(HUB) as tx:
        assert away_since(tx) == params["since"]
    # Another worker, which has not seen it answer either, asks nobody again.
    again = ScannerWatch()
    for minutes in range(8):
        again.look(case.hub, answers=False, signatures_d=None, now=NOW + (9 + minutes) * MINUTE)
    assert len(tasks(case)) == 1
    watch.look(case.hub, answers=True, signatures_d=0, now=NOW + 20 * MINUTE)
    assert tasks(case) == []
    with case.hub.reading(HUB) as tx:
        assert away_since(tx) is None


def test_old_signatures_are_one_task_until_there_are_new_ones(case: Case) -> None:
    watch = ScannerWatch()
    watch.look(case.hub, answers=True, signatures_d=OLD_SIGNATURES_D, now=NOW)
    assert tasks(case) == []
    for _ in range(2):
        watch.look(case.hub, answers=True, signatures_d=OLD_SIGNATURES_D + 1, now=NOW)
    assert tasks(case) == [("signatures_old", {"days": OLD_SIGNATURES_D + 1})]
    # Nobody knows how old they are by now.
    watch.look(case.hub, answers=False, signatures_d=None, now=NOW)
    assert len(tasks(case)) == 1
    watch.look(case.hub, answers=True, signatures_d=0, now=NOW)
    assert tasks(case) == []
