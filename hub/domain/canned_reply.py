"""Canned replies of a bank: words that its people use again and again, with gaps that are filled in for each case."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.domain.errors import Fault

MOST_NAME: Final = 30
MOST_TEXT: Final = 2000

_GAP: Final = re.compile(r"\{([^{}]*)\}")
# 复姓 that are still common; with any other name the first sign is the family name.
_DOUBLE_SURNAMES: Final = frozenset(
    {"欧阳", "上官", "司马", "诸葛", "司徒", "夏侯", "皇甫", "尉迟", "慕容", "令狐", "东方"}
)


class ReplyUse(StrEnum):
    """For which words to the customer a reply is meant."""

    MESSAGE = "message"
    EVIDENCE_REQUEST = "evidence_request"
    REJECTION = "rejection"


class Gap(StrEnum):
    """What can be filled into a reply: the name that stands between the braces."""

    CUSTOMER = "客户称呼"
    NUMBER = "编号"
    DUE = "答复期限"
    BANK = "银行"
    HOTLINE = "热线"
    CLERK = "经办人"


@dataclass(frozen=True, slots=True, kw_only=True)
class CannedReply:
    """One reply. It is inserted by its `name`; `text_en` is for customers who read English, and may be empty."""

    name: str
    use: ReplyUse
    text: str
    text_en: str = ""
    is_on: bool = True


def reply_faults(reply: CannedReply) -> list[Fault]:
    """What is wrong with the reply: a name that cannot be typed behind a slash, or a gap that nobody can fill."""
    faults = []
    if any(sign.isspace() or sign in "/{}" for sign in reply.name):
        faults.append(Fault("/name", "reply_name_form"))
    for field, text in (("text", reply.text), ("text_en", reply.text_en)):
        unknown = [each for each in _GAP.findall(text) if each not in set(Gap)]
        rest = _GAP.sub("", text)
        if unknown or "{" in rest or "}" in rest:
            faults.append(Fault(f"/{field}", "reply_gap_unknown", {"gaps": "、".join(f"{{{each}}}" for each in Gap)}))
    return faults


def filled(text: str, values: Mapping[Gap, str]) -> str:
    """The text with every gap filled; nothing of a value is read as a gap again."""
    return _GAP.sub(lambda found: values[Gap(found[1])], text)


def address_of_person(name: str, resident_id: str | None) -> str:
    """How a customer is addressed by what their own document says: 王女士; 您好 goes with 客户 where it says nothing.

    The seventeenth digit of a resident's number is odd for men (GB 11643-1999).
    """
    is_known = resident_id is not None and len(resident_id) == 18 and resident_id[:17].isdigit()
    if not is_known or not name or not "\u4e00" <= name[0] <= "\u9fff":
        return "客户"
    surname = name[:2] if name[:2] in _DOUBLE_SURNAMES and len(name) > 2 else name[0]
    return f"{surname}{'先生' if int(str(resident_id)[16]) % 2 else '女士'}"


DEFAULT_REPLIES: Final[Mapping[str, CannedReply]] = {
    "default-received": CannedReply(
        name="已收到",
        use=ReplyUse.MESSAGE,
        text="{客户称呼}，您好。您的申请（{编号}）我们已经收到，正在看您的材料。我们会在 {答复期限} 前给您正式答复。"
        "有任何变化，您可以随时在这里告诉我们。",
        text_en="Hello. We have your application ({编号}) and are reading your papers. You will have our answer by "
        "{答复期限}. If anything changes, tell us here at any time.",
    ),
    "default-call": CannedReply(
        name="约电话",
        use=ReplyUse.MESSAGE,
        text="{客户称呼}，您好。我们想和您通一次电话，把方案说清楚，大约十分钟。请告诉我们您方便的时间。"
        "来电时我们会先说出您设定的词；也可以拨打 {热线} 找我们。",
        text_en="Hello. We would like to call you for about ten minutes to go through the plan. Please tell us when it "
        "suits you. We say your call word first; you can also reach us at {热线}.",
    ),
    "default-thanks": CannedReply(
        name="已看到补充",
        use=ReplyUse.MESSAGE,
        text="{客户称呼}，您好。您补充的材料我们看到了，谢谢。我们接着核对，答复期限不变：{答复期限}。",
        text_en="Hello. Thank you, we have seen the papers you added. You will have our answer by {答复期限}.",
    ),
    "default-explain": CannedReply(
        name="方案说明",
        use=ReplyUse.MESSAGE,
        text="{客户称呼}，您好。方案里的每期金额、总额和首次还款日都写在页面上。您可以同意，也可以提出别的想法，"
        "不用着急，有效期内都可以。有不清楚的地方请直接回复。{银行} {经办人}",
        text_en="Hello. The page shows each payment, the total and the first date. You may agree or suggest something "
        "else, at any time while the offer is open. Ask us here about anything that is unclear. {经办人}, {银行}",
    ),
    "default-income": CannedReply(
        name="收入流水",
        use=ReplyUse.EVIDENCE_REQUEST,
        text="{客户称呼}，您好。请补充最近三个月的工资卡流水，用来核对收入。手机银行导出的 PDF 或清楚的照片都可以，"
        "与收入无关的部分可以遮住。一时拿不到，请告诉我们，我们再商量。",
        text_en="Hello. Please add the last three months of the account your wages go to, so that we can check your "
        "income. A PDF from your banking app or clear photos will do; you may cover what is not income.",
    ),
    "default-medical": CannedReply(
        name="医疗材料",
        use=ReplyUse.EVIDENCE_REQUEST,
        text="{客户称呼}，您好。如果方便，请补充诊断证明或最近的费用清单。与费用无关的病情内容可以遮住。"
        "愿您和家人早日康复。",
        text_en="Hello. If you can, please add a diagnosis or the latest bills. You may cover details that have "
        "nothing to do with cost. We wish you and your family well.",
    ),
    "default-incomplete": CannedReply(
        name="材料不齐",
        use=ReplyUse.REJECTION,
        text="{客户称呼}，您好。我们还没有收到能说明情况的材料，所以这次没有达成一致。材料准备好之后，"
        "您可以随时重新申请，也可以拨打 {热线} 和我们商量。",
        text_en="Hello. We have not received the papers that show your situation, so we could not agree this time. You "
        "may apply again once you have them, or call us at {热线}.",
    ),
    "default-able": CannedReply(
        name="现有安排",
        use=ReplyUse.REJECTION,
        text="{客户称呼}，您好。按您填写的收支，目前的账单安排与您的能力相符，所以这次没有达成一致。"
        "如果收入或支出有变化，请告诉我们或重新申请。对结果有疑问，可以拨打 {热线}。",
        text_en="Hello. By the figures you gave, you can meet your present bills, so we could not agree this time. If "
        "your income or spending changes, tell us or apply again. For questions call {热线}.",
    ),
}
"""What every bank begins with, by the id under which it can change them."""
