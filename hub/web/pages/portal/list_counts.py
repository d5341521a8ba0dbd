"""How many cases a list of the queue has, and each group in it: by what was read and the tally; nothing is counted."""

from dataclasses import dataclass, replace
from functools import cached_property

from hub.domain.queue_query import query_of
from hub.domain.queue_question import Order, QueueQuestion, Tab, Urgency
from hub.domain.tally import COUNTS_END_AT, Tally
from hub.services.accounts.staff import Staff
from hub.services.reading.bank.beside import Desk
from hub.services.reading.bank.queue import Queue, QueueRow
from hub.web.pages.formats import counted
from hub.web.pages.portal.beside import tab_count
from hub.web.pages.portal.list_place import number_in


@dataclass(frozen=True, kw_only=True)
class ListCounts:
    """What is known of a list, one page of which was read. `skipped` cases stand on the pages before.

    `question` is None for cases that were searched for.
    """

    shown: Queue
    skipped: int
    question: QueueQuestion | None
    desk: Desk | None
    person: Staff

    @cached_property
    def groups(self) -> dict[Urgency | None, list[QueueRow]]:
        """The rows of the page by the group that they stand in."""
        return self.shown.by_urgency

    def total(self) -> str:
        """How many cases the list has; with a + where there are more than that."""
        here = self.skipped + len(self.shown.rows)
        if self.shown.next_place is None:
            return str(here)
        known = self._tallied()
        return known if known.endswith("+") or number_in(known) > here else f"{here}+"

    def of_group(self, urgency: Urgency | None) -> str:
        """How many cases the group has, of which rows are shown; with a + where there are more than that."""
        number, known = len(self.groups[urgency]), list(self.groups)
        goes_on = (urgency is known[0] and self.shown.previous_place is not None) or (
            urgency is known[-1] and self.shown.next_place is not None
        )
        if not goes_on:
            return str(number)
        tally = None if self.desk is None else self.desk.tally
        if tally is None or urgency is None or self.question not in (QueueQuestion(), QueueQuestion(due=urgency)):
            return f"{number}+"
        tallied = _of_urgency(tally, urgency)
        return f"{number}+" if tallied is None else counted(max(number, tallied))

    def _tallied(self) -> str:
        if self.desk is None or self.question is None:
            return ""
        # However it is sorted, the list is as long.
        asked = replace(self.question, order=Order.DUE, down=False)
        if asked == QueueQuestion(tab=asked.tab):
            return tab_count(self.desk.tally, asked.tab, self.person)
        if asked.due is not None and asked == QueueQuestion(due=asked.due) and self.desk.tally is not None:
            return counted(self.desk.tally.due.get(asked.due, 0))
        query = query_of(self.question)
        return next((counted(each.counted) for each in self.desk.views if each.query == query and each.counted), "")


def _of_urgency(tally: Tally, urgency: Urgency) -> int | None:
    if urgency is not Urgency.NONE:
        return tally.due.get(urgency, 0)
    # What no clock runs for is the rest, while all of it was counted.
    everything = tally.tabs.get(Tab.ALL, COUNTS_END_AT)
    return None if everything >= COUNTS_END_AT else everything - sum(tally.due.values())
