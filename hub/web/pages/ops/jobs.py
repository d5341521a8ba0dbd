"""`/ops/jobs`: background work that failed for good, and putting it in again."""

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as WsgiResponse

from hub.domain.errors import NotFound
from hub.domain.masks import scrubbed
from hub.services.operating.resending import send_job_again
from hub.services.reading.operator import MOST_SHOWN
from hub.services.reading.operator.jobs import references_of_jobs
from hub.web.access import face
from hub.web.pages.ops.results import GONE, SENT_AGAIN, done_notice
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_operators

pages = Blueprint("jobs", __name__)


@pages.route("/jobs")
@for_operators
def listed() -> Response:
    """The dead letters."""
    hub = face().hub
    dead = hub.jobs.list_dead()[:MOST_SHOWN]
    with hub.reading(current_staff().actor) as tx:
        references = references_of_jobs(tx, dead)
    rows = [(job, references.get(job.argument, ""), scrubbed(job.error)) for job in dead]
    return page("ops/jobs.html", title=translate("失败的后台任务"), rows=rows, most=MOST_SHOWN, done=done_notice())


@pages.route("/jobs/send-again", methods=["POST"])
@for_operators
def send_again() -> WsgiResponse:
    """The job waits again with all its attempts. A second post finds it waiting, and changes nothing."""
    try:
        hub = face().hub
        send_job_again(hub, hub.jobs, request.form.get("key", ""), current_staff().actor)
        done = SENT_AGAIN
    except NotFound:
        done = GONE
    response = redirect(f"/ops/jobs?done={done}", 303)
    response.headers["Cache-Control"] = "private, no-store"
    return response
