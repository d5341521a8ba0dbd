"""`/portal/calendar`: the working days in force, to look at; the operator imports the notices."""

from flask import Response

from hub.services.reading.bank.calendar import years
from hub.web.access import face
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_bank


@pages.route("/calendar")
@for_bank()
def calendar() -> Response:
    """Holidays, days made up, and years whose arrangement is not published."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        shown = years(tx)
        rules = tx.bank(person.bank).rules
    return page("portal/calendar.html", title=translate("工作日历"), years=shown, rules=rules)
