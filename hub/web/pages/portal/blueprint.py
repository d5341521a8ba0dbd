"""The blueprint of the pages below `/portal/`, and who may act there."""

from typing import Any, Final

from flask import Blueprint, request

from hub.domain.actor import Party
from hub.domain.evidence import MAX_FILE_SIZE
from hub.domain.staff import Role
from hub.services.reading.bank.people import Author
from hub.web.catalogue import marked
from hub.web.pages.translation import translate
from hub.web.uploads import FORM_SLACK

pages = Blueprint("portal", __name__, url_prefix="/portal")

ACTING: Final = (Role.REVIEWER, Role.SUPERVISOR)
"""Who acts for the bank; the others only look."""


_SIDES = {Party.CARDHOLDER: marked("客户"), Party.BANK: marked("本行系统"), Party.HUB: marked("平台")}


def author_name(author: Author) -> str:
    """Who that is to a colleague: a name, or a side where it is nobody of the bank's people."""
    return author.name or translate(_SIDES[author.party])


@pages.context_processor
def names() -> dict[str, Any]:
    """What every template of the portal finds beside what `rendering.page` promises."""
    return {"author_name": author_name}


@pages.url_value_preprocessor
def bound_body(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """No form is longer than a recording with its words; said before anybody reads the form."""
    request.max_content_length = MAX_FILE_SIZE + FORM_SLACK
