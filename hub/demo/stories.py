"""The stories of the demo: who applied when, and what each bank and the person did then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from hub.banks.port import Message, Receipt
from hub.demo.people import CITIC, CMB, ICBC
from hub.domain.bank import Bank
from hub.domain.errors import RefusedForGood, TryAgain

BROKEN = "broken"  # a file that nobody can open
UNSEEN = "unseen"  # just sent; the worker has not looked yet
SHUT = "shut"  # the bank's system refuses the message for good
SHUT_FOR_NOW = "shut-for-now"  # the bank's system does not answer yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One application. A plot is a word from above, or steps: a word and the number of days since the sending."""

    name: str
    days_ago: int
    plots: Mapping[str, str]

    def has(self, word: str) -> bool:
        """Whether the story is of that kind at one of its banks."""
        return word in self.plots.values()

    def steps(self) -> list[tuple[int, str, str]]:
        """(days since the sending, bank code, word) of every step, in the order they happen."""
        return sorted(
            (int(days), bank_code, word)
            for bank_code, plot in self.plots.items()
            for word, _, days in (step.partition("@") for step in plot.split())
            if days
        )


class ShutDoor:
    """A bank's system that takes nothing, standing where the portal will be."""

    kind = "portal"
    settings: Mapping[str, Callable[[str], Any]] = MappingProxyType({})
    required: frozenset[str] = frozenset()
    in_house = False

    def __init__(self, *, for_good: bool) -> None:
        self._for_good = for_good

    def deliver(self, message: Message, bank: Bank) -> Receipt:
        """Never: raises `RefusedForGood` or `TryAgain`."""
        detail = f"{bank.code} did not take {message.kind}"
        raise RefusedForGood(detail) if self._for_good else TryAgain(detail)


def _story(name: str, days_ago: int, **plots: str) -> Story:
    codes = {"icbc": ICBC, "cmb": CMB, "citic": CITIC}
    return Story(name=name, days_ago=days_ago, plots={codes[bank]: plot for bank, plot in plots.items()})


STORIES: tuple[Story, ...] = (
    _story("王小明", 3, icbc="", cmb="ack@1", citic="ack@1 ask@2"),
    _story("李秀英", 16, icbc="", cmb="ack@2 offer@6 counter@8"),
    _story("张伟", 12, icbc="ack@1 offer@8", citic="ack@1 reject@5"),
    _story("刘洋", 40, icbc="ack@1 offer@4 accept@6 pay@30", cmb="ack@2 offer@5 counter@6 offer@9 accept@10"),
    _story("陈静", 30, cmb="ack@1 offer@5", citic="withdraw@2"),
    _story("杨帆", 14, citic="ack@1 ask@2 answer@4 offer@7 decline@9"),
    _story("赵敏", 2, icbc="", citic=""),
    _story("周强", 5, cmb=BROKEN),
    _story("吴磊", 9, icbc="ack@1 ask@1 answer@3"),
    _story("买买提·阿卜杜拉", 1, icbc="", cmb="", citic=""),
    _story("何平", 20, icbc="ack@1 reject@4", cmb="ack@2 offer@6 accept@8"),
    _story("高翔", 8, cmb="", citic="ack@3"),
    _story("林燕", 11, icbc="ack@1 ask@3 answer@5 offer@8", citic="ack@2"),
    _story("郭涛", 35, icbc="ack@1 offer@5", citic="ack@1 offer@3 accept@5 pay@30"),
    _story("罗敏", 4, cmb="ack@1", citic="withdraw@1"),
    _story("Anna Müller-Schäfer", 7, icbc="ack@2 ask@4"),
    _story("唐军", 45, cmb=BROKEN),
    _story("韩雪", 1, citic=SHUT),
    _story("谢芳", 0, cmb=SHUT_FOR_NOW),
    _story("冯强", 0, icbc=UNSEEN),
)
