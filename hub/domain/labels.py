"""What the kinds, reasons and statuses are called, in Chinese: on papers, in the log, and on pages.

Papers that are signed and kept say them as they stand here; pages and answers say them in the reader's language.
"""

ID_TYPES = {
    "resident_id": "居民身份证",
    "passport": "护照",
    "hk_macau_permit": "港澳居民来往内地通行证",
    "taiwan_permit": "台湾居民来往大陆通行证",
    "foreign_permanent_resident": "外国人永久居留身份证",
    "military_id": "军官证",
}
CHANNELS = {"app": "手机应用", "web": "网页", "branch": "网点", "hotline": "热线"}
HARDSHIP_REASONS = {
    "illness": "本人或家人患病",
    "unemployment": "失业",
    "income_drop": "收入下降",
    "disaster": "受灾或意外",
    "family_care": "照料家人",
    "family_change": "家庭变故",
    "business_failure": "经营失败",
    "other": "其他",
}
EVIDENCE_KINDS = {
    "payslip": "工资单",
    "income_proof": "收入证明",
    "bank_statement": "银行流水",
    "medical_bill": "医疗费用单据",
    "diagnosis": "诊断证明",
    "unemployment_proof": "失业证明",
    "low_income_proof": "低保或困难证明",
    "disability_proof": "残疾证明",
    "disaster_proof": "受灾证明",
    "family_statement": "家庭状况说明",
    "credit_report": "征信报告",
    "identity": "身份证件",
    "other": "其他材料",
}
ACTIVE_CONTENT = {
    "script": "脚本",
    "action": "自动动作",
    "link": "链接",
    "form": "表单",
    "annotation": "批注",
    "attachment": "附件",
    "layer": "图层",
    "rich_media": "音视频",
    "metadata": "文件属性",
}
"""What a PDF held beside its pages, by the words of `active_content.ActiveContent`."""
MISSING_PAPERS = {
    **{reason: label for reason, label in HARDSHIP_REASONS.items() if reason != "other"},
    "income": "收入",
}
STATUSES = {
    "screening": "核对材料中",
    "returned": "已退回待更正",
    "delivering": "送达银行中",
    "undeliverable": "未能送达",
    "awaiting_bank": "等待银行答复",
    "in_review": "银行审核中",
    "awaiting_cardholder": "等待补充材料",
    "offered": "银行已给出方案",
    "agreed": "已达成协议",
    "rejected": "银行未同意",
    "withdrawn": "已撤回",
    "lapsed": "已过期",
}
CONSENT_PURPOSES = {
    "share_with_bank": "向银行提供信息",
    "sensitive_data": "处理敏感个人信息",
    "medical_data": "提供医疗材料",
    "family_data": "提供家人的信息",
    "truthful": "内容真实",
}
SUPPORT_NEEDS = {
    "hearing": "听力不便",
    "sight": "视力不便",
    "large_text": "需要大字",
    "family_help": "希望家人协助",
    "stress": "心理压力较大",
}
REPRESENTATIVE_FLAGS = {
    "authority_paper": "有协助人，附授权材料",
    "no_authority_paper": "有协助人，没有授权材料",
    "likely_agency": "协助人可能是代理机构",
}
PLAN_KINDS = {
    "instalments": "个性化分期",
    "deferral": "延期还款",
    "reduction": "减免息费",
    "settlement": "一次性结清",
    "lower_minimum": "降低最低还款额",
}
IN_PARTS_IN_COURT = "分期还款"
"""What a plan in parts is called on a debt that was sued for: 个性化分期 is what Article 70 calls its own."""
METHODS = {
    "equal_instalment": "等额本息",
    "equal_principal": "等额本金",
    "interest_free": "免息等额",
}
INCOME_KINDS = {
    "wage": "工资",
    "family": "家人资助",
    "benefits": "补助救济",
    "rent": "租金",
    "other": "其他收入",
}
SPENDING_KINDS = {
    "housing": "住房",
    "food": "伙食",
    "medical": "医疗",
    "children": "子女",
    "elders": "赡养老人",
    "transport": "交通",
    "communication": "通讯",
    "insurance": "保险",
    "other": "其他支出",
}
REJECTION_REASONS = {
    "incomplete": "材料不齐",
    "not_overdue": "尚未逾期",
    "can_afford": "评估认为有能力按原约定还款",
    "unwilling": "暂未看到近期还款或还款安排",
    "false_information": "与核实的结果不一致",
    "not_our_customer": "银行没有查到您名下的这张卡",
    "already_in_plan": "已在分期或协商方案中",
    "legal_action": "已进入司法程序",
    "other": "其他",
}
LEGAL_STAGES = {"none": "未起诉", "sued": "已起诉", "judged": "已判决或调解", "enforced": "执行中"}
DEBT_COMPONENTS = {"revolving": "未办理分期", "bill_instalment": "账单分期", "cash_instalment": "现金分期"}
COMPONENT_NOTES = {
    "bill_terms": "账单分期的剩余期数超过 60 期，请核实。",
    "cash_terms": "现金分期的剩余期数超过 24 期，请核实。",
    "cash_amount": "现金分期的余额超过 50,000.00 元，请核实。",
}
INSTALMENT_DEALS = {"merchant": "商户分期", "bill": "账单分期", "cash": "现金分期"}
FEE_MODES = {"per_term": "每期收手续费", "upfront": "开始时一次收手续费", "interest": "按年利率收利息"}
CANCELLATIONS = {
    "refund": "退货，商户已经退款",
    "cancel_before_first": "首期入账前取消",
    "settle_early": "提前结清",
    "shorten": "缩短期数",
}
INSTALMENT_STATUSES = {
    "submitted": "正在送到银行",
    "with_bank": "等银行报价",
    "quoted": "已报价",
    "awaiting_payment": "等入账",
    "done": "已办理",
    "lapsed": "报价已过期",
    "refused": "银行没有同意",
    "withdrawn": "已撤回",
    "void": "没有按时还款，分期照常",
}
INSTALMENT_REFUSALS = {
    "already_settled": "这笔分期已经结清",
    "overdue": "有一期已经逾期",
    "merchant_not_refunded": "还没有收到商户的退款",
    "not_this_bank": "不是本行的分期",
    "contract_term": "合同有约定",
    "other": "其他原因",
}
PARTIAL_REFUNDS = {"last_terms": "减少期数，每期金额不变", "amount": "期数不变，减少每期金额"}
END_REASONS = {"settled": "已结清", "defaulted": "未按约履行", "replaced": "由新协议替代", "failed": "到期没有全额到账"}
CREDITOR_KINDS = {
    "bank": "银行",
    "consumer_finance": "消费金融公司",
    "small_loan": "小额贷款公司",
    "assignee": "债权受让机构",
}
REGULATORS = {"nfra": "国家金融监督管理总局", "local": "地方金融管理局"}
BREACH_CAUSES = {
    "staffing": "人手不足",
    "overlooked": "遗漏",
    "waiting_for_review": "等待复核",
    "waiting_for_others": "等待其他部门",
    "hard_case": "情况复杂",
    "system": "系统故障",
    "other": "其他",
}
ANSWER_STAGES = {"first": "首次答复", "evidenced": "补充材料后", "countered": "答复还价"}
REFERRALS = {
    "shown": "看过说明",
    "handed_over": "已同意转介",
    "contracted": "已签约",
    "declined": "机构没有接受",
    "lapsed": "已过期",
    "revoked": "已撤回",
}
LOAN_KINDS = {"at_the_end": "到期一次还清", "instalments": "按月等额还"}
LOADS = {"bearable": "在可以承受的范围内", "tight": "比较紧", "too_high": "超过每月收入"}
REMINDER_HOURS = {
    "day": "早上 9 点",
    "morning": "上午（8:30–12:00）",
    "afternoon": "下午（12:00–18:00）",
    "evening": "傍晚（18:00–20:00）",
}
SERVICES = {"reminders": "到期提醒", "mandates": "扣款授权", "instalments": "取消分期", "appointments": "预约"}
BILLS = {"open": "待还", "paid": "已还清", "overdue": "已逾期", "superseded": "已有新账单"}
MANDATES = {
    "recorded": "已登记",
    "revoking": "撤回已发出，等答复",
    "revoked": "撤回已确认",
    "revocation_refused": "撤回未被接受",
    "ended": "期限已满",
}
FREQUENCIES = {
    "once": "只扣一次",
    "weekly": "每周一次",
    "monthly": "每月一次",
    "quarterly": "每季度一次",
    "on_demand": "不定期，对方发起就扣",
}
PAYEES = {"creditor": "银行或放款机构", "payment_company": "支付公司"}
REVOCATIONS = {
    "sent": "正在送达",
    "with_bank": "已送达，等答复",
    "confirmed": "已确认",
    "refused": "没有接受",
}
REVOCATION_REFUSALS = {
    "not_ours": "不是本机构的授权",
    "already_ended": "授权此前已经终止",
    "required_by_contract": "合同约定不能单独撤回",
    "court_order": "按法院的要求扣款",
}
CREDIT_NOTES = {"settled": "已结清，信用报告没有更新", "wrong_entry": "信用报告与事实不符"}
COLLECTION_CHANNELS = {
    "phone": "电话",
    "sms": "短信",
    "visit": "上门",
    "letter": "信函",
    "email": "电子邮件",
    "app": "手机应用",
    "other": "其他",
}
COMPLAINT_CHANNELS = {
    "phone": "电话",
    "email": "电子邮件",
    "online": "网上或手机应用",
    "letter": "信函",
    "branch": "网点",
}
CONTACT_CHANNELS = {"phone": "电话", "sms": "短信", "email": "电子邮件", "app": "手机应用"}
STAFF_ROLES = {
    "reviewer": "经办",
    "supervisor": "复核主管",
    "auditor": "审计",
    "bank_admin": "本行管理员",
    "operator": "平台运营",
}
APPOINTMENT_KINDS = {"branch": "网点", "home": "上门", "video": "视频"}
APPOINTMENT_PURPOSES = {
    "file": "填写申请",
    "identity": "核对身份",
    "papers": "交材料",
    "sign": "签署协议",
    "other": "其他",
}
APPOINTMENTS = {
    "requested": "等银行确认",
    "confirmed": "已确认",
    "reminded": "已确认",
    "begun": "办理中",
    "done": "已办完",
    "cancelled": "已取消",
    "moved": "银行改了时间",
    "missed_by_person": "客户没有到",
    "missed_by_bank": "银行没有到",
}
OWN_APPOINTMENTS = {**APPOINTMENTS, "missed_by_person": "这次没有见到"}
VISIT_TROUBLES = {
    "nobody_came": "没有人来",
    "came_alone": "只来了一个人",
    "other_people": "来的不是写明的人",
    "asked_for_money": "要求付钱",
    "pressed": "催促或施压",
    "other": "其他",
}
IDENTITY_FOUND = {"matched": "一致", "failed": "没有核对上"}
PAPER_HANDLINGS = {"shown": "看过并退还", "taken": "收取了复印件"}
