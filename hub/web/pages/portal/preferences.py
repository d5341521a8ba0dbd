"""`/portal/settings`: which mails a person at a bank can do without, and whether keys are shortcuts; one press each."""

from typing import Any, Final

from flask import Response, request

from hub.domain.errors import Malformed
from hub.domain.staff import ACTING, Role
from hub.services.accounts import staff_preferences
from hub.services.accounts.staff import Staff
from hub.web.access import face
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_bank

_CHOICES: Final = {"on": True, "off": False}


@pages.route("/settings")
@for_bank()
def settings() -> Response:
    """What the person chose, each choice two buttons, and what cannot be turned off."""
    person = current_staff()
    return page(
        "portal/settings.html",
        title=translate("我的设置"),
        groups=_groups(person),
        always=_always(Role(person.role)),
        done=request.args.get("done") == "1",
    )


def _groups(person: Staff) -> list[dict[str, Any]]:
    chosen = person.preferences
    groups = [
        {
            "name": "keyboard",
            "legend": translate("快捷键"),
            "now": chosen.keyboard,
            "hint": translate("用单个按键上下移动、选择和打开。关闭后，页面不再响应这些按键。"),
        }
    ]
    if person.role in (*ACTING, Role.BANK_ADMIN):
        groups.append(
            {
                "name": "daily_digest",
                "legend": translate("每日汇总邮件"),
                "now": chosen.daily_digest,
                "hint": translate(
                    "工作日 8:45 发一封：您经办的申请、客户的新消息和等您复核的方案。没有内容的日子不发。"
                ),
            }
        )
    if person.role in ACTING:
        groups.append(
            {
                "name": "assigned_mails",
                "legend": translate("分派提醒邮件"),
                "now": chosen.assigned_mails,
                "hint": translate("有申请分派给您时告诉您，同时分派的几件合在一封里。"),
            }
        )
    return groups


def _always(role: Role) -> list[str]:
    """What the role is told whatever was chosen, in words."""
    if role == Role.AUDITOR:
        return []
    if role == Role.BANK_ADMIN:
        return [translate("超过 1 个工作日仍未答复的申请"), translate("等本行管理员复核的方案")]
    always = [translate("今天到期的申请"), translate("已超时的申请"), translate("等您复核或退回给您的方案")]
    return [*always, translate("客户对您经办的申请的答复和还价")]


@pages.route("/settings", methods=["POST"])
@for_bank()
def choose() -> Response:
    """The choice counts from the next page and the next mail on."""
    person = current_staff()
    offered = {each["name"] for each in _groups(person)}
    chosen = {name: _CHOICES.get(value) for name, value in request.form.items() if name in offered}
    if not chosen or None in chosen.values():
        raise Malformed("form_syntax")
    with face().hub.writing(person.actor) as tx:
        staff_preferences.choose(tx, person, **{name: bool(value) for name, value in chosen.items()})
    return go("/portal/settings?done=1")
