"""Every bank that the person negotiates with: how to reach it, when, and how to know it when it calls."""

from flask import Blueprint, Response

from hub.services.reading import reading_log
from hub.services.reading.cardholder import negotiations
from hub.web.access import face
from hub.web.pages.my.negotiation_page import bank_name
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("phones", __name__, url_prefix="/phones")


@blueprint.route("")
@for_cardholders
def show() -> Response:
    """The banks with the numbers, those of which something runs first; and the regulator's."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = negotiations.list_own(tx, person, language=page_language())
        glances = reading_log.new_glances(tx, [each.view for each in found])
    reading_log.note_glances(face().hub, person.actor, glances)
    return page(
        "my/phones.html",
        title=translate("给银行打电话"),
        negotiations=[(each, bank_name(each)) for each in found if each.is_open or each.has_agreement_in_force],
        over=[(each, bank_name(each)) for each in found if not (each.is_open or each.has_agreement_in_force)],
        back="/my/",
    )
