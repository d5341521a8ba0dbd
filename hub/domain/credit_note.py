"""What a person asks of a bank about their entry at the credit register, after 《征信业管理条例》.

Article 25: whoever reported the entry checks an objection and answers in writing within 20 days. Article 16: a true
entry stays for five years from the end of what it tells, and the person may add a statement to it. So nothing here
promises that an entry goes away, and nobody is paid for any of it.
"""

from dataclasses import dataclass
from enum import StrEnum

from hub.domain.application import Consent, EvidenceReference

ANSWER_DAYS = 20
"""Calendar days that a bank has for its answer, the day of receipt not counted."""


class CreditNoteKind(StrEnum):
    """What is wrong with the entry, in the person's word."""

    SETTLED = "settled"  # 已结清，信用报告还没有更新
    WRONG_ENTRY = "wrong_entry"  # 信用报告里有错误或者遗漏


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNote:
    """What a person asks the bank to check."""

    kind: CreditNoteKind
    text: str
    evidence: tuple[EvidenceReference, ...] = ()
    consents: tuple[Consent, ...] = ()


# What a person can copy; the gaps are theirs to fill.
TEMPLATES_ZH = {
    CreditNoteKind.SETTLED: (
        "本人在贵行的信用卡（尾号＿＿＿＿）欠款已于＿＿年＿月＿日全部结清，信用报告中该账户还没有更新为结清。"
        "请核对，并在收到之日起 20 日内书面答复本人。附：结清证明或还款凭证。"
    ),
    CreditNoteKind.WRONG_ENTRY: (
        "本人的信用报告（查询日期＿＿年＿月＿日）中，贵行报送的以下信息与事实不符：＿＿＿＿。"
        "实际情况是：＿＿＿＿。请依据《征信业管理条例》第二十五条核查，并在收到之日起 20 日内书面答复本人。"
        "附：信用报告相关页、凭证。"
    ),
}
# For the credit register itself, which notes it beside a true entry.
STATEMENT_ZH = (
    "本人声明：本人因＿＿＿＿（例如患病、失业），自＿＿年＿月起未能按时归还＿＿银行信用卡欠款，"
    "已于＿＿年＿月＿日与该行达成还款安排，正在按约履行。"
)
