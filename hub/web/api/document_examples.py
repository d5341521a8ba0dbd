"""Examples of the OpenAPI document: a whole one for each body that is sent, by the name of its schema."""

from collections.abc import Mapping
from typing import Any

_GIVEN_AT = "2026-11-21T10:00:00+08:00"
_ACCOUNT = {
    "bank_code": "01020000",
    "card_number": "6222100000000007",
    "currency": "CNY",
    "principal_fen": 1850000,
    "interest_fen": 46200,
    "fees_fen": 0,
    "penalty_fen": 12000,
    "overdue_since": "2026-08-12",
}
_LOAN = {
    "creditor_code": "01020000",
    "contract_last4": "80A6",
    "product": "消费贷款",
    "platform_name": "某购物 App",
    "principal_fen": 820000,
    "interest_fen": 13100,
    "fees_fen": 0,
    "penalty_fen": 2400,
    "annual_rate_percent": "14.60",
}
_FINANCES = {
    "monthly_income_fen": 620000,
    "monthly_essential_spending_fen": 410000,
    "other_debt_payments_fen": 90000,
    "dependants": 2,
}
_PAYSLIP = {"id": "01a2012f11a273bea315590b0c26aa33", "kind": "payslip"}
_MEDICAL_BILL = {"id": "01a2012f11b17002a1f5c0ce3c5e1d77", "kind": "medical_bill"}
_TERMS = {
    "kind": "instalments",
    "principal_fen": 1850000,
    "waived": {"interest_fen": 46200, "penalty_fen": 12000, "fees_fen": 0, "principal_fen": 0},
    "first_due_on": "2026-12-20",
    "instalments": 36,
    "annual_rate_percent": "3.60",
    "method": "equal_instalment",
}


_DEAL = {
    "kind": "merchant",
    "principal_fen": 1_200_000,
    "terms": 12,
    "paid_terms": 5,
    "fee_mode": "per_term",
    "fee_fen": 7_200,
    "first_posted_on": "2026-07-10",
}


def _consent(purpose: str, **beside: str) -> dict[str, str]:
    return {"purpose": purpose, **beside, "version": "2026-11", "given_at": _GIVEN_AT}


EXAMPLES: Mapping[str, Any] = {
    "InstalmentRequest": {
        "subject": "host-app-user-1",
        "mobile": "13800000000",
        "bank_code": "01020000",
        "card_last4": "0007",
        "deal_no": "FQ20260601",
        "deal": _DEAL,
        "kind": "settle_early",
        "wanted_on": "2026-11-28",
    },
    "InstalmentQuote": {
        "as_of": "2026-11-28",
        "valid_until": "2026-12-03",
        "pay_by": "2026-12-05",
        "remaining_principal_fen": 700_000,
        "interest_to_date_fen": 4_498,
        "pay_fen": 704_498,
    },
    "RefundProof": {"subject": "host-app-user-1", "evidence": ["01a2012f11a273bea315590b0c26aa66"]},
    "InstalmentRefusal": {"reason_code": "merchant_not_refunded", "text": "商户的退款到账后可以再申请。"},
    "InstalmentPosting": {"paid_on": "2026-12-04"},
    "Subject": {"subject": "host-app-user-1"},
    "SubjectWords": {"subject": "host-app-user-1", "text": "不用了"},
    "SubjectAcceptance": {"subject": "host-app-user-1", "confirmation_code": "123456"},
    "InstalmentEstimate": {
        "bank_code": "01020000",
        "deal": _DEAL,
        "kind": "settle_early",
        "wanted_on": "2026-11-28",
    },
    "BillReminder": {
        "subject": "host-app-user-1",
        "bill_id": "december",
        "days_before": [3, 0],
        "channel": "mail",
        "email": "xm@example.com",
    },
    "BillConsent": {
        "subject": "host-app-user-1",
        "version": "2026-11",
        "card_last4": "0007",
        "mobile": "13900001234",
    },
    "BillFeed": {
        "items": [
            {
                "token": "Q0mG4x6r2cYx4mS0c9qk1l3bT8nVwZpA",
                "card_last4": "0007",
                "statement_on": "2026-12-05",
                "due_on": "2026-12-25",
                "statement_fen": 120_000,
                "minimum_fen": 12_000,
                "paid_fen": 0,
                "is_overdue": False,
                "as_of": "2026-12-06T06:00:00+08:00",
            }
        ],
    },
    "Bill": {
        "subject": "host-app-user-1",
        "bank_code": "01020000",
        "card_last4": "0007",
        "statement_on": "2026-12-05",
        "due_on": "2026-12-25",
        "statement_fen": 120_000,
        "minimum_fen": 12_000,
    },
    "Referral": {
        "subject": "host-app-user-1",
        "partner": "anxin",
        "consent": {
            "version": "2026-11",
            "given_at": _GIVEN_AT,
            "name": "王小明",
            "mobile": "13800138000",
            "email": "xm@example.com",
        },
    },
    "Mandate": {
        "subject": "host-app-user-1",
        "payee_kind": "creditor",
        "payee_code": "Q7K2M9XA",
        "account_bank": "01020000",
        "account_last4": "4401",
        "is_own_account": True,
        "use": "还网贷",
        "cap_fen": 500_000,
        "frequency": "monthly",
        "valid_from": "2026-01-01",
        "valid_to": "2027-12-31",
        "next_on": "2026-12-08",
        "source_doc": "借款合同第八条",
        "mobile": "13800138000",
        "email": "xm@example.com",
    },
    "Revocation": {"subject": "host-app-user-1", "holder_name": "王小明", "confirmation_code": "483920"},
    "RevocationRefusal": {"reason_code": "required_by_contract", "text": "合同第八条：结清之前由该账户按月扣款。"},
    "Deduction": {
        "subject": "host-app-user-1",
        "creditor_code": "Q7K2M9XA",
        "at": "2026-11-28T09:30:00+08:00",
        "amount_fen": 80_000,
        "account_last4": "4401",
        "text": "比当期应还多扣了。",
    },
    "Application": {
        "channel": "app",
        "applicant": {
            "subject": "host-app-user-1",
            "name": "王小明",
            "id_type": "resident_id",
            "id_number": "11010519491231002X",
            "mobile": "13800138000",
            "email": "xm@example.com",
        },
        "accounts": [_ACCOUNT],
        "loans": [_LOAN],
        "hardship": {"reasons": ["illness"], "since": "2026-06-01", "description": "住院后收入减少，想分期归还。"},
        "finances": _FINANCES,
        "proposal": {
            "kind": "instalments",
            "instalments": 36,
            "monthly_payment_fen": 53000,
            "first_due_on": "2026-12-20",
            "down_payment_fen": 0,
            "waive_interest": True,
            "note": "",
        },
        "evidence": [_PAYSLIP, _MEDICAL_BILL],
        "consents": [
            _consent("share_with_bank", bank_code="01020000"),
            _consent("sensitive_data"),
            _consent("medical_data"),
            _consent("truthful"),
        ],
    },
    "Correction": {"accounts": [_ACCOUNT], "finances": _FINANCES, "evidence": [_PAYSLIP]},
    "Message": {
        "text": "补充了工资单和医疗费用单据。",
        "evidence": [_PAYSLIP, _MEDICAL_BILL],
        "answers": True,
        "consents": [_consent("medical_data")],
    },
    "Words": {"text": "已经找到工作，先不协商了。"},
    "OpenWords": {"text": "自 12 月 1 日起不再扣款。"},
    "RequiredWords": {"text": "请保持电话畅通。"},
    "RequiredOpenWords": {"text": "已核实，多扣的部分已经退回。"},
    "Nothing": {},
    "ShortCounterOffer": {
        "terms": {"kind": "instalments", "monthly_payment_fen": 53000, "instalments": 36, "first_due_on": "2026-12-20"}
    },
    "Acceptance": {"confirmation_code": "483920"},
    "Terms": _TERMS,
    "Calculation": {
        "debt_fen": 1000000,
        "monthly_fen": 50000,
        "card": {
            "minimum_percent": "10.00",
            "floor_fen": 10000,
            "daily_rate_percent": "0.05",
            "late_fee_percent": "5.00",
        },
        "deal": {"instalments": 12, "annual_rate_percent": "13.00", "term_fee_percent": "0.60"},
        "plan": {"instalments": 60, "annual_rate_percent": "3.60"},
    },
    "Affordability": {
        "finances": _FINANCES,
        "accounts": [{"bank_code": "01020000", "principal_fen": 1850000, "interest_fen": 46200}],
    },
    "Launch": {
        "subject": "host-app-user-1",
        "name": "王小明",
        "mobile": "13800138000",
        "id_type": "resident_id",
        "id_number": "11010519491231002X",
        "cards": [
            {
                "bank_code": "01020000",
                "card_number": "6222100000000007",
                "principal_fen": 1850000,
                "interest_fen": 46200,
                "overdue_since": "2026-08-12",
            }
        ],
    },
    "EvidenceRequest": {"kinds": ["bank_statement"], "text": "请补充最近三个月的银行流水。"},
    "DecisionDeferral": {"decision_by": "2026-12-05", "text": "申请已登记，正在核对您的账户。"},
    "Rejection": {"reason_code": "can_afford", "text": "按您填写的收支，目前可以按原约定还款。"},
    "BankOffer": {
        "terms": _TERMS,
        "balances": [
            {
                "card_last4": "0007",
                "currency": "CNY",
                "principal_fen": 1850000,
                "interest_fen": 46200,
                "fees_fen": 0,
                "penalty_fen": 12000,
                "as_of": "2026-11-21",
            }
        ],
    },
    "ProposedAccount": {
        "card_first6": "622210",
        "card_last4": "8003",
        "principal_fen": 420000,
        "interest_fen": 8600,
        "fees_fen": 0,
        "penalty_fen": 0,
        "text": "您在我行还有这张卡，可以一起协商。",
    },
    "Payment": {"number": 1, "paid_on": "2026-12-20", "amount_fen": 54291},
    "MissedPayment": {"number": 2},
    "MissedWithdrawal": {"number": 2, "text": "款项已到账，是我们记错了。"},
    "EarlySettlement": {"settle_on": "2026-12-18", "text": ""},
    "SettlementQuote": {
        "principal_fen": 1_850_000,
        "interest_fen": 3_467,
        "fee_fen": 0,
        "valid_until": "2026-12-17T18:00:00+08:00",
    },
    "Place": {"kind": "branch", "name": "西单支行", "address": "西城区西单北大街 1 号", "step_free": True},
    "Slots": {
        "place_id": "01a2012f11a273bea315590b0c26aa44",
        "slots": [{"from": "2026-12-01T10:00:00+08:00", "to": "2026-12-01T11:00:00+08:00", "capacity": 2}],
    },
    "Visitor": {"name": "王小明"},
    "Booking": {
        "subject": "host-app-user-1",
        "bank_code": "01020000",
        "slot_id": "01a2012f11a273bea315590b0c26aa55",
        "kind": "branch",
        "purpose": "papers",
        "called": "王女士",
    },
    "OfPerson": {"subject": "host-app-user-1"},
    "Trouble": {"subject": "host-app-user-1", "trouble": "came_alone", "text": "只来了一位。"},
    "VisitStaff": {"staff": ["A1001", "A1002"]},
    "AppointmentMove": {"slot_id": "01a2012f11a273bea315590b0c26aa55", "staff": ["A1001", "A1002"], "text": ""},
    "VisitBeginning": {"pass_code": "204815"},
    "VisitMissed": {"by": "person"},
    "VisitReport": {
        "identity": "matched",
        "papers": [{"name": "工资单", "handling": "taken", "sha256": "a" * 64}],
        "note": "",
    },
    "PayDay": {"day": 5, "text": "工资每月 3 日到账。"},
    "HoldApplied": {"by": "本行", "at": _GIVEN_AT},
    "Clearance": {"text": ""},
    "CollectionReport": {
        "at": _GIVEN_AT,
        "channel": "phone",
        "caller": "自称外包机构",
        "text": "协议生效后仍打电话催收。",
    },
    "Complaint": {"sent_on": "2026-11-21", "channel": "phone", "text": "投诉编号 A1"},
    "Identity": {"matches": True, "text": ""},
    "Withdrawal": {"purpose": "medical_data"},
    "CreditNote": {"kind": "settled", "text": "欠款已全部结清，信用报告还没有更新，请核对。"},
    "ClaimTransfer": {
        "name": "某某资产管理有限公司",
        "contact": "4000000000",
        "transferred_on": "2026-11-20",
        "text": "",
    },
    "LegalStage": {
        "legal_stage": "sued",
        "court": "北京市朝阳区人民法院",
        "case_number": "（2026）京0105民初1234号",
    },
    "CaseOwner": {"email": "clerk@bank.example"},
    "EvidenceCheck": {"verdict": "doubtful", "text": "第二页的日期看不清。"},
    "EvidencedFigure": {"line": "income.wage", "amount_fen": 512300, "note": "三个月平均"},
    "DoubtAnswer": {"answer": "no_concern"},
    "FigureTakeBack": {"line": "income.wage"},
    "AgreementEnd": {"reason": "settled", "text": ""},
}

FORMS: Mapping[str, Any] = {
    "upload_evidence": {"file": "payslip.pdf", "kind": "payslip", "subject": "host-app-user-1"},
    "issue_clearance": {"file": "clearance.pdf", "text": ""},
    "record_call": {"at": _GIVEN_AT, "text": "客服说三天内回电。"},
    "record_bank_call": {"at": _GIVEN_AT, "direction": "out", "text": "已电话说明方案。", "recording_reference": "R-1"},
}
"""Of bodies that are forms, by the name of the call; a file stands for its bytes."""
