"""`/ops/keys`: which keys there are, since when, and how each is changed; never a key."""

from flask import Blueprint, Response

from hub.services.reading.operator.keys import list_keys
from hub.web.access import face
from hub.web.pages.ops.wording import bank_names
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_operators

pages = Blueprint("keys", __name__)


@pages.route("/keys")
@for_operators
def listed() -> Response:
    """The keys of the hub, of clients and of banks."""
    with face().hub.reading(current_staff().actor) as tx:
        found, names = list_keys(tx), bank_names(tx)
    return page("ops/keys.html", title=translate("密钥"), keys=found, bank_names=names)
