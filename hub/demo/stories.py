"""The stories of the demo: who applied when, and what each bank and the person did then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hub.demo.people import CITIC, CMB, ICBC, LENDER


class Start(StrEnum):
    """What becomes of an application at first."""

    DELIVERED = "delivered"
    UNREADABLE = "unreadable"  # nobody can open one of its files
    UNSEEN = "unseen"  # just sent; the worker has not looked yet
    REFUSED = "refused"  # the bank's system refuses the message for good
    UNANSWERED = "unanswered"  # the bank's system does not answer yet


class Step(StrEnum):
    """What a bank or the person does in a negotiation."""

    ACKNOWLEDGE = "acknowledge"
    ASK = "ask"
    ANSWER = "answer"
    OFFER = "offer"
    COUNTER = "counter"
    ACCEPT = "accept"
    DECLINE = "decline"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    HOLD = "hold"
    PAY = "pay"


Plot = Sequence[tuple[Step, int]]
"""The steps of one negotiation in their order, each with the days since the application was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One application, sent `days_ago`, and what came of it at each bank.

    `joint_with` is who gave the lender's loan together with it; `loan_at` a bank of the card with a loan as well, over
    which its offers are.
    """

    name: str
    days_ago: int
    plots: Mapping[str, Plot]
    start: Start = Start.DELIVERED
    joint_with: str = ""
    loan_at: str = ""

    def steps(self) -> list[tuple[int, str, Step]]:
        """(days since the sending, bank code, step) of every step, in the order they happen."""
        dated = [(days, bank, step) for bank, plot in self.plots.items() for step, days in plot]
        return sorted(dated, key=lambda each: each[:2])


def _story(
    name: str, days_ago: int, start: Start = Start.DELIVERED, *, joint_with: str = "", loan_at: str = "", **plots: Plot
) -> Story:
    codes = {"icbc": ICBC, "cmb": CMB, "citic": CITIC, "lender": LENDER}
    return Story(
        name=name,
        days_ago=days_ago,
        start=start,
        plots={codes[bank]: plot for bank, plot in plots.items()},
        joint_with=joint_with,
        loan_at=loan_at,
    )


ACKNOWLEDGE, ASK, ANSWER, OFFER, COUNTER, ACCEPT, DECLINE, REJECT, WITHDRAW, HOLD, PAY = Step

STORIES: tuple[Story, ...] = (
    _story(
        "王小明",
        3,
        joint_with=CITIC,
        icbc=[],
        cmb=[(ACKNOWLEDGE, 1)],
        citic=[(ACKNOWLEDGE, 1), (ASK, 2)],
        lender=[(ACKNOWLEDGE, 2)],
    ),
    _story(
        "李秀英",
        16,
        icbc=[],
        cmb=[(ACKNOWLEDGE, 2), (OFFER, 6), (COUNTER, 8)],
        lender=[(ACKNOWLEDGE, 2), (OFFER, 11)],
    ),
    _story("张伟", 12, icbc=[(ACKNOWLEDGE, 1), (OFFER, 8)], citic=[(ACKNOWLEDGE, 1), (REJECT, 5)]),
    _story(
        "刘洋",
        40,
        icbc=[(ACKNOWLEDGE, 1), (OFFER, 4), (ACCEPT, 6), (HOLD, 7), (PAY, 30)],
        cmb=[(ACKNOWLEDGE, 2), (OFFER, 5), (COUNTER, 6), (OFFER, 9), (ACCEPT, 10), (HOLD, 11)],
    ),
    _story("陈静", 30, cmb=[(ACKNOWLEDGE, 1), (OFFER, 5)], citic=[(WITHDRAW, 2)]),
    _story("杨帆", 14, citic=[(ACKNOWLEDGE, 1), (ASK, 2), (ANSWER, 4), (OFFER, 7), (DECLINE, 9)]),
    _story("赵敏", 2, icbc=[], citic=[]),
    _story("周强", 5, Start.UNREADABLE, cmb=[]),
    _story("吴磊", 9, icbc=[(ACKNOWLEDGE, 1), (ASK, 1), (ANSWER, 3)]),
    _story("买买提·阿卜杜拉", 1, icbc=[], cmb=[], citic=[]),
    _story("何平", 20, icbc=[(ACKNOWLEDGE, 1), (REJECT, 4)], cmb=[(ACKNOWLEDGE, 2), (OFFER, 6), (ACCEPT, 8)]),
    _story("高翔", 8, cmb=[], citic=[(ACKNOWLEDGE, 3)]),
    _story("林燕", 11, icbc=[(ACKNOWLEDGE, 1), (ASK, 3), (ANSWER, 5), (OFFER, 8)], citic=[(ACKNOWLEDGE, 2)]),
    _story("孙丽", 24, cmb=[(ACKNOWLEDGE, 1)], lender=[(ACKNOWLEDGE, 1), (OFFER, 5), (ACCEPT, 7), (HOLD, 8)]),
    _story("郑浩", 13, lender=[(ACKNOWLEDGE, 1), (OFFER, 8)]),
    _story("唐宁", 2, lender=[]),
    _story(
        "郭涛",
        35,
        icbc=[(ACKNOWLEDGE, 1), (OFFER, 5)],
        citic=[(ACKNOWLEDGE, 1), (OFFER, 3), (ACCEPT, 5), (HOLD, 6), (PAY, 30)],
    ),
    _story("罗敏", 4, cmb=[(ACKNOWLEDGE, 1)], citic=[(WITHDRAW, 1)]),
    _story("Anna Müller-Schäfer", 7, icbc=[(ACKNOWLEDGE, 2), (ASK, 4)]),
    _story("唐军", 45, Start.UNREADABLE, cmb=[]),
    _story("韩雪", 1, Start.REFUSED, citic=[]),
    _story("谢芳", 0, Start.UNANSWERED, cmb=[]),
    _story("冯强", 0, Start.UNSEEN, icbc=[]),
    # A desk of one bank that has enough to do: late, due soon and later, picked up, asked for papers, answered.
    _story("孙国庆", 17, icbc=[(ACKNOWLEDGE, 2)]),
    _story("马丽", 13, icbc=[(ACKNOWLEDGE, 2), (ASK, 3), (ANSWER, 5)]),
    _story("朱建", 11, icbc=[]),
    _story("胡晓梅", 10, icbc=[(ACKNOWLEDGE, 2), (OFFER, 6), (COUNTER, 8)]),
    _story("郑文", 10, icbc=[(ACKNOWLEDGE, 1)]),
    _story("梁静", 9, icbc=[]),
    _story("宋凯", 8, icbc=[(ACKNOWLEDGE, 1), (ASK, 3)]),
    _story("许娟", 7, icbc=[(ACKNOWLEDGE, 2), (OFFER, 5)]),
    _story("邓超群", 6, icbc=[(ACKNOWLEDGE, 2)]),
    _story("曾敏", 5, icbc=[]),
    _story("彭程", 5, icbc=[(ACKNOWLEDGE, 1)]),
    _story("蒋欣", 4, icbc=[(ACKNOWLEDGE, 2)]),
    _story("蔡明远", 3, icbc=[]),
    _story("贾玲玉", 2, icbc=[]),
    _story("丁一凡", 1, icbc=[]),
    # Loans: one of two lenders together, signed with one of them; a card and a loan of one bank.
    _story(
        "罗晓东",
        12,
        joint_with=CMB,
        cmb=[(ACKNOWLEDGE, 1)],
        lender=[(ACKNOWLEDGE, 1), (OFFER, 4), (ACCEPT, 6), (HOLD, 7)],
    ),
    _story("崔颖", 9, loan_at=CMB, cmb=[(ACKNOWLEDGE, 1), (OFFER, 5)]),
)
