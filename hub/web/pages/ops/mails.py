"""`/ops/mails`: mails and text messages that failed, wait or were sent, and sending again what failed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from hub.services.operating import resending
from hub.services.reading.operator.mails import SHOWN, mail_counts, mail_page
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.formats import counted
from hub.web.pages.ops.results import SENT_AGAIN, act, done_notice
from hub.web.pages.ops.wording import bank_names, reason_of
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_operators

pages = Blueprint("mails", __name__)

_HERE: Final = "/ops/mails"
_PAGE_LENGTH: Final = 50
_STATUSES: Final = {"failed": marked("没有发出"), "waiting": marked("等待发出"), "sent": marked("已发出")}
_WAYS: Final[Mapping[str, tuple[str, bool | None]]] = {
    "": (marked("邮件和短信"), None),
    "mail": (marked("只看邮件"), False),
    "sms": (marked("只看短信"), True),
}


@pages.route("/mails")
@for_operators
def listed() -> Response:
    """Those of one status, by the reference of what they are about; never an address, never their words."""
    status = next((each for each in SHOWN if each == request.args.get("show")), SHOWN[0])
    way = request.args.get("by", "") if request.args.get("by") in _WAYS else ""
    is_text_message, after = _WAYS[way][1], request.args.get("after") or None
    with face().hub.reading(current_staff().actor) as tx:
        found = mail_page(tx, status, is_text_message=is_text_message, after=after, limit=_PAGE_LENGTH)
        counts, names = mail_counts(tx, is_text_message=is_text_message), bank_names(tx)
    return page(
        "ops/mails.html",
        title=translate("邮件和短信"),
        status_shown=str(status),
        mails=[replace(each, detail=reason_of(each.detail)) for each in found.mails],
        tabs=[(str(each), translate(_STATUSES[each]), counted(counts[each]), _at(each, way)) for each in SHOWN],
        ways=[(each, translate(name), _at(status, each)) for each, (name, _) in _WAYS.items()],
        way=way,
        bank_names=names,
        next=_at(status, way, after=found.next_id) if found.next_id else "",
        first=_at(status, way) if after else "",
        done=done_notice(),
    )


def _at(status: str, way: str, *, after: str = "") -> str:
    asked = {"show": "" if status == SHOWN[0] else str(status), "by": way, "after": after}
    query = urlencode({name: text for name, text in asked.items() if text})
    return f"{_HERE}?{query}" if query else _HERE


@pages.route("/mails/send-again", methods=["POST"])
@for_operators
def send_again() -> Response:
    """The mail waits to be sent, to the address that its reader has now."""
    mail_id = request.form.get("id", "")
    return act("/ops/mails", lambda tx: resending.send_mail_again(tx, mail_id), done=SENT_AGAIN)
