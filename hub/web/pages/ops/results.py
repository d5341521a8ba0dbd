"""What an operator does at the press of a button: done once, and said on the page that it led back to."""

from collections.abc import Callable
from typing import Final

from flask import Response, request

from hub.services.transaction import HubTransaction
from hub.web.catalogue import marked
from hub.web.pages.once import do_once
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff

SENT_AGAIN: Final = "sent-again"
GONE: Final = "gone"
DONE: Final = "done"
IMPORTED: Final = "imported"
INVITED: Final = "invited"
RENEWED: Final = "renewed"
REMOVED: Final = "removed"
SERVICES_SET: Final = "services-set"
CREDITOR_ADDED: Final = "creditor-added"
CREDITOR_CHANGED: Final = "creditor-changed"
CREDITOR_OPENED: Final = "creditor-opened"
CREDITOR_CLOSED: Final = "creditor-closed"
KEPT: Final = "kept"

_SENTENCES = {
    SENT_AGAIN: marked("已安排，稍后会再试。"),
    DONE: marked("已处理。"),
    GONE: marked("这一条已经不在列表里，可能有人先处理了。"),
    IMPORTED: marked("放假安排已生效。"),
    INVITED: marked("账号已添加。开通的链接已发到这位管理员的邮箱，72 小时内有效。"),
    RENEWED: marked("原来的密码和验证器已作废。新的链接已发到对方的邮箱，72 小时内有效。"),
    SERVICES_SET: marked("已保存，从现在起有效。正在办理的不受影响。"),
    CREDITOR_ADDED: marked("已登记。请设好管理员，再开放申请。"),
    CREDITOR_CHANGED: marked("已保存。"),
    CREDITOR_OPENED: marked("从现在起接受新申请。"),
    CREDITOR_CLOSED: marked("从现在起不接受新申请，正在办理的不受影响。"),
    KEPT: marked("已保存，记入操作记录。"),
    REMOVED: marked("账号已移除，经办的申请已变为未分派。"),
}


def done_notice() -> str:
    """The sentence of what led here; empty where nothing did."""
    sentence = _SENTENCES.get(request.args.get("done", ""))
    return "" if sentence is None else translate(sentence)


def act(here: str, effect: Callable[[HubTransaction], bool], *, done: str = DONE, part: str = "") -> Response:
    """`effect` is done once, and the page `here` says so; or, where it gives False, that somebody was first.

    `part` is the id of the section of the page that it concerns.
    """

    def effect_then_address(tx: HubTransaction) -> str:
        return f"{here}?done={done if effect(tx) else GONE}" + (f"#{part}" if part else "")

    return do_once(current_staff(), effect_then_address)
