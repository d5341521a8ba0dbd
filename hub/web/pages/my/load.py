"""`/my/load`: what a month asks for at least beside what comes in, in words, and the next step."""

from flask import Blueprint, Response

from hub.services.accounts import subjects
from hub.services.bills import loads
from hub.services.reading import referrals
from hub.services.reading.cardholder import bills as own_bills
from hub.web.access import face
from hub.web.pages.my.calendar import month_asked_for
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("load", __name__, url_prefix="/load")


@blueprint.route("")
@for_cardholders
def show() -> Response:
    """The month that the address names, this one where it names none."""
    person, month = current_cardholder(), month_asked_for()
    with face().hub.reading(person.actor) as tx:
        found = loads.load_for(tx, subjects.of_cardholder(tx, person), month)
        codes = [each.contents.bank_code for each in found.debts]
        names = own_bills.bank_names(tx, codes, language=page_language())
        has_partners = referrals.are_offered(tx, person)
    return page(
        "my/load.html",
        title=translate("一个月的负担"),
        load=found,
        names=names,
        has_partners=has_partners,
        back=f"/my/calendar?month={month:%Y-%m}",
    )
