"""`/ops/appointments`: who did not come, and what people say went wrong; without anybody's name or address."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, Response

from hub.services.appointments import views
from hub.web.access import face
from hub.web.pages.ops.wording import bank_names
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_operators

pages = Blueprint("appointments", __name__)

_SHOWN: Final = timedelta(days=92)


@pages.route("/appointments")
@for_operators
def show() -> Response:
    """The appointments of a quarter that did not come about, and those with which something was wrong."""
    with face().hub.reading(current_staff().actor) as tx:
        found, names = views.list_gone_wrong(tx, since=tx.now - _SHOWN), bank_names(tx)
    return page("ops/appointments.html", title=translate("预约"), found=found, bank_names=names)
