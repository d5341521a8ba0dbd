"""The filters of the queue: what can be chosen, what is chosen, and the addresses that take it off again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from flask import render_template
from markupsafe import Markup

from hub.domain.application import HardshipReason
from hub.domain.queue_query import DUE, KNOWN_STATUSES, words_of
from hub.domain.queue_question import NOBODY, Order, OwedBand, QueueQuestion, Tab
from hub.services.reading.bank.people import Colleagues, Owner
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.formats import own_words
from hub.web.pages.portal import queue_address as at
from hub.web.pages.portal.queue_words import GROUPS
from hub.web.pages.translation import translate

_BANDS: Final = {
    OwedBand.BELOW_10K: marked("1 万元以下"),
    OwedBand.FROM_10K: marked("1 万至 3 万元"),
    OwedBand.FROM_30K: marked("3 万至 5 万元"),
    OwedBand.FROM_50K: marked("5 万至 10 万元"),
    OwedBand.FROM_100K: marked("10 万至 20 万元"),
    OwedBand.FROM_200K: marked("20 万元以上"),
}
# Questions of which the filters are kept as they look.
_KEPT: Final = 200
_ORDERS: Final = (
    (Order.DUE, False, marked("先到期的在前")),
    (Order.DUE, True, marked("后到期的在前")),
    (Order.OWED, True, marked("欠款多的在前")),
    (Order.OWED, False, marked("欠款少的在前")),
    (Order.OPENED, False, marked("先收到的在前")),
    (Order.OPENED, True, marked("后收到的在前")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One thing to choose by. `options`: (word of the address, name, whether chosen); `kept`: the rest of the address.

    `many`: several may be chosen at once.
    """

    label: str
    name: str
    many: bool
    options: tuple[tuple[str, str, bool], ...]
    kept: tuple[tuple[str, str], ...]


@lru_cache(_KEPT)
def filter_bar(question: QueueQuestion, acting: tuple[Owner, ...], _language: str) -> Markup:
    """The filters and sorts as a page shows them: the same for everybody who asks the same in one language."""
    filters = filters_of(question, acting)
    return Markup(render_template("portal/_queue_filters.html", filters=filters, sorts=sorts_of(question)))  # noqa: S704 - escaped by the template


def filters_of(question: QueueQuestion, acting: tuple[Owner, ...]) -> list[Filter]:
    """All filters, with what is chosen of each."""
    found = [
        Filter(
            label=translate("答复时限"),
            name="due",
            many=False,
            options=(
                ("", translate("不限"), question.due is None),
                *((str(each), translate(GROUPS[each]), each is question.due) for each in DUE),
            ),
            kept=_without(question, due=None),
        ),
        Filter(
            label=translate("状态"),
            name="status",
            many=True,
            options=tuple((str(each), word("status", each), each in question.statuses) for each in KNOWN_STATUSES),
            kept=_without(question, statuses=()),
        ),
        Filter(
            label=translate("困难原因"),
            name="reason",
            many=True,
            options=tuple((str(each), word("reason", each), each in question.reasons) for each in HardshipReason),
            kept=_without(question, reasons=()),
        ),
        Filter(
            label=translate("欠款金额"),
            name="owed",
            many=True,
            options=tuple((str(each), translate(name), each in question.owed) for each, name in _BANDS.items()),
            kept=_without(question, owed=()),
        ),
        Filter(
            label=translate("有未读回复"),
            name="replied",
            many=False,
            options=(
                ("", translate("不限"), not question.replied),
                ("1", translate("客户说了什么，还没有人处理"), question.replied),
            ),
            kept=_without(question, replied=False),
        ),
    ]
    if question.tab not in (Tab.MINE, Tab.UNASSIGNED):
        found.insert(4, _owners(question, acting))
    return found


def _owners(question: QueueQuestion, acting: tuple[Owner, ...]) -> Filter:
    return Filter(
        label=translate("经办人"),
        name="owner",
        many=False,
        options=(
            ("", translate("不限"), not question.owner),
            (NOBODY, translate("未分派"), question.owner == NOBODY),
            *((each.id, each.name, each.id == question.owner) for each in acting),
        ),
        kept=_without(question, owner=""),
    )


def _without(question: QueueQuestion, **values: Any) -> tuple[tuple[str, str], ...]:
    return tuple(words_of(replace(question, **values)))


def chips_of(question: QueueQuestion, people: Colleagues) -> list[tuple[str, str, str]]:
    """What the list is cut down by: (label, value, the address without it) each."""
    chips = []
    if question.due is not None:
        chips.append((translate("答复时限"), translate(GROUPS[question.due]), at.changed(question, due=None)))
    chips += [
        (translate("状态"), word("status", each), at.changed(question, statuses=_less(question.statuses, each)))
        for each in question.statuses
    ]
    chips += [
        (translate("困难原因"), word("reason", each), at.changed(question, reasons=_less(question.reasons, each)))
        for each in question.reasons
    ]
    chips += [
        (translate("欠款金额"), translate(_BANDS[each]), at.changed(question, owed=_less(question.owed, each)))
        for each in question.owed
    ]
    if question.owner:
        name = (
            translate("未分派")
            if question.owner == NOBODY
            else own_words(people.names[question.owner])
            if question.owner in people.names
            else translate("不在本行")
        )
        chips.append((translate("经办人"), name, at.changed(question, owner="")))
    if question.replied:
        chips.append((translate("回复"), translate("有未读回复"), at.changed(question, replied=False)))
    return chips


def _less(words: Sequence[Any], word_: Any) -> tuple[Any, ...]:
    return tuple(each for each in words if each != word_)


def sorts_of(question: QueueQuestion) -> list[tuple[str, str, bool]]:
    """The orders that there are: (address, name, whether it is this one)."""
    return [
        (
            at.changed(question, order=order, down=down),
            translate(name),
            (order, down) == (question.order, question.down),
        )
        for order, down, name in _ORDERS
    ]


def sort_head(question: QueueQuestion, order: Order) -> tuple[str, str]:
    """Of the head of a column: the address that sorts by it, the other way round where it is sorted so already."""
    is_here = question.order is order
    direction = ("down" if question.down else "up") if is_here else ""
    return at.changed(question, order=order, down=is_here and not question.down), direction
