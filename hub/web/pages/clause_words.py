"""What the clauses of an agreement are called on pages; their texts are Chinese on every page, as they are signed."""

from collections.abc import Mapping, Sequence

from hub.domain.clauses import Clauses
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


def titled(clauses: Clauses | None) -> Sequence[tuple[str, str]]:
    """Title, in the language of the page, and text of each clause; none of what was offered before there were any."""
    return [] if clauses is None else [(translate(title), getattr(clauses, name)) for name, title in TITLES.items()]
