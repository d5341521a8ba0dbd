"""For how long negotiations are kept, and which are held, at the operator's pages: counts and references alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hub.domain.actor import HUB
from hub.services.erasure import holds
from hub.wiring import Hub
from storage import negotiations
from tests.conftest import Submit
from tests.web.pages.operator import Operator


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind of database will do: nothing here asks it anything of its own."""
    return sqlite_database


def test_periods_and_holds_are_shown(
    operator: Operator, hub: Hub, submitted: Submit, work_off: Callable[[], int]
) -> None:
    empty = operator.get("/ops/retention")
    assert "183 天" in empty.text
    assert "hub retention hold REFERENCE --reason TEXT" in empty.text
    names = ("没有谈成的：材料", "没有谈成的：其余全部", "有协议的：材料", "有协议的：其余全部")
    # By what goes first.
    assert [empty.text.index(each) for each in names] == sorted(empty.text.index(each) for each in names)
    assert "现在没有保全的协商" in empty.text
    sent = submitted()
    work_off()
    with hub.writing(HUB) as tx:
        held = negotiations.find_negotiation(tx, next(iter(sent.negotiations.values())))
        assert held is not None
        holds.hold(tx, held.reference, "法院要求保留")
        reference = held.reference
    shown = operator.get("/ops/retention").text
    assert reference in shown
    assert "法院要求保留" in shown
