"""`/verify`: whoever holds an agreement's paper sees whether the agreement is in force, and nothing of the person."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, request

from hub.documents.paper_seal import PaperSeal
from hub.domain.actor import HUB
from hub.domain.errors import Unusable
from hub.services.accounts.attempts import Limit
from hub.services.agreements.public_check import Standing, standing_of
from hub.web.access import face, public
from hub.web.limits import caller_address
from hub.web.pages.forms import FormState
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate

pages = Blueprint("verify", __name__)

LOOKS_FROM_ADDRESS: Final = Limit(name="agreement-checks", amount=30, window=timedelta(minutes=10))
_FIELDS: Final = ("number", "digest")


@pages.route("/verify")
@public
def verify() -> Response:
    """The form, and the answer to what was asked. A look without reading (HEAD) asks nothing."""
    asked = {name: request.args.get(name, "")[:200] for name in _FIELDS}
    standing: Standing | None = None
    if all(each.strip() for each in asked.values()) and request.method != "HEAD":
        face().limits.count((LOOKS_FROM_ADDRESS, (caller_address(),)))
        with face().hub.reading(HUB) as tx:
            standing = standing_of(tx, **asked)
    is_half = standing is None and any(each.strip() for each in asked.values())
    return page(
        "verify.html",
        title=translate("查验协议"),
        state=FormState(values={name: [value] for name, value in asked.items()}),
        standing=standing,
        is_half=is_half,
        seal=_seal(),
    )


def _seal() -> PaperSeal | None:
    """The certificate that papers are sealed with now; None also where this process cannot read it."""
    try:
        return face().hub.sealing.shown
    except Unusable:
        return None
