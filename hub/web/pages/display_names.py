"""What the machine's words are called on pages: statuses, roles, kinds and reasons, by group."""

from collections.abc import Mapping

from hub.domain import labels
from hub.domain.agreement_sentences import plan_kind_zh
from hub.domain.legal_stage import LegalStanding
from hub.domain.terms import Kind
from hub.services.delivery import message_words
from hub.services.operating.audit_words import READINGS
from hub.web.catalogue import marked
from hub.web.doubt_sentences import ANSWERS
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
    "active_content": labels.ACTIVE_CONTENT,
    "missing_paper": labels.MISSING_PAPERS,
    "consent": labels.CONSENT_PURPOSES,
    "support": labels.SUPPORT_NEEDS,
    "representative": labels.REPRESENTATIVE_FLAGS,
    "doubt_answer": ANSWERS,
    "file_of_request": {"refund": marked("商家退款凭证")},
    "record_file": {**labels.EVIDENCE_KINDS, "recording": marked("通话录音")},
    "service": labels.SERVICES,
    "hours": labels.REMINDER_HOURS,
    "plan": labels.PLAN_KINDS,
    "income": labels.INCOME_KINDS,
    "spending": labels.SPENDING_KINDS,
    "role": labels.STAFF_ROLES,
    "creditor": labels.CREDITOR_KINDS,
    "regulator": labels.REGULATORS,
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
    "reading": READINGS,
    "second_factor": {
        "hub": marked("由本平台验证"),
        "always": marked("本行登录时已验证"),
        "asserted": marked("本行登录时验证过的，不再验证"),
    },
    "masked": {
        "name": marked("姓名"),
        "id_number": marked("证件号码"),
        "mobile": marked("手机号"),
        "email": marked("电子邮箱"),
        "cards": marked("卡号"),
        "helper": marked("协助人信息"),
    },
    "call_outcome": {
        "reached": marked("已接通，与客户本人通话"),
        "other_person": marked("接听的不是客户本人"),
        "no_answer": marked("无人接听"),
        "call_back": marked("约定再联系"),
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
    "compared": {
        "kind": marked("方案种类"),
        "principal_fen": marked("列入方案的金额"),
        "waived.interest_fen": marked("减免利息"),
        "waived.penalty_fen": marked("减免违约金"),
        "waived.fees_fen": marked("减免费用"),
        "waived.principal_fen": marked("减免本金"),
        "instalments": marked("期数"),
        "months": marked("月数"),
        "annual_rate_percent": marked("年利率"),
        "minimum_percent": marked("最低还款比例"),
        "method": marked("还款方式"),
        "first_due_on": marked("首次还款日"),
        "down_payment_fen": marked("签署后先还"),
        "fee_fen": marked("手续费"),
        "first_fen": marked("每期还款（首期）"),
        "total_fen": marked("共还"),
        "interest_fen": marked("其中利息"),
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
    "message": message_words.WORDS,
    "mail": MAILS,
    "mail_reader": {
        "desk": marked("银行受理邮箱"),
        "supervisors": marked("银行复核主管"),
        "supervisor": marked("银行复核主管"),
        "approvers": marked("银行下一级复核人"),
        "maker": marked("方案编制人"),
        "bank_admin": marked("银行管理员"),
        "managers": marked("银行管理员"),
        "everybody": marked("银行有关人员"),
        "colleague": marked("银行的一位同事"),
        "cardholder": marked("持卡人"),
    },
    "breach": labels.BREACH_CAUSES,
    "refusal": labels.REJECTION_REASONS,
    "component": labels.DEBT_COMPONENTS,
    "component_note": labels.COMPONENT_NOTES,
    "legal_stage": labels.LEGAL_STAGES,
    "credit_note": labels.CREDIT_NOTES,
    "bill": labels.BILLS,
    "mandate": labels.MANDATES,
    "frequency": labels.FREQUENCIES,
    "payee": labels.PAYEES,
    "revocation": labels.REVOCATIONS,
    "revocation_refusal": labels.REVOCATION_REFUSALS,
    "appointment": labels.APPOINTMENTS,
    "own_appointment": labels.OWN_APPOINTMENTS,
    "appointment_kind": labels.APPOINTMENT_KINDS,
    "appointment_purpose": labels.APPOINTMENT_PURPOSES,
    "visit_trouble": labels.VISIT_TROUBLES,
    "identity_found": labels.IDENTITY_FOUND,
    "paper_handling": labels.PAPER_HANDLINGS,
    "load": labels.LOADS,
    "referral": labels.REFERRALS,
    "loan": labels.LOAN_KINDS,
    "end": labels.END_REASONS,
    "instalment_deal": labels.INSTALMENT_DEALS,
    "fee_mode": labels.FEE_MODES,
    "cancellation": labels.CANCELLATIONS,
    "instalment_status": labels.INSTALMENT_STATUSES,
    "instalment_refusal": labels.INSTALMENT_REFUSALS,
    "partial_refund": labels.PARTIAL_REFUNDS,
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


def plan_word(kind: str, legal: LegalStanding) -> str:
    """What the kind of a plan is called on a debt that stands in court like this."""
    return translate(plan_kind_zh(Kind(kind), legal))


def word_or_text(group: str, text: str) -> str:
    """What `text` is called where it is a word of the group; other words are somebody's own, and shown as they are."""
    return translate(GROUPS[group].get(text, text))


def options(group: str) -> list[tuple[str, str]]:
    """(code, name) of every word of the group, for a choice."""
    return [(code, translate(name)) for code, name in GROUPS[group].items()]
