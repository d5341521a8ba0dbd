"""What a message to a bank is called in a log."""

from collections.abc import Mapping

from hub.domain.delivery import MessageKind

WORDS: Mapping[str, str] = {
    MessageKind.SUBMITTED: "协商申请",
    MessageKind.MESSAGE: "消息",
    MessageKind.COUNTER_OFFERED: "持卡人提出的方案",
    MessageKind.ACCEPTED: "签署的协议",
    MessageKind.WITHDRAWN: "撤回通知",
    MessageKind.AGREEMENT_ENDED: "协议结束的通知",
    MessageKind.AMENDMENT_REQUESTED: "调整协议的申请",
    MessageKind.AMENDED: "签署的补充协议",
    MessageKind.AMENDMENT_CLOSED: "不再调整协议的通知",
    MessageKind.REQUEST_MESSAGE: "消息",
    MessageKind.MANDATE_REVOKED: "扣款授权的撤回通知",
    MessageKind.DEDUCTION_REPORTED: "扣款情况的反映",
    MessageKind.INSTALMENT_REQUESTED: "取消分期或提前结清的申请",
    MessageKind.INSTALMENT_ACCEPTED: "对分期结清报价的同意",
    MessageKind.INSTALMENT_DECLINED: "不接受分期结清报价的通知",
    MessageKind.INSTALMENT_WITHDRAWN: "分期申请的撤回通知",
    MessageKind.APPOINTMENT_REQUESTED: "预约申请",
    MessageKind.APPOINTMENT_CANCELLED: "取消预约的通知",
    MessageKind.APPOINTMENT_MOVE_ACCEPTED: "同意改期的通知",
}
