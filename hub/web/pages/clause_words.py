"""What the clauses of an agreement are called on pages; their texts are Chinese on every page, as they are signed."""

from collections.abc import Mapping, Sequence

from hub.domain.plain import Plain
from hub.web.catalogue import marked
from hub.web.pages.translation import translate

TITLES: Mapping[str, str] = {
    "credit_reporting_clause": marked("征信信息报送"),
    "notices_clause": marked("通知与送达"),
    "non_working_day_clause": marked("还款日不是工作日"),
    "early_repayment_clause": marked("提前还款"),
    "card_state_clause": marked("卡片和附属卡的状态"),
    "certificate_clause": marked("结清证明"),
    "transfer_clause": marked("债权转让"),
    "card_contract_clause": marked("与领用合约的关系"),
    "disputes_clause": marked("争议解决"),
    "effect_clause": marked("协议的生效"),
}
"""The title of each clause, as the paper has it."""

_WHERE: Mapping[str, str] = {"office_address": marked("银行办公地址"), "office_phone": marked("银行联系电话")}


def titled_clauses(clauses: Plain) -> Sequence[tuple[str, str]]:
    """Title, in the language of the page, and text of each clause of an offer, then where the bank is found."""
    rows = [(translate(title), clauses[name]) for name, title in TITLES.items()]
    return rows + [(translate(title), clauses[name]) for name, title in _WHERE.items() if clauses[name]]
