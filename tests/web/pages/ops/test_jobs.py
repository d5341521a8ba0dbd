"""Jobs at the operator's pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hub.wiring import Hub
from tests.applications import ICBC
from tests.conftest import Submit
from tests.jobs.draining import run_waiting
from tests.web.pages.operator import Operator
from tests.web.pages.ops.stuck import fails, status_of


def test_a_dead_letter_is_put_in_again(
    operator: Operator, hub: Hub, submitted: Submit, work_off: Callable[[], int]
) -> None:
    there = submitted(ICBC, files=0, evidence=[])
    with pytest.raises(RuntimeError):
        run_waiting(hub.database.engine, {"screen_application": fails})
    assert "1 项后台任务失败" in operator.read("/ops/")
    assert "hub/services/screening.py:7" in operator.read("/ops/jobs")
    form = operator.form("/ops/jobs", "/ops/jobs/send-again")
    assert operator.send("/ops/jobs/send-again", form).location == "/ops/jobs?done=sent-again"
    assert operator.send("/ops/jobs/send-again", form).location == "/ops/jobs?done=gone"
    assert work_off() > 0
    assert status_of(hub, there) == "awaiting_bank"
    assert "没有失败的任务。" in operator.read("/ops/jobs")
