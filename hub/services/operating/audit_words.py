"""What everything is called that is on record: what people did and read, the same on pages and in tables."""

from collections.abc import Mapping
from typing import Final

from hub.domain.marked import marked
from hub.services.operating.audit import AuditKind

WORDS: Final[Mapping[str, str]] = {
    AuditKind.SIGNED_IN: marked("登录了"),
    AuditKind.SIGN_IN_FAILED: marked("登录没有成功"),
    AuditKind.SECOND_STEP_FAILED: marked("验证器的数字不对"),
    AuditKind.SECOND_STEP_SET_UP: marked("设置了验证器"),
    AuditKind.PROVED_AGAIN: marked("再次确认了身份"),
    AuditKind.SIGNED_OUT: marked("退出了登录"),
    AuditKind.SIGNED_OUT_EVERYWHERE: marked("已在所有设备上退出"),
    AuditKind.SIGNED_OUT_ELSEWHERE: marked("在其他设备上退出"),
    AuditKind.SIGNED_OUT_BY_ADMIN: marked("管理员让同事退出登录"),
    AuditKind.RECOVERY_CODES_MADE: marked("生成了恢复码"),
    AuditKind.RECOVERY_CODE_USED: marked("用了一个恢复码"),
    AuditKind.PASSKEY_ADDED: marked("添加了通行密钥"),
    AuditKind.PASSKEY_REMOVED: marked("移除了通行密钥"),
    AuditKind.ENROLLED: marked("设置了密码"),
    AuditKind.SIGN_ON_BOUND: marked("第一次用本行统一登录，账户与本行的用户绑定"),
    AuditKind.MOBILE_PROVED: marked("验证了手机号"),
    AuditKind.MOBILE_NOT_PROVED: marked("手机号没有验证成功"),
    AuditKind.TOKEN_GRANTED: marked("接入方取得令牌"),
    AuditKind.TOKEN_REFUSED: marked("接入方密钥不对"),
    AuditKind.BANK_ADDED: marked("添加了银行"),
    AuditKind.BANK_SET: marked("更改了银行设置"),
    AuditKind.BANK_OPENED: marked("银行开始受理"),
    AuditKind.BANK_CLOSED: marked("银行停止受理"),
    AuditKind.PARTNER_ADDED: marked("添加了转介机构"),
    AuditKind.PARTNER_SET: marked("更改了转介机构"),
    AuditKind.PARTNER_ON: marked("恢复了转介机构"),
    AuditKind.PARTNER_OFF: marked("停用了转介机构"),
    AuditKind.PARTNER_RENEWED: marked("更换了转介机构的签名密钥"),
    AuditKind.STAFF_ADDED: marked("添加了人员"),
    AuditKind.STAFF_RENEWED: marked("重发了登记链接"),
    AuditKind.STAFF_REMOVED: marked("移除了人员"),
    AuditKind.CLIENT_ADDED: marked("添加了接入方"),
    AuditKind.CLIENT_SET: marked("更改了接入方设置"),
    AuditKind.CLIENT_RENEWED: marked("更换了接入方密钥"),
    AuditKind.CLIENT_DISABLED: marked("停用了接入方"),
    AuditKind.CLIENT_ENABLED: marked("恢复了接入方"),
    AuditKind.RECORD_EXPORTED: marked("导出了完整记录"),
    AuditKind.ERASED: marked("按法律删除了个人信息"),
    AuditKind.HELD: marked("设了法律保全，暂停删除"),
    AuditKind.RELEASED: marked("解除了法律保全"),
    AuditKind.RESTORED: marked("从备份恢复了平台"),
    AuditKind.KEY_CHANGED: marked("启用了新的平台密钥"),
    AuditKind.CALENDAR_IMPORTED: marked("导入了放假通知"),
    AuditKind.CLOCK_MOVED: marked("拨快了时钟"),
    AuditKind.CLOCK_RESET: marked("时钟恢复正常"),
    AuditKind.CODES_FREED: marked("允许重新签署"),
    AuditKind.STAFF_RENAMED: marked("更改了人员姓名"),
    AuditKind.BANK_SETTING_CHANGED: marked("银行修改了设置"),
    AuditKind.BANK_SETTING_ASKED: marked("银行申请修改设置"),
    AuditKind.BANK_SETTING_REFUSED: marked("银行没有确认设置的修改"),
    AuditKind.STAFF_ROLE_CHANGED: marked("更改了人员角色"),
    AuditKind.STAFF_PLACED: marked("调整了所在小组"),
    AuditKind.TEAM_ADDED: marked("添加了小组"),
    AuditKind.TEAM_RENAMED: marked("更改了小组名称"),
    AuditKind.TEAM_REMOVED: marked("移除了小组"),
    AuditKind.CASE_ASSIGNED: marked("更改了经办人"),
    AuditKind.DELIVERY_SENT_AGAIN: marked("重新发送了给银行的消息"),
    AuditKind.DELIVERY_TRIED_NOW: marked("立即再试了给银行的消息"),
    AuditKind.JOB_SENT_AGAIN: marked("重新运行了后台任务"),
    AuditKind.MAIL_SENT_AGAIN: marked("重新发送了邮件"),
    AuditKind.CLIENT_TOLD_AGAIN: marked("重新通知了接入方"),
    AuditKind.NOTE_WRITTEN: marked("写了内部备注"),
    AuditKind.EVIDENCE_CHECKED: marked("核对了材料"),
    AuditKind.DOUBT_ANSWERED: marked("处理了一条提示"),
    AuditKind.FIGURE_READ: marked("记下了材料显示的金额"),
    AuditKind.FIGURE_TAKEN_BACK: marked("撤回了材料显示的金额"),
    AuditKind.MANY_FILES_READ: marked("短时间内查看了很多材料"),
    AuditKind.MANY_CASES_READ: marked("短时间内查看或导出了很多案件"),
    AuditKind.REPLY_CHANGED: marked("更改了常用话术"),
    AuditKind.OFFER_TEMPLATE_CHANGED: marked("更改了方案模板"),
    AuditKind.OFFER_APPROVED: marked("复核通过了方案"),
    AuditKind.OFFER_RETURNED: marked("退回了方案"),
    AuditKind.OFFER_SUPERSEDED: marked("另一份方案已发出，等待复核的方案作废"),
    AuditKind.EXPORT_ASKED: marked("申请了导出"),
    AuditKind.EXPORT_APPROVED: marked("同意了导出"),
    AuditKind.EXPORT_RETURNED: marked("退回了导出"),
    AuditKind.EXPORT_TAKEN: marked("下载了导出文件"),
    AuditKind.EXPORT_EXPIRED: marked("导出文件已到期删除"),
    AuditKind.BREACH_EXPLAINED: marked("登记了超时原因"),
    AuditKind.TASK_DONE: marked("办结了待办"),
    AuditKind.REFUSAL_SEEN: marked("看过了被拒绝的银行消息"),
}
READINGS: Final[Mapping[str, str]] = {
    "negotiation": marked("查看了申请"),
    "evidence": marked("下载了材料"),
    "view": marked("查看了材料"),
    "original": marked("下载了材料的原件"),
    "application_form": marked("查看了申请表"),
    "agreement": marked("查看了协议"),
    "default_notice": marked("查看了终止通知书"),
    "amendment": marked("查看了补充协议"),
    "clearance": marked("查看了结清证明"),
    "record": marked("下载了完整记录"),
    "export": marked("导出了完整记录"),
    "file_passwords": marked("查看了邮件附件的密码"),
    "in_full": marked("查看了完整的姓名和号码"),
    "person_export": marked("下载了全部资料"),
    "table_export": marked("导出到表格，含完整的姓名和号码"),
}
_WITH_WORDS: Final = ("table_export", "export")


def reading_of(what: str) -> tuple[str, str]:
    """Under what a reading stands in `READINGS`, and the words that its reader gave; none for most."""
    head, _, rest = what.partition("/")
    if head == "original":
        # Behind the file's id.
        return head, rest.partition("/")[2]
    why = " ".join(each for each in rest.split("/") if each) if head in _WITH_WORDS else ""
    return head, why
