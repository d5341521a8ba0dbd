"""`/ops/audit`: who signed in or tried to, from where, and who changed what about the hub."""

from collections.abc import Mapping

from flask import Blueprint, Response

from hub.domain.plain import Plain
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind, AuditLine
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.ops.wording import adapter_name, setting_name
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_operators

pages = Blueprint("audit", __name__)

WORDS: Mapping[str, str] = {
    AuditKind.SIGNED_IN: marked("登录"),
    AuditKind.SIGN_IN_FAILED: marked("登录没有成功"),
    AuditKind.SECOND_STEP_FAILED: marked("验证器的数字不对"),
    AuditKind.SECOND_STEP_SET_UP: marked("设置了验证器"),
    AuditKind.SIGNED_OUT: marked("退出"),
    AuditKind.SIGNED_OUT_EVERYWHERE: marked("已在所有设备上退出"),
    AuditKind.ENROLLED: marked("设置了密码"),
    AuditKind.MOBILE_PROVED: marked("验证了手机号"),
    AuditKind.MOBILE_NOT_PROVED: marked("手机号没有验证成功"),
    AuditKind.TOKEN_GRANTED: marked("接入方取得令牌"),
    AuditKind.TOKEN_REFUSED: marked("接入方密钥不对"),
    AuditKind.BANK_ADDED: marked("添加了银行"),
    AuditKind.BANK_SET: marked("更改了银行设置"),
    AuditKind.BANK_OPENED: marked("银行开始受理"),
    AuditKind.BANK_CLOSED: marked("银行停止受理"),
    AuditKind.STAFF_ADDED: marked("添加了人员"),
    AuditKind.STAFF_RENEWED: marked("重发了登记链接"),
    AuditKind.STAFF_REMOVED: marked("移除了人员"),
    AuditKind.CLIENT_ADDED: marked("添加了接入方"),
    AuditKind.CLIENT_SET: marked("更改了接入方设置"),
    AuditKind.CLIENT_RENEWED: marked("更换了接入方密钥"),
    AuditKind.CLIENT_DISABLED: marked("停用了接入方"),
    AuditKind.CLIENT_ENABLED: marked("恢复了接入方"),
    AuditKind.RECORD_EXPORTED: marked("导出了完整记录"),
    AuditKind.CALENDAR_IMPORTED: marked("导入了放假通知"),
    AuditKind.CLOCK_MOVED: marked("拨快了时钟"),
    AuditKind.CLOCK_RESET: marked("时钟恢复正常"),
    AuditKind.CODES_FREED: marked("允许重新签署"),
    AuditKind.STAFF_RENAMED: marked("更改了人员姓名"),
    AuditKind.DELIVERY_SENT_AGAIN: marked("重新发送了给银行的消息"),
    AuditKind.DELIVERY_TRIED_NOW: marked("立即再试了给银行的消息"),
    AuditKind.JOB_SENT_AGAIN: marked("重新运行了后台任务"),
    AuditKind.MAIL_SENT_AGAIN: marked("重新发送了邮件"),
    AuditKind.CLIENT_TOLD_AGAIN: marked("重新通知了接入方"),
    AuditKind.OFFER_APPROVED: marked("复核通过了方案"),
    AuditKind.OFFER_RETURNED: marked("退回了方案"),
    AuditKind.TASK_DONE: marked("办结了待办"),
    AuditKind.REFUSAL_SEEN: marked("看过了被拒绝的银行消息"),
}
"""What everything is called that is on record."""

_DETAILS = {
    "role": marked("角色"),
    "by": marked("登录方式"),
    "client": marked("接入方"),
    "bank": marked("银行"),
    "adapter": marked("接入方式"),
    "keys": marked("设置项"),
    "scopes": marked("权限"),
    "overlap_hours": marked("旧密钥保留小时数"),
    "reason": marked("原因"),
    "year": marked("年份"),
    "through": marked("改走"),
}
_WAYS = {"launch": marked("从 App 进入"), "mobile": marked("短信验证码")}
_SCOPES = {
    "applications:write": marked("提交申请"),
    "applications:read": marked("查看申请"),
    "negotiations:review": marked("代银行处理申请"),
}
_SIDES = {"cardholder": marked("持卡人"), "bank": marked("银行"), "hub": marked("平台")}


@pages.route("/audit")
@for_operators
def listed() -> Response:
    """The newest actions; `hub audit` lists all."""
    with face().hub.reading(current_staff().actor) as tx:
        lines = [_shown(each) for each in audit.newest(tx, limit=audit.MOST_SHOWN)]
    return page("ops/audit.html", title=translate("操作记录"), lines=lines, most=audit.MOST_SHOWN)


def _shown(line: AuditLine) -> Plain:
    return {
        "at": line.at,
        "who": line.email or _who(line.actor),
        "address": line.address,
        "words": translate(WORDS[line.kind]) if line.kind in WORDS else line.kind,
        "about": "" if line.about == line.email else line.about,
        "details": [
            # The others are words of the machine, which `hub audit` lists.
            (translate(_DETAILS[name]), _spelt(name, value))
            for name, value in line.details.items()
            if value and name in _DETAILS
        ],
    }


def _who(actor: str) -> str:
    party, _, name = actor.partition(":")
    kind, _, id_ = name.partition("/")
    side = translate(_SIDES.get(party, party))
    if kind == "client":
        return translate("接入方")
    # The user of the operating system who ran a command; ids of people say nothing to a reader.
    return f"{side} {id_}" if kind == "command" else side


def _spelt(name: str, value: object) -> str:
    if isinstance(value, list):
        return translate("、").join(_spelt(name, each) for each in value)
    if name == "role":
        return word("role", str(value))
    if name in {"adapter", "through"}:
        return adapter_name(str(value))
    if name == "keys":
        return setting_name(str(value)) or str(value)
    if name == "scopes":
        return translate(_SCOPES.get(str(value), str(value)))
    return translate(_WAYS.get(str(value), str(value))) if name == "by" else str(value)
