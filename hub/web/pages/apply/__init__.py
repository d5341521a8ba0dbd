"""The pages below `/apply/`, put into one blueprint: an application in seven steps, kept as a draft on the server.

What an application must hold is said by `schemas` and `hub.domain`; here it is only asked for, step by step.
"""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from hub.domain.evidence import MAX_FILE_SIZE
from hub.web.pages import unfinished
from hub.web.pages.apply import cards, check, consents, contact, evidence, evidence_rows, household, plan, reason, start
from hub.web.pages.apply.step_pages import begin_afresh
from hub.web.uploads import FORM_SLACK

pages = Blueprint("apply", __name__, url_prefix="/apply")

for _part in (start, cards, reason, household, evidence, evidence_rows, plan, contact, consents, check):
    pages.register_blueprint(_part.blueprint)

pages.before_request(begin_afresh)
pages.before_request(unfinished.take_draft)
pages.after_request(unfinished.forget_done)


@pages.record_once
def limit_forms(state: BlueprintSetupState) -> None:
    """No form of any page is read beyond one file's size, also where its token is looked for before its page is."""
    if state.app.config["MAX_CONTENT_LENGTH"] is None:
        state.app.config["MAX_CONTENT_LENGTH"] = MAX_FILE_SIZE + FORM_SLACK
