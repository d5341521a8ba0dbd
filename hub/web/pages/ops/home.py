"""`/ops/`: what there is to do, and whether everything that the hub stands on works."""

from flask import Blueprint, Response

from hub.services.reading.operator.tally import tally_of
from hub.web.access import face
from hub.web.pages.ops.health import lights
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_operators

pages = Blueprint("overview", __name__)


@pages.route("/")
@for_operators
def home() -> Response:
    """The first page."""
    hub = face().hub
    # Asked for outside any transaction: the desk of the jobs has its own.
    dead = hub.jobs.count_dead()
    shown = lights()
    with hub.reading(current_staff().actor) as tx:
        tally = tally_of(tx)
        now = tx.now
    return page("ops/home.html", title=translate("运行情况"), tally=tally, dead=dead, lights=shown, now=now)
