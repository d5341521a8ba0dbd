"""What stands in the log, on pages: the hub's own sentences in the page's language, everybody else's words as they are.

The log is Chinese and never changed. A sentence is known by its kind and its form; one of an older form stays Chinese.
"""

import re
from collections.abc import Mapping
from functools import cache

from markupsafe import Markup, escape

from hub.domain import labels
from hub.domain.actor import Party
from hub.domain.correspondence import CALL_OUTCOME_ZH, CALL_TOLD_ZH, CALL_WITH_ZH
from hub.domain.entry_kind import EntryKind
from hub.services.negotiations.entries import SENTENCES
from hub.web.catalogue import english, marked
from hub.web.pages.display_names import GROUPS
from hub.web.pages.formats import TIME, days_in_words, own_words
from hub.web.pages.translation import page_language, translate

_HOLE = re.compile(r"\{(\w+)\}")
# The parts of a sentence that somebody wrote themselves.
_OWN_WORDS = frozenset({"text"})
# What follows a person's own words in a request for papers.
_ASKED = re.compile(r"(?P<text>.*)\n（(?P<kinds>[^（）]*)）", re.DOTALL)
_CALL_LINES = (
    (re.compile(r"通话时间：(?P<at>.*)"), marked("通话时间：%(at)s")),
    (re.compile(rf"{CALL_WITH_ZH}(?P<who>.*)"), marked("对方：%(who)s")),
    (re.compile(r"方向：(?P<direction>.*)"), marked("方向：%(direction)s")),
    (re.compile(r"提示：通话时间在 22:00 至次日 08:00 之间。"), marked("提示：通话时间在 22:00 至次日 08:00 之间。")),
    (re.compile(r"录音编号：(?P<reference>.*)"), marked("录音编号：%(reference)s")),
    (
        re.compile(rf"{CALL_OUTCOME_ZH}(?P<outcome>{'|'.join(GROUPS['call_outcome'].values())})。"),
        marked("结果：%(outcome)s。"),
    ),
)
_CALL_TOLD = marked("已告知通话录音。")
_SPOKEN_MOMENT = re.compile(r"(?P<year>\d{4}) 年 (?P<month>\d+) 月 (?P<day>\d+) 日 (?P<time>\d{2}:\d{2})")
# The pieces that terms, reasons and causes are made of.
_PIECES = (
    (re.compile(r"金额 (?P<amount>[\d,.]+) 元"), marked("金额 %(amount)s 元")),
    (re.compile(r"(?P<number>\d+) 期"), marked("%(number)s 期")),
    (re.compile(r"年利率 (?P<rate>[\d.]+)%"), marked("年利率 %(rate)s%%")),
    (re.compile(r"首次还款日 (?P<day>[\d-]+)"), marked("首次还款日 %(day)s")),
    (re.compile(r"还款日 (?P<day>[\d-]+)"), marked("还款日 %(day)s")),
    (re.compile(r"延后 (?P<number>\d+) 个月"), marked("延后 %(number)s 个月")),
    (re.compile(r"从 (?P<day>[\d-]+) 起 (?P<number>\d+) 个月"), marked("从 %(day)s 起 %(number)s 个月")),
    (
        re.compile(r"(?P<time>[\d-]+ [\d:]+) 的(?P<kind>网点|上门|视频)见面（(?P<purpose>[^）]*)）"),
        marked("%(time)s 的%(kind)s见面（%(purpose)s）"),
    ),
    (re.compile(r"于 (?P<day>[\d-]+) 提前结清"), marked("于 %(day)s 提前结清")),
    (re.compile(r"把还款日改为每月 (?P<day>\d+) 日"), marked("把还款日改为每月 %(day)s 日")),
    (re.compile(r"共 (?P<amount>[\d,.]+) 元"), marked("共 %(amount)s 元")),
    (re.compile(r"本金 (?P<amount>[\d,.]+) 元"), marked("本金 %(amount)s 元")),
    (re.compile(r"利息 (?P<amount>[\d,.]+) 元"), marked("利息 %(amount)s 元")),
    (re.compile(r"费用 (?P<amount>[\d,.]+) 元"), marked("费用 %(amount)s 元")),
    (re.compile(r"有效期至 (?P<time>[\d: -]+)"), marked("有效期至 %(time)s")),
    (re.compile(r"共 (?P<count>\d+) 期改日"), marked("共 %(count)s 期改日")),
    (re.compile(r"第一个新的还款日是 (?P<day>[\d-]+)"), marked("第一个新的还款日是 %(day)s")),
    (re.compile(r"原因：(?P<reason>[^。]*)。"), marked("原因：%(reason)s。")),
    (re.compile(r"(?P<year>\d{4}) 年放假安排（(?P<notice>.*)）"), marked("%(year)s 年放假安排（%(notice)s）")),
)
# What is paid on signing has no number to anybody.
_ON_SIGNING: Mapping[str, str] = {
    EntryKind.PAYMENT: marked("签署后先还的款项已入账，%(amount)s 元，%(paid_on)s。"),
    EntryKind.MISSED: marked("签署后先还的款项还没有到账。"),
    EntryKind.MISSED_WITHDRAWN: marked("签署后先还的款项“未到账”的登记已撤回。%(text)s"),
}
# What a person did, as it is told to themselves.
_TO_CARDHOLDER: Mapping[str, str] = {
    EntryKind.COUNTERED: marked("您提出方案：%(terms)s"),
    EntryKind.DECLINED: marked("您没有接受这个方案：%(text)s"),
    EntryKind.WITHDRAWN: marked("您已撤回。%(text)s"),
    EntryKind.CONSENT_WITHDRAWN: marked("您撤回了同意：%(purpose)s。%(what)s"),
    EntryKind.ACCEPTED: marked("您已用确认码同意方案，协议 %(number)s 成立。自此应当停止催收。"),
    EntryKind.AMENDMENT_DECLINED: marked("您不再%(what)s，原来的还款计划不变。%(text)s"),
    EntryKind.CLEARANCE_ASKED: marked("您请银行出具结清证明，银行应于 %(due)s 前出具。"),
    EntryKind.COLLECTION_REPORTED: marked(
        "您反映协议生效后仍被催收（%(channel)s，%(at)s，%(caller)s）：%(text)s\n银行应于 %(due)s 前答复。"
    ),
    EntryKind.COMPLAINT_SENT: marked("您已于 %(day)s 向银行投诉（%(channel)s）。%(text)s"),
    EntryKind.CREDIT_NOTE_ASKED: marked("您请银行核对信用报告（%(about)s）：%(text)s\n银行应于 %(due)s 前书面答复。"),
    EntryKind.ACCOUNT_INCLUDED: marked("您同意将 %(card)s 列入协商。"),
    EntryKind.ACCOUNT_LEFT_OUT: marked("您没有将 %(card)s 列入协商。"),
    EntryKind.APPOINTMENT_REQUESTED: marked("您预约了%(what)s。"),
    EntryKind.HOME_VISIT_REQUESTED: marked("您预约了%(what)s，并单独同意告知地址。地址的加盐摘要：%(digest)s"),
    EntryKind.APPOINTMENT_REMINDED: marked("已提醒您%(what)s。"),
    EntryKind.APPOINTMENT_MOVE_ACCEPTED: marked("您同意改为%(what)s。"),
    EntryKind.VISIT_TROUBLE: marked("您反映：%(trouble)s。%(text)s"),
    EntryKind.VISIT_NOTE_SIGNED: marked("您用确认码签署了见面记录，内容的摘要：%(digest)s"),
    EntryKind.REQUEST_CLOSED: marked("您的个人信息已删除，这件事就此结束，不再需要答复。"),
}
# The same, as it is told to the bank's people, who say 客户; the record and the papers keep the contract's word.
_TO_BANK: Mapping[str, str] = {
    EntryKind.COUNTERED: marked("客户提出方案：%(terms)s"),
    EntryKind.DECLINED: marked("客户没有接受这个方案：%(text)s"),
    EntryKind.WITHDRAWN: marked("客户已撤回。%(text)s"),
    EntryKind.CONSENT_WITHDRAWN: marked("客户撤回了同意：%(purpose)s。%(what)s"),
    EntryKind.ACCEPTED: marked("客户已用确认码同意方案，协议 %(number)s 成立。自此应当停止催收。"),
    EntryKind.AMENDMENT_DECLINED: marked("客户不再%(what)s，原来的还款计划不变。%(text)s"),
    EntryKind.CLEARANCE_ASKED: marked("客户请银行出具结清证明，银行应于 %(due)s 前出具。"),
    EntryKind.COLLECTION_REPORTED: marked(
        "客户反映协议生效后仍被催收（%(channel)s，%(at)s，%(caller)s）：%(text)s\n银行应于 %(due)s 前答复。"
    ),
    EntryKind.COMPLAINT_SENT: marked("客户告知：已于 %(day)s 向银行投诉（%(channel)s）。%(text)s"),
    EntryKind.CREDIT_NOTE_ASKED: marked("客户请银行核对信用报告（%(about)s）：%(text)s\n银行应于 %(due)s 前书面答复。"),
    EntryKind.ACCOUNT_INCLUDED: marked("客户同意将 %(card)s 列入协商。"),
    EntryKind.ACCOUNT_LEFT_OUT: marked("客户没有将 %(card)s 列入协商。"),
    EntryKind.APPOINTMENT_REQUESTED: marked("客户预约了%(what)s。"),
    EntryKind.HOME_VISIT_REQUESTED: marked("客户预约了%(what)s，并单独同意告知地址。地址的加盐摘要：%(digest)s"),
    EntryKind.APPOINTMENT_REMINDED: marked("已提醒客户%(what)s。"),
    EntryKind.APPOINTMENT_MOVE_ACCEPTED: marked("客户同意改为%(what)s。"),
    EntryKind.VISIT_TROUBLE: marked("客户反映：%(trouble)s。%(text)s"),
    EntryKind.VISIT_NOTE_SIGNED: marked("客户用确认码签署了见面记录，内容的摘要：%(digest)s"),
    EntryKind.REQUEST_CLOSED: marked("客户的个人信息已删除，这件事就此结束，不再需要答复。"),
}
_TOLD: Mapping[str, Mapping[str, str]] = {Party.CARDHOLDER: _TO_CARDHOLDER, Party.BANK: _TO_BANK}
# The parts that name the person, in the bank's word.
_PARTS_TO_BANK = {
    "持卡人": marked("客户"),
    "持卡人提出的方案": marked("客户提出的方案"),
    "持卡人来电": marked("客户来电"),
    "等待持卡人确认": marked("等待客户确认"),
}
_PARTS: Mapping[str, Mapping[str, str]] = {Party.CARDHOLDER: {"持卡人": marked("您")}, Party.BANK: _PARTS_TO_BANK}
_WHOLES = re.compile(r"(；)")
_BETWEEN = re.compile(r"([，；、]|。$)")


def log_words(kind: str, text: str | None, *, to: str | None = None) -> str | None:
    """The entry's words in the language of the page, somebody's own marked so; None where they were erased.

    `to`: the party whose page it is. Cardholders are spoken to, a bank's people read of their customer.
    """
    if text is None:
        return None
    if kind in (EntryKind.CALL, EntryKind.CALL_RECORD):
        return _call(text, to)
    if kind == EntryKind.EVIDENCE_REQUESTED:
        return _request(text)
    template = SENTENCES.get(EntryKind(kind)) if kind in set(EntryKind) else None
    if template is None:
        # Somebody's own words, or one sentence of the hub that never varies.
        return translate(text) if kind == EntryKind.EVIDENCE_REJECTED else own_words(text)
    found = _form(template).fullmatch(text)
    if found is None:
        return own_words(text)
    values = {
        name: own_words(value) if name in _OWN_WORDS else _part(_named(value, to))
        for name, value in found.groupdict().items()
    }
    if kind in _ON_SIGNING and values["number"] == "0":
        sentence = _ON_SIGNING[kind]
    else:
        sentence = _TOLD.get(to or "", {}).get(kind, spelt(template))
    return _ended(translate(sentence, **values).strip())


def spelt(template: str) -> str:
    """The sentence as the catalogue knows it, its holes named as in every text of a page."""
    return _HOLE.sub(r"%(\1)s", template.replace("%", "%%"))


@cache
def _form(template: str) -> re.Pattern[str]:
    pieces = _HOLE.split(template)
    pattern = ""
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            pattern += re.escape(piece)
        elif pieces[place + 1] or place + 2 == len(pieces):
            # The hub's own parts end where the sentence goes on; what people wrote may hold the same marks.
            pattern += f"(?P<{piece}>.*)" if piece in _OWN_WORDS else f"(?P<{piece}>.*?)"
        else:
            # Where own words follow at once, the hub's part is a sentence that is known by its beginning.
            pattern += f"(?P<{piece}>(?:原因：[^。]*。)?)"
    # An entry whose last words are empty was stripped of the blank before them.
    return re.compile(pattern.rstrip(), re.DOTALL)


def _named(value: str, to: str | None) -> str:
    """A part that the hub put in, the person called as the reader calls them."""
    names = _PARTS.get(to or "")
    return value if names is None else "".join(names.get(piece, piece) for piece in _BETWEEN.split(value))


def _part(value: str) -> str:
    """A part that the hub put in: each of its pieces in English, and the marks between them too."""
    if page_language() == "zh" or not _is_chinese(value):
        return days_in_words(value)
    # A part may be known as a whole, its own commas and all.
    wholes = _WHOLES.split(value) if value not in english() else [value]
    return Markup("").join(escape(_whole(whole)) for whole in wholes)


def _ended(words: str) -> str:
    """The sentence with its stop, where nothing was said behind its colon."""
    return words[:-1] + translate("。") if words[-1] in "：:" else words


def _whole(text: str) -> str:
    if text in english() or text == "；" or any(form.fullmatch(text) for form, _ in _PIECES):
        return _piece(text)
    return Markup("").join(escape(_piece(piece)) for piece in _BETWEEN.split(text))


def _piece(piece: str) -> str:
    if piece in "，；、。":
        return {"": "", "，": ", ", "；": "; ", "、": ", ", "。": "."}[piece]
    spoken = _SPOKEN_MOMENT.fullmatch(piece)
    if spoken is not None:
        year, month, day, time = spoken.groups()
        return days_in_words(f"{year}-{month:0>2}-{day:0>2} {time}")
    for form, sentence in _PIECES:
        found = form.fullmatch(piece)
        if found is not None:
            return translate(sentence, **{name: _known(value) for name, value in found.groupdict().items()})
    return _known(piece)


def _known(value: str) -> str:
    """A word of the catalogue in the page's language, a day as pages write it; what is neither is a name."""
    if TIME.fullmatch(value):
        return days_in_words(value)
    sentences = translate(value)
    return own_words(sentences) if page_language() == "en" and _is_chinese(sentences) else sentences


def _is_chinese(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None


def _call(text: str, to: str | None) -> str:
    told = f"\n{CALL_TOLD_ZH}"
    if text.endswith(told):
        return _call(text.removesuffix(told), to) + "\n" + translate(_CALL_TOLD)
    lines = text.split("\n")
    sentences: list[str] = []
    for place, line in enumerate(lines):
        if place >= len(_CALL_LINES):
            return _lines(sentences, lines[place:])
        known = [(form.fullmatch(line), sentence) for form, sentence in _CALL_LINES]
        matches = [(found, sentence) for found, sentence in known if found is not None]
        if not matches:
            return _lines(sentences, lines[place:])
        found, sentence = matches[0]
        sentences.append(
            translate(sentence, **{name: _piece(_named(value, to)) for name, value in found.groupdict().items()})
        )
    return _lines(sentences, [])


def _lines(sentences: list[str], own: list[str]) -> Markup:
    return Markup("\n").join([*map(escape, sentences), *map(own_words, own)])


def _request(text: str) -> str:
    found = _ASKED.fullmatch(text)
    if found is None or not set(found["kinds"].split("、")) <= set(labels.EVIDENCE_KINDS.values()):
        return own_words(text)
    around = "（%s）" if page_language() == "zh" else "(%s)"
    return own_words(found["text"]) + Markup("\n") + escape(around) % _part(found["kinds"])
