"""The sentences of the log: what is written there when the hub, a person or a bank does something.

The log is the record both sides keep, so its sentences are Chinese, plain, and never changed afterwards.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from hub.domain.actor import Actor
from hub.domain.china import CHINA
from hub.domain.log_chain import Attachment
from hub.domain.plain import Plain, canonical
from storage.communications import NewEntry
from storage.records import CleanCopyRecord, EvidenceRecord

SENTENCES = {
    "submitted": "申请已提交。",
    "corrected": "已更正并重新提交，版本 {version}。原版本保留。",
    "screened": "材料已核对，申请表已生成。",
    "returned": "申请已退回，请更正后再提交。原因：{faults}",
    "correction_lapsed": "退回后 30 天内没有更正，协商已结束。可以重新申请。",
    "delivered": "银行系统已收到（{what}）。",
    "delivery_failed": "第 {attempt} 次送达没有成功，会再次尝试。",
    "undeliverable": "多次尝试后仍未送达，已转运营人员处理。",
    "copied": "图片已生成提供给银行的副本，不含拍摄地点、设备等信息；原件不变。",
    "bounced": "邮件被退回，银行没有收到，已转运营人员处理。",
    "sent_again": "运营人员已安排重新送达。",
    "arrived_after_all": "银行系统其实已经收到，不再重新送达。",
    "clock_opened": "答复计时开始，应于 {due} 前答复。",
    "clock_moved": "答复期限由 {before} 改为 {after}。原因：{why}",
    "breached": "银行未在 {due} 前答复。",
    "acknowledged": "银行已受理。",
    "identity_confirmed": "银行已核对，申请人与预留信息一致。{text}",
    "evidence_requested": "{text}",
    "answered": "已补充材料。",
    "not_answered": "补充材料的期限已过，银行继续审核。",
    "offered": "银行提出方案：{terms}",
    "countered": "持卡人提出方案：{terms}",
    "declined": "持卡人没有接受这个方案：{text}",
    "offer_lapsed": "方案已过有效期。",
    "rejected": "银行没有同意。{reason}{text}",
    "withdrawn": "持卡人已撤回。{text}",
    "code_sent": "确认码已发送至 {mobile}。",
    "codes_wrong": "这个方案的确认码已有 {tries} 次输错，没有签署。",
    "codes_stopped": "这个方案的确认码已有 {tries} 次输错，没有签署。已暂停签署，等待核实。",
    "codes_freed": "已核实，可以重新获取确认码签署。",
    "accepted": "持卡人已用确认码同意方案，协议 {number} 成立。自此应当停止催收。",
    "document_printed": "文件已生成：{what}。",
    "payment": "第 {number} 期还款已入账，{amount} 元，{paid_on}。",
    "missed": "第 {number} 期还款还没有到账。",
    "missed_withdrawn": "第 {number} 期“未到账”的登记已撤回。{text}",
    "agreement_ended": "协议已结束（{reason}）。{text}",
    "hold_applied": "{by}自 {at} 起已停止催收。",
    "collection_reported": "持卡人反映协议生效后仍被催收（{channel}，{at}，{caller}）：{text}\n银行应于 {due} 前答复。",
    "collection_answered": "银行对“协议生效后仍被催收”的答复：{text}",
}


def spoken_time(at: datetime) -> str:
    """`at` as people in China say it, to the minute."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def entry(kind: str, actor: Actor, attachments: Sequence[Attachment] = (), **values: object) -> NewEntry:
    """The entry of that kind, its sentence filled with `values`."""
    text = SENTENCES[kind].format(**values).strip()
    return NewEntry(kind=kind, text=text, actor=actor, attachments=attachments)


def spoken(kind: str, actor: Actor, text: str, attachments: Sequence[Attachment] = ()) -> NewEntry:
    """An entry whose words are somebody's own."""
    return NewEntry(kind=kind, text=text, actor=actor, attachments=attachments)


def evidence_attachment(record: EvidenceRecord, kind: str) -> Attachment:
    """A file, by what identifies its bytes."""
    return Attachment(id=record.id, kind=kind, sha256=record.sha256, size=record.size)


CLEAN_COPY = "clean_copy"
"""The kind of an attachment that is the clean copy of a picture; its id is the picture's."""


def copy_attachment(copy: CleanCopyRecord) -> Attachment:
    """A clean copy, by what identifies its bytes."""
    return Attachment(id=copy.id, kind=CLEAN_COPY, sha256=copy.sha256, size=copy.size)


def digest_of(id_: str, kind: str, content: Plain) -> Attachment:
    """Plain data that an entry commits to without repeating it."""
    spelt = canonical(content)
    return Attachment(id=id_, kind=kind, sha256=hashlib.sha256(spelt).hexdigest(), size=len(spelt))
