"""What an operator sees of requests beside negotiations: messages, clocks, tasks."""

from collections.abc import Callable

import pytest

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.services.reading.operator import clocks, messages
from hub.services.requests import arriving
from hub.wiring import Hub
from storage import deliveries
from tests.applications import ICBC
from tests.services.requests.asking import open_one, tiny_kind
from tests.web.pages.conftest import Visit

__all__ = ["tiny_kind"]


@pytest.fixture
def reference(hub: Hub, banks: dict[str, Bank], tiny_kind: None, work_off: Callable[[], int]) -> str:
    """The reference of a request whose bank did not get the last message."""
    with hub.writing(HUB) as tx:
        record = open_one(tx, ICBC)
        (delivery,) = deliveries.list_of_request(tx, record.id)
        assert arriving.came_back(tx, delivery, detail="no such mailbox")
        return record.reference


def test_messages_clocks_and_tasks_name_the_request(visit: Visit, hub: Hub, reference: str) -> None:
    operator = visit("operator")
    for path in ("/ops/deliveries", "/ops/clocks", "/ops/tasks", f"/ops/negotiations/{reference}"):
        assert reference in operator.get(path).get_data(as_text=True), path
    with hub.reading(HUB) as tx:
        assert [each.reference for each in messages.list_given_up(tx)] == [reference]
        page = clocks.clock_page(tx, late_only=False, after=None)
        assert ([each.reference for each in page.items], clocks.clocks_of_bank(tx, ICBC).running) == ([reference], 1)
        assert len(messages.course_of(tx, reference).messages) == 1
