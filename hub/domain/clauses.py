"""The clauses beside the six parts of Article 70 that a bank's agreements always have, and which text they are.

A bank may set each; until it does, the standard text of the edition holds. An offer keeps them as they were when it
was made, with their version, and its digest covers them. The statutes stand in the comments: a printed article number
would have to be confirmed first, and the banks change the texts. Clauses are in Chinese.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from cattrs import override

from hub.domain.loan_wording import TITLES_ZH
from hub.domain.plain import canonical

# The standard texts of this module and of `agreement_clauses`. Whoever changes a word of them names a new edition.
EDITION = "2026-11"

# How many working days after it was asked for a certificate of settlement is given, at most.
CERTIFICATE_WORKING_DAYS = 7

# 征信业管理条例 (2013) 15, 16, 25. An agreement deletes no entry, and promises none.
CREDIT_REPORTING_ZH = (
    "发卡银行按照国家征信管理规定，如实向金融信用信息基础数据库报送协议所列账户的信息，"
    "包括本协议的还款安排和实际还款情况；报送不良信息之前，依法事先告知持卡人。"
    "签署和履行本协议，不会删除或者改变此前已经形成的逾期记录；不良信息自不良行为终止之日起保存五年。"
    "持卡人认为信息有错误或者遗漏的，可以依法提出异议，也可以对不良信息作出说明。"
)
# Civil Code 137 and 电子签名法 11: a message has arrived once it enters the system that the receiver named.
NOTICES_ZH = (
    "通知和其他文书可以采用电子形式。发卡银行的通知发送到持卡人在平台的页面、签署时使用的手机号码，"
    "或者持卡人留下的电子邮箱、通信地址；持卡人的通知可以在平台提交，也可以送交发卡银行的办公地址或者营业网点。"
    "电子形式的通知，进入对方上述系统时视为送达；邮寄的，签收之日为送达之日。"
    "任何一方变更上述信息的，应当及时告知对方；告知之前，按照原信息发送的通知仍为有效。"
)
# Civil Procedure Law; the hotline 12378 of the National Financial Regulatory Administration.
DISPUTES_ZH = (
    "双方因本协议发生争议的，先行协商；持卡人也可以向发卡银行投诉，或者拨打 12378 向金融监管部门反映、申请调解。"
    "协商、调解不成的，任何一方可以依法向有管辖权的人民法院提起诉讼。争议期间，与争议无关的部分继续履行。"
)
CARD_STATE_ZH = (
    "欠款结清之前，发卡银行可以停止协议所列信用卡及其附属卡的消费、取现和转账，不影响向该卡存入还款。"
    "附属卡产生的欠款由主卡持卡人归还。年费按照本协议第三部分的约定。"
    "欠款结清后能否继续用卡，由发卡银行按照规定审核决定。"
)
# Civil Code 543: the parties may change their contract by agreement.
CARD_CONTRACT_ZH = (
    "本协议是对原信用卡领用合约的变更和补充。两者不一致的，以本协议为准；本协议没有约定的，适用原信用卡领用合约。"
)
# 电子签名法 3 and 14; Civil Code 491.
EFFECT_ZH = (
    "本协议自持卡人以确认码完成签署时生效，至约定的款项全部结清，或者本协议终止、失效时止。"
    "减免等另有生效条件的内容，自条件成就时生效。"
)
# Civil Code 546 to 548.
TRANSFER_ZH = (
    "发卡银行转让本协议项下债权的，应当通知持卡人；没有通知的，转让对持卡人不发生效力，"
    "持卡人在收到通知之前向发卡银行的还款有效。本协议对受让人继续有效，还款计划、减免和停止催收的约定不变；"
    "持卡人对发卡银行的抗辩，可以向受让人主张。"
)
CERTIFICATE_ZH = (
    f"协议所列欠款全部结清后，发卡银行自持卡人提出要求之日起 {CERTIFICATE_WORKING_DAYS} 个工作日内"
    "出具结清证明，不收取费用。"
)
# Civil Code 203 and 204: a last day that is a holiday moves on, unless the parties agree otherwise. The schedule has
# fixed days, by which waivers come into effect, so they do agree; money that was paid in time is never late for it.
NON_WORKING_DAY_ZH = (
    "还款日不是工作日的，仍在当日还款，不作顺延。持卡人在还款日当天 24:00 之前付款成功、因休假日或者系统原因"
    "在其后入账的，以付款成功的时间为到账时间，视为按时还款。"
)
EARLY_REPAYMENT_ZH = "持卡人可以在平台或者发卡银行的渠道提出提前还款，由发卡银行告知截至还款当日的应还金额及其构成。"
_NO_EARLY_FEE_ZH = "提前还款不另行收取违约金、手续费或者其他费用。"
_EARLY_FEE_ZH = "发卡银行收取提前还款费用的，应当在告知应还金额时单独列明，经持卡人确认后收取；没有列明的，不得收取。"
# The word of Article 70 (3).
FEE_NAME_ZH = "其他费用"

# What each clause is called, in the order in which an agreement has them.
CLAUSE_TITLES: Mapping[str, str] = {
    "credit_reporting_clause": "征信信息报送",
    "notices_clause": "通知与送达",
    "non_working_day_clause": "还款日不是工作日",
    "early_repayment_clause": "提前还款",
    "card_state_clause": "卡片和附属卡的状态",
    "certificate_clause": "结清证明",
    "transfer_clause": "债权转让",
    "card_contract_clause": "与领用合约的关系",
    "disputes_clause": "争议解决",
    "effect_clause": "协议的生效",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """A bank's clauses, where it is found, and the version of its wording, the six parts' own texts among it.

    Another word is another `version`. `rights_and_duties` and `signature` are the edition's, which no bank sets.
    `office_address` and `office_phone` may be empty, and are no wording.
    """

    version: str
    rights_and_duties: str
    signature: str
    credit_reporting_clause: str
    notices_clause: str
    non_working_day_clause: str
    early_repayment_clause: str
    card_state_clause: str
    certificate_clause: str
    transfer_clause: str
    card_contract_clause: str
    disputes_clause: str
    effect_clause: str
    early_repayment_fee: bool
    fee_name: str
    office_address: str
    office_phone: str
    # Left out where it is of cards, so that what was signed before loans were taken keeps its digest.
    for_loans: Annotated[bool, override(omit_if_default=True)] = False

    @property
    def titled(self) -> tuple[tuple[str, str], ...]:
        """Title and text of each clause, in the order of an agreement."""
        titles = {**CLAUSE_TITLES, **TITLES_ZH} if self.for_loans else CLAUSE_TITLES
        return tuple((title, getattr(self, name)) for name, title in titles.items())


def early_repayment_zh(clause: str, *, fee: bool) -> str:
    """The clause with the sentence on the fee, which is never the bank's own."""
    return clause + (_EARLY_FEE_ZH if fee else _NO_EARLY_FEE_ZH)


def version_of(words: Mapping[str, str | bool], standard: Mapping[str, str | bool]) -> str:
    """The edition where `words` are its standard ones; beside it eight digits of their SHA-256 where they are not."""
    if words == standard:
        return EDITION
    return f"{EDITION}+{hashlib.sha256(canonical(dict(words))).hexdigest()[:8]}"
