"""`/ops/tasks`: what only a person can settle, and what banks' systems sent that was not applied."""

from dataclasses import replace

from flask import Blueprint, Response, request

from hub.domain.operator_task import Task
from hub.services import freed_codes
from hub.services.delivery import bank_events
from hub.services.operating import done_tasks, operator_tasks
from hub.services.reading.operator import MOST_SHOWN
from hub.services.reading.operator.refusals import list_refused
from hub.web.access import face
from hub.web.pages.formats import days_in_words
from hub.web.pages.ops.results import act, done_notice
from hub.web.pages.ops.wording import bank_names
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_staff, for_operators
from hub.web.task_sentences import OTHER_REASON, REASONS, task_text

pages = Blueprint("tasks", __name__)

_HERE = "/ops/tasks"
# The parameters of tasks that are a time.
_TIMES = frozenset({"due", "since"})


@pages.route("/tasks")
@for_operators
def listed() -> Response:
    """The tasks that wait, and the refusals that nobody has looked at."""
    with face().hub.reading(current_staff().actor) as tx:
        waiting = [(task, _text_of(task)) for task in operator_tasks.open_tasks(tx)]
        refused = [
            (each, translate(REASONS.get(each.code, OTHER_REASON)))
            for each in list_refused(tx, limit=MOST_SHOWN, unseen_only=True)
        ]
        names = bank_names(tx)
    return page(
        "ops/tasks.html",
        title=translate("待办"),
        tasks=waiting,
        refused=refused,
        bank_names=names,
        most=MOST_SHOWN,
        done=done_notice(),
    )


def _text_of(task: Task) -> str:
    params = {name: days_in_words(str(value)) if name in _TIMES else value for name, value in task.params.items()}
    return task_text(replace(task, params=params), page_language())


@pages.route("/tasks/done", methods=["POST"])
@for_operators
def finish() -> Response:
    """The task is done; the row says by whom."""
    task_id = request.form.get("id", "")
    return act(_HERE, lambda tx: done_tasks.finish(tx, task_id))


@pages.route("/tasks/free-codes", methods=["POST"])
@for_operators
def free_codes() -> Response:
    """The offer or quote that the task is about can be signed with a fresh code, and the task is done."""
    task_id = request.form.get("id", "")
    return act(_HERE, lambda tx: freed_codes.free(tx, task_id))


@pages.route("/tasks/seen", methods=["POST"])
@for_operators
def seen() -> Response:
    """The refusal was looked at."""
    refused_id = request.form.get("id", "")
    return act(_HERE, lambda tx: bank_events.mark_seen(tx, refused_id), part="refusals")
