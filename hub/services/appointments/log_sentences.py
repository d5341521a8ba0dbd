"""What the log says of appointments, in the words of `negotiations.entries`. No address stands in it."""

from collections.abc import Mapping

from hub.domain.entry_kind import EntryKind

VISIT_SENTENCES: Mapping[EntryKind, str] = {
    EntryKind.APPOINTMENT_REQUESTED: "持卡人预约了{what}。",
    EntryKind.HOME_VISIT_REQUESTED: "持卡人预约了{what}，并单独同意告知地址。地址的加盐摘要：{digest}",
    EntryKind.APPOINTMENT_CONFIRMED: "银行已确认{what}，来的是工号 {staff} 的两位工作人员。",
    EntryKind.APPOINTMENT_REMINDED: "已提醒持卡人{what}。",
    EntryKind.APPOINTMENT_CANCELLED: "预约已取消。",
    EntryKind.APPOINTMENT_MOVED: "银行提出改为{what}，来的是工号 {staff} 的两位工作人员。{text}",
    EntryKind.APPOINTMENT_MOVE_ACCEPTED: "持卡人同意改为{what}。",
    EntryKind.PASS_CODE_WRONG: "口令不对，没有开始（第 {tries} 次）。",
    EntryKind.VISIT_BEGUN: "两位工作人员都已到场，口令一致，开始办理。",
    EntryKind.VISIT_REPORTED: (
        "{what}已办理，来的是工号 {staff} 的两位工作人员。身份核对：{identity}；材料 {papers} 份。{text}"
    ),
    EntryKind.VISIT_NOTE_SIGNED: "持卡人用确认码签署了见面记录，内容的摘要：{digest}",
    EntryKind.VISIT_MISSED: "{what}没有见面：{who}没有到。",
    EntryKind.VISIT_TROUBLE: "持卡人反映：{trouble}。{text}",
    EntryKind.ADDRESS_ERASED: "地址的密钥已销毁，任何人都不能再打开。摘要保留：{digest}",
}
"""The sentence of each kind of entry."""
