"""A complaint about a bank, ready to be sent by its person: what it is about, and its words.

《银行业保险业消费投诉处理管理办法》 (银保监会令 2020 年第 3 号): a bank decides within 15 days of a complaint, in
complicated cases within 30, at most within 60, and says so.
A wish to negotiate is no complaint by itself; a missed answer can be one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from hub.domain.china import china_day, spoken_day, spoken_moment

DAYS, DAYS_COMPLICATED, DAYS_AT_MOST = 15, 30, 60
REGULATOR_PHONE = "12378"


class ComplaintCause(StrEnum):
    """What a bank did not do in time, or somebody did although it was agreed otherwise."""

    NO_ANSWER = "no_answer"
    COLLECTED = "collected"
    NO_CLEARANCE = "no_clearance"
    NO_CREDIT_ANSWER = "no_credit_answer"


class ComplaintChannel(StrEnum):
    """How the person sent their complaint."""

    PHONE = "phone"
    EMAIL = "email"
    ONLINE = "online"
    LETTER = "letter"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grievance:
    """One thing to complain about: when it began, until when the bank had time, and when it answered, if it did.

    `detail` says more of it, as how somebody collected; without one it is empty.
    """

    cause: ComplaintCause
    began_at: datetime
    due_at: datetime
    answered_at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintSent:
    """The person's word that they sent their complaint."""

    sent_on: date
    channel: ComplaintChannel
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """All that a complaint says: by whom, of which negotiation, and what happened, up to `at`.

    `cards` and `contracts` are the ends of cards and of loans' contracts; `entries` is how many entries the log had
    then, `digest` that of the last.
    """

    bank_name_zh: str
    cardholder_name: str
    cards: tuple[str, ...]
    reference: str
    agreement_number: str
    opened_at: datetime
    grievances: tuple[Grievance, ...]
    at: datetime
    entries: int
    digest: str
    contracts: tuple[str, ...] = ()


_HAPPENED = {
    ComplaintCause.NO_ANSWER: "贵行系统于 {began} 收到本人的申请或者方案，应当在 {due} 前答复",
    ComplaintCause.COLLECTED: "还款协议生效后，本人仍被催收（{detail}），并于 {began} 反映，答复期限是 {due}",
    ComplaintCause.NO_CLEARANCE: "还款协议已经结清，贵行应当在 {due} 前出具结清证明",
    ComplaintCause.NO_CREDIT_ANSWER: "本人于 {began} 请贵行核对信用报告（{detail}），书面答复的期限是 {due}",
}
_ASKED = {
    ComplaintCause.NO_ANSWER: "尽快对本人的申请作出答复，并说明没有按时答复的原因",
    ComplaintCause.COLLECTED: "要求贵行有关部门和受托机构停止催收，并说明为什么协议生效后仍然催收",
    ComplaintCause.NO_CLEARANCE: "出具结清证明",
    ComplaintCause.NO_CREDIT_ANSWER: "核对信用报告并书面答复；有错误的，请予更正",
}


def letter_zh(complaint: Complaint) -> str:
    """The complaint's words, a paragraph a line: the facts as the log has them, and what is asked for.

    Without anything on record to complain about, a place is left for the person's own words.
    """
    debts = [f"信用卡{'、'.join(f'尾号 {each}' for each in complaint.cards)}"] if complaint.cards else []
    debts += [f"贷款合同尾号 {each}" for each in complaint.contracts]
    agreement = f"，还款协议编号 {complaint.agreement_number}" if complaint.agreement_number else ""
    told = (
        f"本人于 {spoken_day(china_day(complaint.opened_at))} 通过还款协商平台向贵行提出还款协商，"
        f"协商编号 {complaint.reference}{agreement}，{'，'.join(debts)}。现就下列事项投诉："
    )
    rule = (
        f"依照《银行业保险业消费投诉处理管理办法》，请自收到本投诉之日起 {DAYS} 日内作出处理决定并告知本人；"
        f"情况复杂的可以延长至 {DAYS_COMPLICATED} 日，最长不超过 {DAYS_AT_MOST} 日，并请告知延长的理由。"
    )
    return "\n".join(
        [
            f"{complaint.bank_name_zh}消费者权益保护部门：",
            told,
            *_facts(complaint),
            "请求贵行：",
            *_requests(complaint.grievances),
            rule,
            f"以上事实见往来记录（截至第 {complaint.entries} 条，摘要 {complaint.digest[:16]}）。",
            f"投诉人：{complaint.cardholder_name}",
            f"日期：{spoken_day(china_day(complaint.at))}",
        ]
    )


def _facts(complaint: Complaint) -> list[str]:
    if not complaint.grievances:
        return ["（请在这里写下发生了什么、是哪一天、您希望怎样解决。）"]
    return [f"{number}. {_fact(each, complaint.at)}" for number, each in enumerate(complaint.grievances, start=1)]


def _fact(grievance: Grievance, at: datetime) -> str:
    began, due = spoken_moment(grievance.began_at), spoken_moment(grievance.due_at)
    happened = _HAPPENED[grievance.cause].format(began=began, due=due, detail=grievance.detail)
    if grievance.answered_at is None:
        return f"{happened}。截至 {spoken_moment(at)}，没有收到。"
    return f"{happened}，实际到 {spoken_moment(grievance.answered_at)} 才收到。"


def _requests(grievances: Sequence[Grievance]) -> list[str]:
    asked = list(dict.fromkeys(_ASKED[each.cause] for each in grievances))
    return [f"{number}. {each}。" for number, each in enumerate([*asked, "书面告知处理结果"], start=1)]
