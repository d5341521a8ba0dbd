"""How numbers of cases are written."""

from hub.domain.queue_question import Tab
from hub.domain.tally import Tally
from hub.services.accounts.staff import Staff
from hub.web.pages.formats import counted


def tab_count(tally: Tally | None, tab: Tab, person: Staff) -> str:
    """How many cases are behind a tab; empty where nothing was counted yet."""
    return "" if tally is None else counted(tally.count_for(tab, person.id))
