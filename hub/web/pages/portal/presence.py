"""Who else is at a case, and what changed since one opened the page: told on its pages, and looked at now and then."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from flask import Response, g, request

from hub.domain.actor import HUB
from hub.domain.errors import Unavailable
from hub.domain.presence import Doing
from hub.services.accounts.staff import Staff
from hub.services.negotiations import presence
from hub.services.negotiations.presence import Present
from hub.services.reading.bank.heading import require_negotiation
from hub.services.reading.bank.log import LogLine, change_since
from hub.services.reading.bank.people import names_of
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.rendering import page
from hub.web.pages.visitors import current_staff, for_bank, is_no_use, now_for_sessions

DOING: Final[Mapping[Doing, str]] = {
    Doing.VIEWING: marked("正在查看"),
    Doing.OFFER: marked("正在编制方案"),
    Doing.REJECTION: marked("正在写不予同意的答复"),
    Doing.MESSAGE: marked("正在给客户写消息"),
    Doing.CALL: marked("正在登记通话"),
    Doing.EVIDENCE_REQUEST: marked("正在请客户补充材料"),
    Doing.REVIEW: marked("正在复核方案"),
    Doing.FORM: marked("正在办理"),
}
# By what comes behind the case in the address of its page or form.
_BELOW: Final[Mapping[str, Doing]] = {
    "": Doing.VIEWING,
    "offer": Doing.OFFER,
    "reject": Doing.REJECTION,
    "messages": Doing.MESSAGE,
    "notes": Doing.MESSAGE,
    "calls": Doing.CALL,
    "request-evidence": Doing.EVIDENCE_REQUEST,
    "offers": Doing.REVIEW,
    "readings": Doing.VIEWING,
    "evidence": Doing.VIEWING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceShown:
    """Who else is there, and the newest of what others did since the page was made for that length of the log."""

    address: str
    seen: str
    present: list[Present]
    change: LogLine | None = None


def presence_shown(tx: HubTransaction, negotiation_id: str, *, seen: str) -> PresenceShown:
    """What a page tells of colleagues at its case, read in the page's transaction."""
    person = current_staff()
    names = names_of(tx, person.bank)
    return PresenceShown(
        address=f"/portal/negotiations/{negotiation_id}/presence",
        seen=seen,
        present=presence.others(tx, negotiation_id, person, names, at=now_for_sessions()),
        change=_change(tx, negotiation_id, seen, person, names),
    )


def _change(
    tx: HubTransaction, negotiation_id: str, seen: str, person: Staff, names: Mapping[str, str]
) -> LogLine | None:
    if not (seen.isascii() and seen.isdigit() and len(seen) < 10):
        return None
    return change_since(tx, negotiation_id, int(seen), names, but=str(person.actor))


def note_here(tx: HubTransaction, negotiation_id: str) -> None:
    """The reader of the case's page is there; for a page that writes anyhow, in its transaction."""
    presence.touch(tx, negotiation_id, current_staff(), doing=Doing.VIEWING, at=now_for_sessions())
    g.presence_noted = True


def note_doing(doing: Doing) -> None:
    """The reader of the page does that, which its address alone does not tell."""
    g.presence_doing = doing


@pages.route("/negotiations/<id:negotiation_id>/presence", methods=["POST"])
@for_bank()
@is_no_use
def look_around(negotiation_id: str) -> Response:
    """The same for the script of an open page, which says so that its reader is still there; no use of the session."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        require_negotiation(tx, negotiation_id, bank_code=person.bank)
        shown = presence_shown(tx, negotiation_id, seen=request.form.get("seen", ""))
    _touch(negotiation_id, None)
    return page("portal/_presence-words.html", title="", presence=shown)


def _touch(negotiation_id: str, doing: Doing | None) -> None:
    # Who only reads goes on reading while nothing can be written.
    with suppress(Unavailable), face().hub.writing(HUB) as tx:
        presence.touch(tx, negotiation_id, current_staff(), doing=doing, at=now_for_sessions())


@pages.after_request
def note_presence(response: Response) -> Response:
    """After a page of a case was shown, or a form of it kept: its reader is there."""
    negotiation_id = (request.view_args or {}).get("negotiation_id")
    is_page = request.method == "GET" and response.status_code == 200 and response.mimetype == "text/html"
    if negotiation_id is not None and "presence_noted" not in g and (is_page or "Draft-Saved" in response.headers):
        below = request.path.partition(f"{negotiation_id}")[2].strip("/").partition("/")[0]
        _touch(str(negotiation_id), g.get("presence_doing") or _BELOW.get(below, Doing.FORM))
    return response


@pages.context_processor
def words() -> dict[str, object]:
    """What the templates of the portal find beside what `blueprint` gives them."""
    return {"doing_words": DOING, "presence": None}
