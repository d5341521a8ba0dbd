"""What each kind of mail is called where an operator looks after those that did not go out."""

from collections.abc import Mapping
from typing import Final

from hub.mail.kinds import MailKind
from hub.web.catalogue import marked

MAILS: Final[Mapping[str, str]] = {
    MailKind.ARRIVED_SUBMITTED: marked("新申请"),
    MailKind.ARRIVED_COUNTER_OFFERED: marked("客户提出方案"),
    MailKind.ARRIVED_DECLINED: marked("客户未接受方案"),
    MailKind.ARRIVED_MESSAGE: marked("客户的消息"),
    MailKind.ARRIVED_ACCEPTED: marked("协议成立"),
    MailKind.ARRIVED_WITHDRAWN: marked("申请已撤回"),
    MailKind.ARRIVED_ENDED: marked("协议结束"),
    MailKind.LAPSED: marked("方案到期，协商结束"),
    MailKind.DUE_MOVED: marked("答复期限变更"),
    MailKind.REVIEW_WAITING: marked("方案等待复核"),
    MailKind.NO_REVIEWER: marked("没有可以复核的主管"),
    MailKind.OFFER_RETURNED: marked("方案被退回"),
    MailKind.COLLECTION_REPORTED: marked("协议后仍被催收"),
    MailKind.TWO_DAYS_BEFORE: marked("还剩 2 个工作日的提醒"),
    MailKind.ONE_DAY_BEFORE: marked("还剩 1 个工作日的提醒"),
    MailKind.ON_THE_DAY: marked("当天到期的提醒"),
    MailKind.BREACHED: marked("已超过答复期限"),
    MailKind.ESCALATED: marked("超时升级"),
    MailKind.SEVERAL_DUE: marked("多件到期提醒"),
    MailKind.SEVERAL_BREACHED: marked("多件已超过答复期限"),
    MailKind.SEVERAL_ESCALATED: marked("多件超时升级"),
    MailKind.SEVERAL_LAPSED: marked("多件方案到期"),
    MailKind.RECEIVED: marked("申请已收到"),
    MailKind.RETURNED: marked("申请需要更正"),
    MailKind.CORRECTION_ENDING: marked("更正期限快到"),
    MailKind.CORRECTION_LAPSED: marked("更正期限已过"),
    MailKind.UNDELIVERABLE: marked("申请还没有送到银行"),
    MailKind.DELIVERED: marked("申请已送达"),
    MailKind.COUNTER_DELIVERED: marked("持卡人的答复已送达"),
    MailKind.MESSAGE: marked("银行的消息"),
    MailKind.ASKED: marked("银行请补充材料"),
    MailKind.FILES_UNREADABLE: marked("补充的文件打不开"),
    MailKind.OFFERED: marked("银行给出方案"),
    MailKind.OFFER_ENDING: marked("方案快到期"),
    MailKind.OFFER_LAPSED: marked("方案已到期"),
    MailKind.AGREED: marked("协议已生效"),
    MailKind.PAPER_READY: marked("协议可以下载"),
    MailKind.REFUSED: marked("没有达成一致"),
    MailKind.COUNTER_REFUSED: marked("持卡人的方案未被采纳"),
    MailKind.LATE: marked("银行超时未答复"),
    MailKind.MOVED: marked("答复期限变更"),
    MailKind.PAYMENT_MISSED: marked("还款未到账"),
    MailKind.AGREEMENT_ENDED: marked("协议已结束"),
    MailKind.COLLECTION_ANSWERED: marked("银行答复了催收反映"),
}
