"""Where a bank's own words would contradict what every agreement says, or the law: such words are not taken.

The sentences that no bank sets stand in `agreement` and `agreement_clauses`. This table cannot read, it knows the
phrases that were met; a human confirms the texts before a bank goes live.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hub.domain.agreement_clauses import VOID_AFTER_MISSED_MARK
from hub.domain.clauses import CERTIFICATE_WORKING_DAYS
from hub.domain.errors import InvalidValue

_NUMBER = r"(?:\d+|[一二两三四五六七八九十]+)"
# Right before the phrase it makes it harmless: 不会删除.
_DENIED = re.compile(r"(?:不(?:会|得|能|应|可|可以|予)?|无法|没有|未)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """What a text of the bank may not say, unless it says right before that it is not so, and the error it is."""

    key: str
    phrase: str
    code: str


CONTRADICTIONS: tuple[Contradiction, ...] = tuple(
    Contradiction(key=key, phrase=phrase, code=code)
    for key, phrase, code in (
        # 征信业管理条例 16 and 25.
        ("credit_reporting_clause", r"删除|消除|清除|修复|洗白|撤销", "clause_deletes_entries"),
        # The sentence on missed payments: the bank may end it, in writing, after so many as it set.
        ("default_clause", r"自动(?:终止|失效|解除|作废)", "clause_ends_by_itself"),
        ("default_clause", rf"(?:累计|连续|达到).{{0,10}}?{_NUMBER}\s*期", "clause_counts_missed"),
        # Switches say these two, in sentences of their own.
        ("early_repayment_clause", r"手续费|违约金|费用", "clause_names_early_fee"),
        ("card_state_clause", r"[收免减].{0,4}年费|年费.{0,8}[收免减]", "clause_names_annual_fee"),
        # What both signed goes before the card's contract.
        ("card_contract_clause", r"以.{0,12}(?:合约|章程|规定)为准", "clause_puts_contract_first"),
        # The code makes it, and the acceptance is the moment.
        ("effect_clause", r"(?:盖章|审批|审核|批准|首期).{0,8}(?:后|之日|时).{0,6}生效", "clause_begins_later"),
        # Civil Code 546.
        ("transfer_clause", r"(?:无需|无须|不必|不再|不另行).{0,6}通知", "clause_transfers_untold"),
        # 银保监规〔2022〕13号: what money costs is called interest.
        ("fee_name", r"手续费|利息", "fee_name_hides_interest"),
    )
)


def require_no_conflict(words: Mapping[str, str]) -> None:
    """Nothing, or `InvalidValue` with the key, and the phrase as `found`, for the first that contradicts.

    `words` are settings of a bank as it writes them, other keys among them.
    """
    for each in CONTRADICTIONS:
        found = _said(words.get(each.key, "").replace(VOID_AFTER_MISSED_MARK, ""), each.phrase)
        if found:
            raise InvalidValue(each.code, key=each.key, found=found)
    for days in re.findall(r"(\d+)\s*个?工作日", words.get("certificate_clause", "")):
        if int(days) > CERTIFICATE_WORKING_DAYS:
            raise InvalidValue("certificate_too_late", key="certificate_clause", days=CERTIFICATE_WORKING_DAYS)


def _said(text: str, phrase: str) -> str:
    """The first place where `text` says the phrase and does not deny it; empty where it does not."""
    for sentence in re.split(r"[。；，\n]", text):
        for match in re.finditer(phrase, sentence):
            if not _DENIED.search(sentence[: match.start()]):
                return match[0]
    return ""
