"""The blueprint of the pages below `/portal/`, and who may act there."""

from typing import Any, Final

from flask import Blueprint, request

from hub.domain.evidence import MAX_FILE_SIZE
from hub.domain.staff import Role
from hub.web.uploads import FORM_SLACK

pages = Blueprint("portal", __name__, url_prefix="/portal")

ACTING: Final = (Role.REVIEWER, Role.SUPERVISOR)
"""Who acts for the bank; the others only look."""


@pages.url_value_preprocessor
def bound_body(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """No form is longer than a recording with its words; said before anybody reads the form."""
    request.max_content_length = MAX_FILE_SIZE + FORM_SLACK
