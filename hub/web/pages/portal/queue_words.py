"""A row of the queue in words: everything that its template shows, worked out here, so that thirty rows cost little."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from markupsafe import escape

from hub.domain.amounts import yuan as amount
from hub.domain.china import CHINA, china_day
from hub.domain.queue_question import Urgency
from hub.domain.queue_summary import WishedPlan
from hub.services.reading.bank.queue import QueueClock, QueueRow
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.formats import avatar_tone, short_day, yuan
from hub.web.pages.translation import translate

_NOBODY: Final = ("", "", 0)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
TONES: Final[Mapping[Urgency, str]] = {
    Urgency.LATE: "bad",
    Urgency.TODAY: "warn",
    Urgency.SOON: "",
    Urgency.LATER: "",
    Urgency.PAUSED: "paused",
    Urgency.NONE: "none",
}
GROUPS: Final[Mapping[Urgency, str]] = {
    Urgency.LATE: marked("已超时"),
    Urgency.TODAY: marked("今天到期"),
    Urgency.SOON: marked("1–2 个工作日"),
    Urgency.LATER: marked("更晚"),
    Urgency.PAUSED: marked("暂停计时"),
    Urgency.NONE: marked("没有计时"),
}


class ShownRow(NamedTuple):
    """One row as its template writes it, which takes it apart in this order: cheaper than thirty times a name.

    All words are escaped, each once however many rows say it; the template escapes nothing of it.

    `left` and `due` are the time to answer; `used` is a whole percent.
    """

    id: str
    reference: str
    name: str
    cards: str
    owed: str
    reasons: str
    marks: tuple[tuple[str, str], ...]
    wish: str
    wish_before: str
    papers: str
    is_checked: bool
    status: str
    news: tuple[str, ...]
    owner: str
    owner_sign: str
    owner_tone: int
    tone: str
    left: str
    due: str
    used: int


class Words:
    """What is said in the language of the page, each thing looked up once however many rows say it.

    With `escaped` it stands in HTML as it is.
    """

    def __init__(self, *, escaped: bool = False) -> None:
        self._words: dict[tuple[str, str], str] = {}
        self._said: dict[tuple[object, ...], str] = {}
        self._days: dict[date, str] = {}
        self._escaped = escaped

    def spelt(self, text: str) -> str:
        """`text` as the others are given."""
        return _escaped(text) if self._escaped else text

    def of(self, group: str, code: str) -> str:
        """What `code` is called."""
        found = self._words.get((group, code))
        if found is None:
            found = self._words[group, code] = self.spelt(word(group, code))
        return found

    def say(self, text: str, **params: object) -> str:
        """What `translate` gives; `params` are not escaped yet."""
        key = (text, *params.values())
        found = self._said.get(key)
        if found is None:
            found = self._said[key] = self.spelt(translate(text, **params))
        return found

    def day(self, on: date) -> str:
        """What `short_day` gives."""
        found = self._days.get(on)
        if found is None:
            found = self._days[on] = self.spelt(short_day(on))
        return found


def _escaped(text: str) -> str:
    return str(escape(text))


def shown_rows(rows: list[QueueRow], names: Mapping[str, str], now: Any) -> list[ShownRow]:
    """The rows in the language of the page, escaped; `names` of the bank's people by their ids."""
    words, today = Words(escaped=True), china_day(now)
    comma, care = words.say("、"), words.say("需要关怀")
    owners = {id_: (_escaped(name), _escaped(name[:1].upper()), avatar_tone(name)) for id_, name in names.items()}
    return [_shown(row, owners, words, today, comma, care) for row in rows]


def _shown(
    row: QueueRow, owners: Mapping[str, tuple[str, str, int]], words: Words, today: Any, comma: str, care: str
) -> ShownRow:
    said = row.said
    owner, owner_sign, owner_tone = owners.get(row.owner_id or "", _NOBODY)
    left, due = time_left(row.clock, today, words)
    wish = plan_words(said.proposal, words)
    counter = "" if row.counter is None else counter_words(row.counter, words)
    return ShownRow(
        id=row.id,
        reference=row.reference,
        name=_escaped(said.name),
        cards=_escaped(" ".join((*said.cards, *said.loans))),
        owed=amount(said.owed_fen),
        reasons=comma.join(words.of("reason", each) for each in said.reasons),
        marks=(
            *((("warn", care),) if said.support_needs else ()),
            *(
                ("" if each == "authority_paper" else "warn", words.of("representative", each))
                for each in said.representative_flags
            ),
        ),
        wish=counter or wish,
        wish_before=wish if counter else "",
        papers=f"{row.papers_checked}/{row.papers}",
        is_checked=0 < row.papers == row.papers_checked,
        status=words.of("status", row.status),
        news=tuple(words.of("news", each) for each in row.news),
        owner=owner,
        owner_sign=owner_sign,
        owner_tone=owner_tone,
        tone=TONES[row.urgency],
        left=left,
        due=due,
        used=0 if row.clock is None else round(100 * row.clock.used),
    )


def time_left(clock: QueueClock | None, today: Any, words: Words) -> tuple[str, str]:
    """The time to answer in words, and until when that is."""
    if clock is None:
        return words.say(marked("没有计时")), ""
    if clock.paused:
        return words.say(marked("暂停计时")), words.say(marked("等客户补充，已 %(n)s 个工作日"), n=clock.paused_days)
    due = clock.due_at.astimezone(CHINA)
    on = words.say(marked("今天")) if clock.due_on == today else words.day(clock.due_on)
    by = f"{on} {due.hour:02}:{due.minute:02}"
    if clock.breached:
        return (
            words.say(marked("超时 %(span)s"), span=span_words(-clock.left, words)),
            words.say("应于 %(due)s", due=by),
        )
    return words.say(marked("剩 %(span)s"), span=span_words(clock.left, words)), by


def span_words(span: timedelta, words: Words) -> str:
    """1 天 7 小时: working time, a day of it 24 hours."""
    days, rest = divmod(max(span, timedelta()), _DAY)
    hours = rest // _HOUR
    if not days and not hours:
        return words.say(marked("不到 1 小时"))
    parts = [words.say(marked("%(n)s 天"), n=days)] if days else []
    return " ".join([*parts, *([words.say(marked("%(n)s 小时"), n=hours)] if hours else [])])


def _in_parts(parts: list[str]) -> str:
    """The parts of a plan, which a narrow column breaks between, and never within one."""
    return "\u00a0· ".join(each.replace(" ", "\u00a0") for each in parts)


def plan_words(plan: WishedPlan, words: Words) -> str:
    """What somebody wishes to pay: 个性化分期 · 36 期 · 每月 900.00 元."""
    parts = [words.of("plan", plan.kind)]
    if plan.instalments:
        parts.append(words.say(marked("%(n)s 期"), n=plan.instalments))
    if plan.months:
        parts.append(words.say(marked("%(n)s 个月"), n=plan.months))
    if plan.monthly_payment_fen:
        parts.append(words.say(marked("每月 %(amount)s"), amount=amount(plan.monthly_payment_fen)))
    if plan.minimum_percent:
        parts.append(f"{words.say('最低还款比例')} {words.spelt(plan.minimum_percent)}%")
    if plan.settlement_fen:
        parts.append(amount(plan.settlement_fen))
    return _in_parts(parts)


def counter_words(terms: Mapping[str, Any], words: Words) -> str:
    """What the person now asks for, in the words of an offer."""
    parts = [words.of("plan", terms["kind"])]
    if terms.get("instalments"):
        parts.append(words.say(marked("%(n)s 期"), n=terms["instalments"]))
    if terms.get("months"):
        parts.append(words.say(marked("%(n)s 个月"), n=terms["months"]))
    if terms.get("principal_fen"):
        parts.append(yuan(terms["principal_fen"]))
    if terms.get("annual_rate_percent") is not None:
        parts.append(words.say(marked("年利率 %(rate)s%%"), rate=terms["annual_rate_percent"]))
    return _in_parts(parts)
