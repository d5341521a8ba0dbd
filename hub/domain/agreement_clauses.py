"""The clauses that every agreement has, in Chinese, and the texts of a bank that has set none of its own."""

# Article 70 (4), close to its own words.
PROMISE_ZH = "持卡人承诺：在本协议约定的欠款全部结清之前，不向任何银行申领信用卡。"


# Article 70 (5) and its third paragraph; Civil Code 561 for the order of a payment that does not suffice;
# 银保监规〔2022〕13号 for early repayment; Civil Code 543 for what a newer agreement does to one in force.
RIGHTS_AND_DUTIES_ZH = (
    "一、持卡人应当按照本协议约定的日期和金额还款；联系方式变更的，应当及时告知发卡银行。\n"
    "二、本协议签署后，发卡银行及其委托的机构停止对协议所列欠款的催收，只可以提醒还款；"
    "持卡人不履行本协议，本协议因此终止或者失效的除外。\n"
    "三、发卡银行收到还款后应当及时入账。某一期还款不足的，除双方另有约定外，"
    "依次抵充实现债权的有关费用、利息、本金。\n"
    "四、持卡人可以提前归还部分或者全部欠款；提前归还的，利息按照实际占用的资金和时间计算。\n"
    "五、协议所列欠款全部结清后，发卡银行应当应持卡人要求出具结清证明。\n"
    "六、还款遇到新的困难时，持卡人可以在还款日之前联系发卡银行，双方重新协商；"
    "未经双方书面一致，任何一方不得单方变更本协议。\n"
    "七、双方此前就上述任何一张信用卡签署、仍在履行的还款协议及其补充协议，自本协议生效时起由本协议替代；"
    "已经归还的款项继续有效。"
)


# Where a clause holds this mark, the bank's number of missed payments is written.
VOID_AFTER_MISSED_MARK = "{void_after_missed}"


DEFAULT_CLAUSE_ZH = (
    "一、持卡人未按期足额还款的，构成违约，应当尽快补足。到期未还且尚未补足的还款累计达到"
    f" {VOID_AFTER_MISSED_MARK} 期的，发卡银行可以终止本协议，终止前应当以书面形式通知持卡人并说明理由。\n"
    "二、本协议终止后，持卡人应当归还剩余欠款；已经归还的款项继续有效，不因协议终止而重新计算。\n"
    "三、本协议约定停止计收的利息和费用，不因一次逾期自行恢复。协议终止后需要恢复计收的，"
    "发卡银行应当在通知中写明起算日期、利率和计算方法，自协议终止之日起按照原信用卡领用合约计收，"
    "不向前追溯。\n"
    "四、已经减免的息费和本金，除双方在签署前另有明确约定外，不再恢复。\n"
    "五、发卡银行未按本协议停止催收、入账或者减免的，应当立即改正；给持卡人造成损失的，依法承担违约责任。"
)

# The same where one payment is the whole plan: the bank has nothing to end, and what was waived hangs on that payment.
DEFAULT_CLAUSE_AT_ONCE_ZH = (
    "一、持卡人没有在约定的还款日足额还款的，构成违约，本协议自次日起失效；约定了减免的，减免不生效；"
    "已经归还的款项继续有效。\n"
    "二、本协议失效后，发卡银行应当告知持卡人未还欠款的金额；未还的欠款按照原信用卡领用合约处理。\n"
    "三、本协议约定停止计收的利息和费用，自失效之日起按照原信用卡领用合约恢复计收，不向前追溯。\n"
    "四、发卡银行未按本协议停止催收、入账或者减免的，应当立即改正；给持卡人造成损失的，依法承担违约责任。"
)


PAYMENT_INSTRUCTIONS_ZH = (
    "请在还款日当天 24:00 之前，把当期应还金额存入或者转入协议所列信用卡账户，"
    "可以使用发卡银行的手机银行、网上银行、营业网点，或者其他银行的转账服务。"
    "请只向本人名下的协议所列信用卡账户还款，不要向个人账户或者陌生账户转账。"
    "除本协议列明的费用以外，没有任何机构可以向您收取手续费。如有疑问，请拨打信用卡背面的客服电话核实。"
)


# 《电子签名法》 (2019), articles 3, 13 and 14: the parties may agree on what makes a signature reliable.
SIGNATURE_ZH = (
    "双方同意以电子方式签署本协议：持卡人输入发送至其本人手机的一次性确认码，即为持卡人的签名；"
    "发卡银行在平台发出方案并记入沟通记录，即为发卡银行的签名。"
    "协议文本以 SHA-256 摘要固定，任何改动都能被发现。"
    "双方约定上述确认码和摘要为可靠的电子签名条件，与手写签名或者盖章具有同等的法律效力。"
)


# The rounding that `repayment` does, so that the bank's system comes to the same fen.
ROUNDING_ZH = "利息和等额本息的每期金额四舍五入到分；等分的本金和费用舍去不足一分的部分；尾差计入最后一期。"
