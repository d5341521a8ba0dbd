"""One step in a table of what leads where."""

import pytest

from hub.domain.errors import StatusConflict
from hub.domain.transitions import step

TABLE = {"open": {"closed": "over"}, "over": {}}


def test_a_step_of_the_table_leads_on() -> None:
    assert step(TABLE, "open", "closed") == "over"


@pytest.mark.parametrize(("status", "event"), [("over", "closed"), ("open", "opened"), ("unknown", "closed")])
def test_what_the_table_does_not_have_is_a_conflict_that_names_both(status: str, event: str) -> None:
    with pytest.raises(StatusConflict) as caught:
        step(TABLE, status, event)
    assert (caught.value.status, caught.value.event) == (status, event)
