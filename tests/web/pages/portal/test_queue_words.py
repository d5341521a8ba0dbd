"""Rows of the queue in words: what people wrote never becomes part of the page's HTML."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from hub.domain.application import HardshipReason
from hub.domain.lifecycle import Status
from hub.domain.queue_question import Urgency
from hub.domain.queue_summary import QueueSummary, WishedPlan
from hub.domain.tally import Tally
from hub.domain.working_days import Calendar
from hub.services.reading.bank.queue import QueueRow
from hub.web.pages.portal.queue_figures import figures_of
from hub.web.pages.portal.queue_words import shown_rows

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
HOSTILE = "<b>&\"'"
ESCAPED = "&lt;b&gt;&amp;&#34;&#39;"
SAID = QueueSummary(
    name=HOSTILE,
    cards=(HOSTILE,),
    owed_fen=105000,
    reasons=(HardshipReason.UNEMPLOYMENT,),
    support_needs=(),
    representative_flags=(),
    proposal=WishedPlan(kind=HOSTILE, minimum_percent=HOSTILE),
)
ROW = QueueRow(
    id="1",
    reference="XS-20261120-000001",
    status=Status.AWAITING_BANK,
    said=SAID,
    clock=None,
    urgency=Urgency.NONE,
    counter=None,
    news=(HOSTILE,),
    owner_id="of-us",
    papers=0,
    papers_checked=0,
    place=(NOW, "1"),
)


@pytest.mark.parametrize("counter", [None, {"kind": HOSTILE, "annual_rate_percent": HOSTILE}])
def test_nothing_that_a_row_holds_is_taken_for_html(counter: object) -> None:
    [row] = shown_rows([replace(ROW, counter=counter)], {"of-us": HOSTILE}, NOW)
    assert (row.name, row.cards, row.owner, row.owner_sign) == (ESCAPED, ESCAPED, ESCAPED, "&lt;")
    assert row.news == (ESCAPED,)
    for value in row:
        assert isinstance(value, tuple) or not set(str(value)) & set("<>\"'")


def test_the_longest_lateness_above_the_queue_is_told_in_the_working_time_of_its_rows(app: Flask) -> None:
    # Due on a Friday evening; it is Monday morning.
    due, now = datetime(2026, 11, 20, 10, tzinfo=UTC), datetime(2026, 11, 23, 1, tzinfo=UTC)
    tally = Tally(counted_at=now, due={Urgency.LATE: 1}, late_since=due)
    with app.test_request_context("/portal/"):
        [late] = [each for each in figures_of(tally, now, Calendar.of()) if each.label == "已超时"]
    assert late.note == "最长超 15 小时"
