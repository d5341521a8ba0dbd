"""Views of the queue that somebody keeps under a name; they stand in the sidebar."""

from typing import Final

from flask import Response, request

from hub.domain.errors import Refused
from hub.domain.queue_query import question_in
from hub.services.accounts import saved_views
from hub.services.reading.bank.beside import views_of
from hub.web.access import face
from hub.web.pages.forms import FormState
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.queue_address import address_of
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_bank

_HERE: Final = "/portal/views"


@pages.route("/views")
@for_bank()
def list_views() -> Response:
    """The person's views and those of all, to be put in order, called otherwise, and taken away."""
    return _page(FormState())


def _page(state: FormState, status: int = 200, query: str = "") -> Response:
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        views = views_of(tx, person)
    return page(
        "portal/views.html",
        title=translate("我的视图"),
        status=status,
        state=state,
        query=query,
        own=[each for each in views if not each.is_shared],
        shared=[each for each in views if each.is_shared],
        can_share=person.role in saved_views.SHARING,
        most=saved_views.MOST_OF_ONE,
        longest=saved_views.MOST_NAME,
    )


@pages.route("/views", methods=["POST"])
@for_bank()
def change_view() -> Response:
    """A view is kept, called otherwise, put further to the front, or gone, as the button says."""
    person, form = current_staff(), request.form
    step, view_id = form.get("do", "keep"), form.get("view", "")
    name, query = form.get("name", ""), form.get("query", "")
    try:
        with face().hub.writing(person.actor) as tx:
            if step == "rename":
                saved_views.rename(tx, person, view_id, name)
            elif step == "up":
                saved_views.move_up(tx, person, view_id)
            elif step == "remove":
                saved_views.remove(tx, person, view_id)
            else:
                saved_views.keep(tx, person, name=name, query=query, shared=form.get("shared") == "1")
    except Refused as refusal:
        typed = {"name": [name], "shared": form.getlist("shared"), "view": [view_id]}
        return _page(FormState(values=typed, faults=tuple(refusal.faults)), 422, query)
    # What was asked of the queue, never the words as they came: an address may not hold whatever a form does.
    return go(_HERE if step in ("rename", "up", "remove") else address_of(question_in(query)))
