"""The sentences of the log: what is written there when the hub, a person or a bank does something.

The log is the record both sides keep, so its sentences are Chinese, plain, and never changed afterwards.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from hub.domain.actor import Actor
from hub.domain.china import CHINA
from hub.domain.entry_kind import EntryKind
from hub.domain.log_chain import FILE, Attachment
from hub.domain.plain import Plain, canonical
from hub.domain.retention import Cause, DataClass
from hub.services.appointments.log_sentences import VISIT_SENTENCES
from storage.communications import NewEntry
from storage.records import CleanCopyRecord, EvidenceRecord, ViewingPageRecord

SENTENCES: Mapping[EntryKind, str] = {
    EntryKind.SUBMITTED: "申请已提交。",
    EntryKind.CORRECTED: "已更正并重新提交，版本 {version}。原版本保留。",
    EntryKind.SCREENED: "材料已核对，申请表已生成。",
    EntryKind.RETURNED: "申请已退回，请更正后再提交。原因：{faults}",
    EntryKind.CORRECTION_LAPSED: "退回后 30 天内没有更正，协商已结束。可以重新申请。",
    EntryKind.DELIVERED: "银行系统已收到（{what}）。",
    EntryKind.DELIVERY_FAILED: "第 {attempt} 次送达没有成功，会再次尝试。",
    EntryKind.UNDELIVERABLE: "多次尝试后仍未送达，已转运营人员处理。",
    EntryKind.COPIED: "图片已生成提供给银行的副本，不含拍摄地点、设备等信息；原件不变。",
    EntryKind.PDF_COPIED: ("PDF 文件已生成提供给银行的副本，页面看起来和原来一样，去掉的内容：{removed}；原件不变。"),
    EntryKind.SIGNED_PDF_COPIED: (
        "PDF 文件已生成提供给银行的副本，页面看起来和原来一样，去掉的内容：{removed}；原件不变。"
        "原文件带有电子签名，签名只能用原件核验。"
    ),
    EntryKind.PAGES_DRAWN: "材料的页面已绘制成图片，供银行查看。",
    EntryKind.BOUNCED: "邮件被退回，银行没有收到，已转运营人员处理。",
    EntryKind.SENT_AGAIN: "运营人员已安排重新送达。",
    EntryKind.ARRIVED_AFTER_ALL: "银行系统其实已经收到，不再重新送达。",
    EntryKind.CLOCK_OPENED: "答复计时开始，应于 {due} 前答复。",
    EntryKind.CLOCK_MOVED: "答复期限由 {before} 改为 {after}。原因：{why}",
    EntryKind.BREACHED: "银行未在 {due} 前答复。",
    EntryKind.ACKNOWLEDGED: "银行已受理。",
    EntryKind.DECISION_DEFERRED: "银行已登记，还没有作出决定，预计 {decision_by} 前决定。答复期限不变。{text}",
    EntryKind.IDENTITY_CONFIRMED: "银行已核对，申请人与预留信息一致。{text}",
    EntryKind.LEGAL_STAGE_STATED: "银行说明这笔欠款的诉讼情况：{stage}{named}。",
    EntryKind.CLAIM_TRANSFERRED: "银行通知：这笔欠款的债权已于 {day} 转让给{name}（联系方式：{contact}）。{text}",
    EntryKind.EVIDENCE_REQUESTED: "{text}",
    EntryKind.ANSWERED: "已补充材料。",
    EntryKind.NOT_ANSWERED: "补充材料的期限已过，银行继续审核。",
    EntryKind.OFFERED: "银行提出方案：{terms}",
    EntryKind.COUNTERED: "持卡人提出方案：{terms}",
    EntryKind.DECLINED: "持卡人没有接受这个方案：{text}",
    EntryKind.OFFER_LAPSED: "方案已过有效期。",
    EntryKind.REJECTED: "银行没有同意。{reason}{text}",
    EntryKind.WITHDRAWN: "持卡人已撤回。{text}",
    EntryKind.CONSENT_WITHDRAWN: "持卡人撤回了同意：{purpose}。{what}",
    EntryKind.CODE_SENT: "确认码已发送至 {mobile}。",
    EntryKind.CODES_WRONG: "这个方案的确认码已有 {tries} 次输错，没有签署。",
    EntryKind.CODES_STOPPED: "这个方案的确认码已有 {tries} 次输错，没有签署。已暂停签署，等待核实。",
    EntryKind.QUOTE_CODES_WRONG: "这份报价的确认码已有 {tries} 次输错，没有接受。",
    EntryKind.QUOTE_CODES_STOPPED: "这份报价的确认码已有 {tries} 次输错，没有接受。已暂停签署，等待核实。",
    EntryKind.CODES_FREED: "已核实，可以重新获取确认码签署。",
    EntryKind.ACCEPTED: "持卡人已用确认码同意方案，协议 {number} 成立。自此应当停止催收。",
    EntryKind.DOCUMENT_PRINTED: "文件已生成：{what}。",
    EntryKind.PAYMENT: "第 {number} 期还款已入账，{amount} 元，{paid_on}。",
    EntryKind.MISSED: "第 {number} 期还款还没有到账。",
    EntryKind.MISSED_WITHDRAWN: "第 {number} 期“未到账”的登记已撤回。{text}",
    EntryKind.AGREEMENT_ENDED: "协议已结束（{reason}）。{text}",
    EntryKind.AMENDMENT_ASKED: "{who}提出{what}。{text}",
    EntryKind.AMENDMENT_ANSWERED: "银行对{what}的答复：{answer}",
    EntryKind.AMENDMENT_OUTDATED: "报价之后有还款入账，{what}的报价不再适用，由银行重新报价。",
    EntryKind.AMENDMENT_REFUSED: "银行没有同意{what}。{text}",
    EntryKind.AMENDMENT_DECLINED: "持卡人不再{what}，原来的还款计划不变。{text}",
    EntryKind.AMENDMENT_LAPSED: "{what}不再有效：{why}。",
    EntryKind.AMENDED: "双方已同意{what}，补充协议 {number} 成立。",
    EntryKind.CLEARANCE_OPENED: "协议已经结清，银行应于 {due} 前出具结清证明。",
    EntryKind.CLEARANCE_ASKED: "持卡人请银行出具结清证明，银行应于 {due} 前出具。",
    EntryKind.CLEARANCE_ISSUED: "银行已出具结清证明。{text}",
    EntryKind.CLEARANCE_REISSUED: "银行已重新出具结清证明，原来的一份保留在记录里。{text}",
    EntryKind.CLEARANCE_LATE: "银行未在 {due} 前出具结清证明。",
    EntryKind.HOLD_APPLIED: "{by}自 {at} 起已停止催收。",
    EntryKind.COLLECTION_REPORTED: (
        "持卡人反映协议生效后仍被催收（{channel}，{at}，{caller}）：{text}\n银行应于 {due} 前答复。"
    ),
    EntryKind.REVOCATION_SENT: "撤回一项扣款授权：{use}，账户尾号 {last4}。通知自 {day} 起生效。",
    EntryKind.REVOCATION_CONFIRMED: "已确认收到撤回，不再按这项授权扣款。{text}",
    EntryKind.REVOCATION_REFUSED: "没有接受撤回（{reason}）。{text}",
    EntryKind.DEDUCTION_REPORTED: "反映一笔扣款：{at}，{amount} 元，账户尾号 {last4}。{text}",
    EntryKind.DEDUCTION_ANSWERED: "对所反映扣款的答复：{text}",
    EntryKind.COLLECTION_ANSWERED: "银行对“协议生效后仍被催收”的答复：{text}",
    EntryKind.COMPLAINT_SENT: "持卡人告知：已于 {day} 向银行投诉（{channel}）。{text}",
    EntryKind.CREDIT_NOTE_ASKED: "持卡人请银行核对信用报告（{about}）：{text}\n银行应于 {due} 前书面答复。",
    EntryKind.CREDIT_NOTE_ANSWERED: "银行对信用报告核对请求的答复：{text}",
    EntryKind.INSTALMENTS_ASKED: "申请{what}，希望 {day} 办理。{text}",
    EntryKind.INSTALMENTS_QUOTED: (
        "银行报价：{day} 办理，一共要还 {pay} 元；{valid} 前可以接受，{pay_by} 前还款。{text}"
    ),
    EntryKind.INSTALMENTS_ACCEPTED: "已用确认码接受报价。",
    EntryKind.INSTALMENTS_DECLINED: "没有接受报价。{text}",
    EntryKind.INSTALMENTS_WITHDRAWN: "已撤回申请。{text}",
    EntryKind.REQUEST_CLOSED: "持卡人的个人信息已删除，这件事就此结束，不再需要答复。",
    EntryKind.REQUEST_PERSON_SHOWN: "银行工作人员查看了完整的姓名和手机号，原因：{text}",
    EntryKind.INSTALMENTS_PROOF_GIVEN: "已提交商家退款凭证，共 {count} 份。",
    EntryKind.INSTALMENTS_REFUSED: "银行没有同意：{reason}。{text}",
    EntryKind.INSTALMENTS_PAID: "已告知银行：这笔报价已经还款。",
    EntryKind.INSTALMENTS_DONE: "银行已办理：{day} 的还款已经入账。",
    EntryKind.INSTALMENTS_LAPSED: "报价已过有效期，没有接受；原来的分期照常进行。",
    EntryKind.INSTALMENTS_VOID: "到 {day} 银行没有告知还款已经入账，报价不再有效；原来的分期照常进行。",
    EntryKind.ACCOUNT_PROPOSED: "银行提出将另一张卡列入协商：{card}，欠款共 {owed} 元。{text}",
    EntryKind.ACCOUNT_INCLUDED: "持卡人同意将 {card} 列入协商。",
    EntryKind.ACCOUNT_LEFT_OUT: "持卡人没有将 {card} 列入协商。",
    **VISIT_SENTENCES,
    EntryKind.ERASED: "已按法律删除：{what}。原因：{basis}。共 {count} 项，摘要保留。",
}


ERASED_WHAT = {
    DataClass.FILES: "材料原件和副本",
    DataClass.AGREEMENT_FILES: "材料原件和副本",
    DataClass.APPLICATION: "这件协商的全部个人信息",
    DataClass.AGREEMENT: "这件协商和协议的全部个人信息",
    DataClass.REQUESTS: "这件事项的全部个人信息",
}
"""What was erased, by its class: words of `erased`."""
ERASED_BASIS = {
    Cause.ASKED: "持卡人要求（个人信息保护法第四十七条）",
    Cause.LETTER: "持卡人书面要求（个人信息保护法第四十七条）",
    Cause.DUE: "保存期限已满（个人信息保护法第十九条）",
}
"""Why it was, as `erased` says it."""


FAULT_WORDS = {
    "evidence_unreadable": "有文件打不开或有缺失，请重新保存后上传，或拍照上传",
    "evidence_password": "有文件设了打开密码，请去掉密码后重新上传",
    "evidence_locked_attachment": "有文件里的附件设了密码，请另存一份不带附件的再上传",
    "evidence_too_large_picture": "有图片过大，请缩小后重新上传",
    "evidence_too_many_pages": "有文件页数过多，请分开上传",
    "evidence_too_slow": "有文件无法在限定时间内打开，请换一个格式重新上传",
    "evidence_infected": "有文件带有病毒，请更换文件",
    "evidence_not_scanned": "有文件没能做完安全检查，请拍成照片或分成几个小文件再上传",
    "card_listed_twice": "同一张卡填写了两次，无法确定欠款金额",
}
"""What an application was returned for, by the code of the fault: the words of `returned`."""


def spoken_time(at: datetime) -> str:
    """`at` as people in China say it, to the minute."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def entry(kind: EntryKind, actor: Actor, attachments: Sequence[Attachment] = (), **values: object) -> NewEntry:
    """The entry of that kind, its sentence filled with `values`."""
    text = SENTENCES[kind].format(**values).strip()
    return NewEntry(kind=kind, text=text, actor=actor, attachments=attachments)


def spoken(kind: EntryKind, actor: Actor, text: str, attachments: Sequence[Attachment] = ()) -> NewEntry:
    """An entry whose words are somebody's own."""
    return NewEntry(kind=kind, text=text, actor=actor, attachments=attachments)


def evidence_attachment(record: EvidenceRecord) -> Attachment:
    """A file, by what identifies its bytes."""
    return Attachment(id=record.id, kind=FILE, sha256=record.sha256, size=record.size)


CLEAN_COPY = "clean_copy"
"""The kind of an attachment that is the clean copy of a file; its id is the file's."""
VIEWING_PAGES = "viewing_pages"
"""The kind of an attachment that commits to the pages drawn of a file; its id is the file's."""


def pages_attachment(evidence_id: str, pages: Sequence[ViewingPageRecord]) -> Attachment:
    """The pages drawn of a file, by the list of their digests; the size is that of all of them."""
    spelt = canonical([page.sha256 for page in pages])
    return Attachment(
        id=evidence_id,
        kind=VIEWING_PAGES,
        sha256=hashlib.sha256(spelt).hexdigest(),
        size=sum(page.size for page in pages),
    )


def copy_attachment(copy: CleanCopyRecord) -> Attachment:
    """A clean copy, by what identifies its bytes."""
    return Attachment(id=copy.id, kind=CLEAN_COPY, sha256=copy.sha256, size=copy.size)


def digest_of(content: Plain) -> str:
    """The digest of contents as both sides know it: of what an offer says, it is what they sign."""
    return hashlib.sha256(canonical(content)).hexdigest()
