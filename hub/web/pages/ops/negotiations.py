"""`/ops/negotiations/<reference>`: where one negotiation stands and what was sent for it; nothing of the person."""

from flask import Blueprint, Response

from hub.services.reading.operator.messages import course_of
from hub.web.access import face
from hub.web.pages.ops.wording import bank_names, reason_of
from hub.web.pages.rendering import page
from hub.web.pages.visitors import current_staff, for_operators

pages = Blueprint("negotiations", __name__)


@pages.route("/negotiations/<reference>")
@for_operators
def shown(reference: str) -> Response:
    """The negotiation with this reference."""
    with face().hub.reading(current_staff().actor) as tx:
        found = course_of(tx, reference)
        names = bank_names(tx)
    return page(
        "ops/negotiation.html",
        title=found.reference,
        course=found,
        reasons=[reason_of(each.detail) for each in found.messages],
        bank_names=names,
        back="/ops/deliveries",
    )
