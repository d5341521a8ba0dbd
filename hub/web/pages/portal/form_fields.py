"""What the fields of each form of the portal are called when something is wrong with them, by the form's template."""

from collections.abc import Mapping
from typing import Final

from hub.web.catalogue import marked
from hub.web.pages.field_names import NAMES, FormFields

_WORDS = {"text": marked("要写给客户的话")}
_TERMS = {
    "terms.principal_fen": NAMES["terms.principal_fen"],
    "terms.waived.interest_fen": marked("减免利息"),
    "terms.waived.penalty_fen": marked("减免违约金"),
    "terms.waived.fees_fen": marked("减免费用"),
    "terms.waived.principal_fen": marked("减免本金"),
    "terms.instalments": marked("期数"),
    "terms.months": NAMES["terms.months"],
    "terms.annual_rate_percent": NAMES["terms.annual_rate_percent"],
    "terms.minimum_percent": marked("最低还款比例"),
    "terms.first_due_on": NAMES["terms.first_due_on"],
    "terms.down_payment_fen": NAMES["terms.down_payment_fen"],
    "terms.fee_fen": marked("手续费"),
    "terms.method": marked("还款方式"),
    "terms.note": marked("给客户的说明"),
}
_OFFER_CHECKS = {"reason_over_80": marked("超过 80% 的理由"), "rate_meant": marked("对高利率的再次确认")}
_ROW = FormFields({"number": marked("哪一期"), **_WORDS}, chosen=frozenset({"number"}))
_REASON = FormFields({"reason": marked("原因"), **_WORDS}, chosen=frozenset({"reason"}))
_FIGURE = {
    "line": marked("哪一项"),
    "amount_fen": marked("材料显示的金额"),
    "evidence_id": marked("依据哪份材料"),
    "note": marked("怎么得出的"),
}

OF_TEMPLATE: Final[Mapping[str, FormFields]] = {
    "portal/negotiation.html": FormFields(
        {
            **_TERMS,
            "valid_until": marked("方案有效至"),
            **_OFFER_CHECKS,
            "balances.principal_fen": marked("本行余额的本金"),
            "balances.interest_fen": marked("本行余额的利息"),
            "balances.fees_fen": marked("本行余额的费用"),
            "balances.penalty_fen": marked("本行余额的违约金"),
            "balances.as_of": marked("本行余额的截至日期"),
            "balances.components": marked("已办理分期的部分"),
            "balances.components.principal_fen": marked("分期的本金"),
            "balances.components.remaining_terms": marked("剩余期数"),
        },
        chosen=frozenset({"terms.method"}),
        ticked=frozenset({"rate_meant"}),
    ),
    "portal/offer-review.html": FormFields({"note": marked("复核意见"), "text": marked("要写给编制人的话")}),
    "portal/request-evidence.html": FormFields({"kinds": NAMES["kinds"], **_WORDS}, chosen=frozenset({"kinds"})),
    "portal/defer-decision.html": FormFields({"decision_by": marked("预计决定日期"), **_WORDS}),
    "portal/reject.html": FormFields(
        {"reason_code": marked("原因"), **_WORDS},
        chosen=frozenset({"reason_code"}),
    ),
    "portal/message.html": FormFields(_WORDS),
    "portal/evidence.html": FormFields(
        {**_FIGURE, "verdict": marked("核对结果"), "text": marked("存疑的原因")}, chosen=frozenset({"line"})
    ),
    "portal/figures.html": FormFields(_FIGURE, chosen=frozenset({"line", "evidence_id"})),
    "portal/original.html": FormFields({"why": marked("为什么需要原件")}),
    "portal/note.html": FormFields({"text": marked("写给同事的话")}),
    "portal/call.html": FormFields(
        {
            "direction": marked("谁打的"),
            "at": marked("通话时间"),
            "outcome": marked("结果"),
            "text": marked("通话内容和结果"),
            "recording_reference": marked("录音编号"),
            "recording": marked("录音文件"),
            "told": marked("已告知客户通话录音"),
            **_TERMS,
            **_OFFER_CHECKS,
        },
        chosen=frozenset({"direction", "outcome", "terms.method"}),
        ticked=frozenset({"told", "rate_meant"}),
    ),
    "portal/reveal.html": FormFields(
        {"field": marked("要看什么"), "reason": marked("原因"), "text": marked("补充说明")},
        chosen=frozenset({"field", "reason"}),
    ),
    "portal/file-passwords.html": _REASON,
    "portal/identity.html": FormFields(
        {"matches": marked("比对结果"), "text": marked("说明")},
        chosen=frozenset({"matches"}),
    ),
    "portal/claim-transfer.html": FormFields(
        {
            "name": marked("受让人的名称"),
            "contact": marked("受让人的联系方式"),
            "transferred_on": marked("转让日期"),
            **_WORDS,
        }
    ),
    "portal/legal-stage.html": FormFields(
        {"legal_stage": marked("诉讼情况"), "court": marked("法院"), "case_number": marked("案号")},
        chosen=frozenset({"legal_stage"}),
    ),
    "portal/payment.html": FormFields(
        {"number": marked("第几期"), "paid_on": marked("入账日期"), "amount_fen": marked("入账金额")}
    ),
    "portal/settlement-quote.html": FormFields(
        {
            "principal_fen": marked("本金"),
            "interest_fen": marked("截至结清日的利息"),
            "fee_fen": marked("协议约定的费用"),
            "valid_until": marked("报价有效至"),
        }
    ),
    "portal/pay-day.html": FormFields({"day": marked("每月几号还"), **_WORDS}),
    "portal/amendment-refuse.html": FormFields(_WORDS),
    "portal/missed.html": _ROW,
    "portal/missed-withdraw.html": _ROW,
    "portal/end.html": _REASON,
    "portal/account.html": FormFields(
        {
            "card_first6": marked("卡号前 6 位"),
            "card_last4": marked("卡号最后 4 位"),
            "principal_fen": marked("本金"),
            "interest_fen": marked("利息"),
            "fees_fen": marked("费用"),
            "penalty_fen": marked("违约金"),
            **_WORDS,
        }
    ),
    "portal/hold-applied.html": FormFields({"by": marked("谁停止了催收"), "at": marked("停止催收的时间")}),
    "portal/clearance.html": FormFields(
        {"way": marked("怎样出具"), "file": marked("本行的证明"), "text": marked("说明")},
        chosen=frozenset({"way", "file"}),
    ),
    "portal/credit-note.html": FormFields(_WORDS),
    "portal/collection-report.html": FormFields(_WORDS),
}
"""In the order of the page; what is picked and not typed is said so."""
