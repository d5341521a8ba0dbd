"""All that the hub holds of a person, as one file to take along; nothing is asked beyond being signed in."""

from flask import Blueprint, Response

from hub.services.documents import person_exports
from hub.web.access import face
from hub.web.downloads import download_person
from hub.web.limits import EXPORTS_A_PERSON
from hub.web.pages.translation import page_language
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("person_export", __name__, url_prefix="/my-data.zip")


@blueprint.route("")
@for_cardholders
def download() -> Response:
    """The person's negotiations that this sign-in shows, and what is kept for the person alone."""
    person, at, language = current_cardholder(), face(), page_language()
    at.limits.count((EXPORTS_A_PERSON, (person.owner_key,)))
    real_now = at.hub.real_clock.now()
    return download_person(
        person.actor,
        lambda tx: person_exports.of_cardholder(
            tx, person, at.hub.settings.retention, language=language, real_now=real_now
        ),
        "my-data.zip",
    )
