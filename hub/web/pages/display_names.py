"""What the machine's words are called on pages: statuses, roles, kinds and reasons, by group."""

from collections.abc import Mapping

from hub.domain import labels
from hub.web.catalogue import marked
from hub.web.logs import log
from hub.web.pages.mail_names import MAILS
from hub.web.pages.translation import translate
from hub.web.problem_sentences import WORDS

GROUPS: Mapping[str, Mapping[str, str]] = {
    "status": WORDS,
    "id_type": labels.ID_TYPES,
    "channel": labels.CHANNELS,
    "reason": labels.HARDSHIP_REASONS,
    "evidence": labels.EVIDENCE_KINDS,
    "missing_paper": labels.MISSING_PAPERS,
    "consent": labels.CONSENT_PURPOSES,
    "support": labels.SUPPORT_NEEDS,
    "representative": labels.REPRESENTATIVE_FLAGS,
    "record_file": {**labels.EVIDENCE_KINDS, "recording": marked("通话录音")},
    "plan": labels.PLAN_KINDS,
    "income": labels.INCOME_KINDS,
    "spending": labels.SPENDING_KINDS,
    "role": {
        "reviewer": marked("经办"),
        "supervisor": marked("复核主管"),
        "auditor": marked("审计"),
        "bank_admin": marked("本行管理员"),
        "operator": marked("平台运营"),
    },
    "reader": {
        "self": marked("您本人"),
        "host_app": marked("您使用的 App"),
        "bank_system": marked("银行系统"),
        "hub": marked("平台工作人员"),
        "reviewer": marked("银行经办人员"),
        "supervisor": marked("银行复核主管"),
        "auditor": marked("银行审计人员"),
        "bank_admin": marked("银行管理员"),
    },
    "reading": {
        "negotiation": marked("查看了申请"),
        "evidence": marked("查看了材料"),
        "application_form": marked("查看了申请表"),
        "agreement": marked("查看了协议"),
        "default_notice": marked("查看了终止通知书"),
        "amendment": marked("查看了补充协议"),
        "clearance": marked("查看了结清证明"),
        "record": marked("下载了完整记录"),
        "export": marked("导出了完整记录"),
        "file_passwords": marked("查看了邮件附件的密码"),
        "in_full": marked("查看了完整的姓名和号码"),
    },
    "reveal": {
        "identity": marked("核对身份"),
        "account": marked("核对账户"),
        "contact": marked("联系客户"),
        "other": marked("其他"),
    },
    "party": {
        "cardholder": marked("持卡人"),
        "bank": marked("银行"),
        "hub": marked("平台"),
    },
    "method": labels.METHODS,
    "file": {
        "checking": marked("正在检查"),
        "clean": marked("已上传"),
        "rejected": marked("不能使用"),
    },
    "evidence_category": {
        "income": marked("收入材料"),
        "medical": marked("医疗费用材料"),
        "disaster": marked("意外或受灾材料"),
        "family": marked("家庭情况材料"),
        "other": marked("身份和其他材料"),
    },
    "evidence_category_hint": {
        "income": marked("近 3 个月工资条、银行流水或失业登记证明，有一种就可以。"),
        "medical": marked("费用清单、发票或诊断证明，有一种就可以。"),
        "disaster": marked("事故认定书、理赔单或受灾证明，有一种就可以。"),
        "family": marked("离婚证、户口簿、护理或赡养的说明，有一种就可以。"),
        "other": marked("身份证、信用报告，或您想让银行看到的其他材料。可以不提供。"),
    },
    "payment": {
        "paid": marked("已还"),
        "missed": marked("未到账"),
        "part_paid": marked("部分已还"),
        "due": marked("待还"),
    },
    "news": {
        "awaiting_approval": marked("等待复核"),
        "returned": marked("方案被退回"),
        "countered": marked("客户已还价"),
        "message": marked("客户有新消息"),
        "answered": marked("客户已补充材料"),
        "declined": marked("客户未接受方案"),
        "call_record": marked("客户记下了通话"),
        "amendment_asked": marked("客户申请调整协议"),
        "evidence_rejected": marked("客户的材料打不开"),
    },
    "new": {
        "correction": marked("请您更正"),
        "question": marked("新的问题"),
        "offer": marked("新的方案"),
        "answer": marked("新的答复"),
        "message": marked("新的留言"),
        "agreement": marked("协议有变化"),
        "payment": marked("还款登记"),
        "notice": marked("新的进展"),
    },
    "message": {
        "negotiation.submitted": marked("协商申请"),
        "negotiation.message": marked("消息"),
        "negotiation.counter_offered": marked("持卡人的方案"),
        "negotiation.accepted": marked("签署的协议"),
        "negotiation.withdrawn": marked("撤回通知"),
        "agreement.ended": marked("协议结束的通知"),
        "agreement.amendment_requested": marked("调整协议的申请"),
        "agreement.amended": marked("签署的补充协议"),
        "agreement.amendment_closed": marked("不再调整协议的通知"),
    },
    "mail": MAILS,
    "mail_reader": {
        "desk": marked("银行受理邮箱"),
        "supervisors": marked("银行复核主管"),
        "supervisor": marked("银行复核主管"),
        "approvers": marked("银行下一级复核人"),
        "maker": marked("方案编制人"),
        "bank_admin": marked("银行管理员"),
        "cardholder": marked("持卡人"),
    },
    "refusal": labels.REJECTION_REASONS,
    "component": labels.DEBT_COMPONENTS,
    "component_note": labels.COMPONENT_NOTES,
    "legal_stage": labels.LEGAL_STAGES,
    "credit_note": labels.CREDIT_NOTES,
    "end": labels.END_REASONS,
    "contact": labels.CONTACT_CHANNELS,
    "proposed_account": {
        "proposed": marked("等客户答复"),
        "included": marked("客户同意列入"),
        "left_out": marked("客户没有列入"),
    },
    "collection": labels.COLLECTION_CHANNELS,
    "complaint": labels.COMPLAINT_CHANNELS,
}


def word(group: str, code: str) -> str:
    """What `code` is called. One without a name is a mistake of ours: it is logged, and shown as it is."""
    name = GROUPS[group].get(code)
    if name is None:
        log.error("display_name_missing", where=f"{group}/{code}")
        return code
    return translate(name)


def word_or_text(group: str, text: str) -> str:
    """What `text` is called where it is a word of the group; other words are somebody's own, and shown as they are."""
    return translate(GROUPS[group].get(text, text))


def options(group: str) -> list[tuple[str, str]]:
    """(code, name) of every word of the group, for a choice."""
    return [(code, translate(name)) for code, name in GROUPS[group].items()]
