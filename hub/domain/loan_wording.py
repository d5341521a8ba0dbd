"""What agreements over loans say where those over credit cards speak of cards: one table of words, and own clauses.

Article 70, its promise and its five years are for credit cards alone. A loan is changed by Civil Code 543, so no word
of the card's law stands in its papers; texts of a lender that speak of cards are never put into them.
Clauses are in Chinese.
"""

import re
from collections.abc import Mapping
from typing import Final

from hub.domain.creditor import Regulator

# In this order: what is longer first. A bank's 信用卡中心 is the name of a house, and stays.
_WORDS: Final = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"发卡银行", "贷款人"),
        (r"持卡人", "借款人"),
        (r"原?信用卡领用合约|原?领用合约", "原借款合同"),
        (r"上述任何一张信用卡", "上述任何一笔贷款"),
        (r"上述信用卡欠款", "上述贷款欠款"),
        (r"该卡(?=的?年利率)", "该笔贷款"),
        (r"该卡", "该账户"),
        (r"个性化分期", "分期"),
        (r"分期还款还款", "分期还款"),
        (r"延期还款", "展期"),
        (r"延期", "展期"),
        (r"信用卡(?!中心)", "贷款"),
    )
)
_OF_CARDS = re.compile(r"第七十条|信用卡(?!中心)|持卡人|发卡|领用合约|申领|附属卡")
CARD_LAW_ZH: Final = ("第七十条", "申领信用卡")
"""What no paper over a loan ever says."""

_GUARANTORS_ZH = (
    "\n八、原借款有保证人或者其他担保人的，贷款人应当把本协议的内容告知担保人。未经担保人书面同意，本协议减轻债务的，"
    "担保人对变更后的债务承担责任；加重债务的，担保人对加重的部分不承担责任。"
)
_OWN_SHARE_ZH = (
    "\n九、原借款合同由几家贷款人共同出借的，上述欠款和本协议只是贷款人自己的份额；其他贷款人的份额不因本协议变更，"
    "仍然按照原借款合同履行。"
)
PAYMENT_INSTRUCTIONS_ZH: Final = (
    "请在还款日当天 24:00 之前，按照原借款合同约定的方式把当期应还金额存入约定的还款账户，或者转入贷款人名下的账户。"
    "收款账户请在贷款人的官方渠道核对，不要向个人账户或者陌生账户转账。"
    "除本协议列明的费用以外，没有任何机构可以向您收取手续费。如有疑问，请拨打贷款人的客服电话核实。"
)
_CREDIT_LINE_ZH = (
    "欠款结清之前，贷款人可以停止原借款合同项下尚未使用的额度。本协议不是新发放的贷款，也不增加额度。"
    "欠款结清后能否再次借款，由贷款人按照规定审核决定。"
)
_REPORTED_ANEW_ZH = "还款日变更的，贷款人按照变更后的约定报送。"
_COMPLAINTS_ZH: Final[Mapping[Regulator, str]] = {
    Regulator.NFRA: "拨打 12378 向金融监管部门反映",
    Regulator.LOCAL: "向当地地方金融管理局反映",
}
TITLES_ZH: Final[Mapping[str, str]] = {"card_state_clause": "贷款额度", "card_contract_clause": "与原借款合同的关系"}
"""What clauses are called in an agreement over loans, where it is something else."""


def for_loan(text: str) -> str:
    """`text` of an agreement over cards, in the words of one over loans."""
    for pattern, said in _WORDS:
        text = pattern.sub(said, text)
    return text


def speaks_of_cards(text: str) -> bool:
    """Whether `text` was written for agreements over credit cards."""
    return _OF_CARDS.search(text) is not None


def standard_zh(name: str, text: str, regulator: Regulator) -> str:
    """The standard text of that name for loans; `text` is that for cards."""
    match name:
        case "payment_instructions":
            return PAYMENT_INSTRUCTIONS_ZH
        case "card_state_clause":
            return _CREDIT_LINE_ZH
        case "rights_and_duties":
            return for_loan(text) + _GUARANTORS_ZH + _OWN_SHARE_ZH
        case "credit_reporting_clause":
            return for_loan(text) + _REPORTED_ANEW_ZH
        case "disputes_clause":
            return for_loan(text).replace(_COMPLAINTS_ZH[Regulator.NFRA], _COMPLAINTS_ZH[regulator])
    return for_loan(text)


def worded(name: str, own: str, standard: str, regulator: Regulator) -> str:
    """What an agreement over loans says there: the lender's own text, unless that is the standard or of cards."""
    is_own = own != standard and not speaks_of_cards(own)
    return own if is_own else standard_zh(name, standard, regulator)


def clearance_text(own: str, *, is_over_loans: bool) -> str:
    """The lender's text of a certificate of settlement, as it is over loans."""
    return for_loan(own).replace("本行", "本机构") if is_over_loans else own
