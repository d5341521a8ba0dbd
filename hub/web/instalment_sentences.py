"""What each fault code of instalment deals says to a person, in Chinese; English is in the message catalogue."""

from collections.abc import Mapping

from hub.web.catalogue import marked

INSTALMENT_FAULTS: Mapping[str, str] = {
    "instalment_too_small": marked("分得太细，有的一期会是 0.00 元，请减少期数。"),
    "all_terms_paid": marked("各期都已经还完，不用再申请。"),
    "not_for_this_fee_mode": marked("这种收费方式没有这一项，请删去或改正。"),
    "fee_not_below_principal": marked("手续费合计不能达到本金，请核对。"),
    "refund_of_merchant_deal": marked("退货只适用于商户分期。"),
    "not_cancellable_after_posting": marked("首期已经入账，不能再取消，可以申请提前结清。"),
    "not_for_this_cancellation": marked("这种申请没有这一项，请删去或改正。"),
    "deal_or_deal_id": marked("请填写这笔分期，或者只写以前那次申请的编号，不要两样都写。"),
    "quote_sum": marked("各项加起来是 %(sum_yuan)s 元，与合计不一致，请核对。"),
    "quote_basis": marked("与平台的估算（%(own_yuan)s 元）相差超过 1.00 元，请写明是怎样计算的。"),
    "overdue": marked("有一期过了还款日还没有还。请改为申请和银行协商还款。"),
}
"""The sentence of every fault: what is wrong, and what to do."""
