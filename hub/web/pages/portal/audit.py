"""`/portal/audit`: what the bank's people did and read, to be narrowed, paged through and exported."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from flask import Response, request

from hub.domain.audit_question import LONGEST_CASE, AuditQuestion, AuditTopic
from hub.domain.bank import Bank
from hub.domain.china import day_in_address
from hub.domain.export import ExportKind
from hub.domain.staff import Role
from hub.services.operating import banks
from hub.services.operating.audit import AuditKind
from hub.services.operating.audit_words import WORDS, reading_of
from hub.services.reading import accounts
from hub.services.reading.bank.audit import READ, AuditShown, list_lines
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.ops.audit import details_of
from hub.web.pages.ops.wording import setting_name, settings_in_words
from hub.web.pages.portal.bank import setting_words
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_staff, for_bank
from hub.web.pagination import Cursors, page_of

READERS: Final = (Role.AUDITOR, Role.BANK_ADMIN, Role.SUPERVISOR)
"""Who may look at what colleagues did."""
TOPICS: Final[Mapping[AuditTopic, str]] = {
    AuditTopic.SIGN_INS: marked("登录"),
    AuditTopic.REVEALS: marked("查看完整信息"),
    AuditTopic.READINGS: marked("查看申请和材料"),
    AuditTopic.ASSIGNMENTS: marked("分派"),
    AuditTopic.DECISIONS: marked("复核"),
    AuditTopic.SETTINGS: marked("设置和人员"),
    AuditTopic.EXPORTS: marked("导出和下载"),
    AuditTopic.OTHERS: marked("其他"),
}
_NAMES: Final = ("who", "what", "case", "from", "to", "limit")
_PAGE_LENGTH: Final = "50"


@pages.route("/audit")
@for_bank(*READERS)
def bank_audit() -> Response:
    """A page of lines, the newest first."""
    person, hub = current_staff(), face().hub
    question, kept = question_of(request.args), _kept()
    cursors = Cursors(keyring=hub.keyring, of=f"audit/{person.id}/{urlencode(kept)}")
    given = {"limit": _PAGE_LENGTH} | {key: request.args[key] for key in ("limit", "cursor") if request.args.get(key)}
    with hub.reading(person.actor) as tx:
        found = list_lines(tx, person.bank, question, page=page_of(given, cursors))
        people, bank = accounts.list_of_bank(tx, person.bank), banks.get(tx, person.bank)
    at = found.next_place
    return page(
        "portal/audit.html",
        title=translate("审计记录"),
        rows=[(each, words_of(each), *_about(each, bank)) for each in found.rows],
        asked=request.args,
        people=[(each.id, each.name or each.email) for each in people],
        topics=[(each, translate(name)) for each, name in TOPICS.items()],
        is_narrowed=question != AuditQuestion(),
        export=f"/portal/exports/new?{urlencode({'kind': ExportKind.AUDIT, **kept})}",
        next="" if at is None else _address(kept, cursors.make([at[0].isoformat(), at[1]])),
        first=_address(kept, "") if "cursor" in given else "",
    )


def question_of(given: Mapping[str, str]) -> AuditQuestion:
    """What an address asks for; what it does not know is left out."""
    who, what = given.get("who", ""), given.get("what", "")
    return AuditQuestion(
        who=who if who.isalnum() else None,
        topic=AuditTopic(what) if what in set(AuditTopic) else None,
        case=given.get("case", "").strip().upper()[:LONGEST_CASE] or None,
        since=day_in_address(given.get("from", "")),
        until=day_in_address(given.get("to", "")),
    )


def words_of(shown: AuditShown) -> str:
    """What was done, in words."""
    line = shown.line
    if line.kind != READ:
        return translate(WORDS[line.kind]) if line.kind in WORDS else line.kind
    head, why = reading_of(line.what)
    name = word("reading", head)
    return translate("%(what)s：%(why)s", what=name, why=why) if why else name


_OF_A_SETTING: Final = (
    AuditKind.BANK_SETTING_CHANGED,
    AuditKind.BANK_SETTING_ASKED,
    AuditKind.BANK_SETTING_REFUSED,
)


_BOTH: Final = ("before", "after")


def _about(shown: AuditShown, bank: Bank) -> tuple[str, list[tuple[str, str]]]:
    """What the line is about, and its details; a setting and its values as the page of settings has them."""
    line, details = shown.line, {name: value for name, value in shown.line.details.items() if name != "bank"}
    if line.kind in _OF_A_SETTING:
        spelt = {name: setting_words(bank, line.about, str(details.get(name, ""))) for name in _BOTH}
        return setting_name(line.about) or line.about, details_of({**details, **spelt})
    if line.kind != AuditKind.BANK_SET:
        return line.about, details_of(details)
    for name in _BOTH:
        if details.get(name):
            details[name] = settings_in_words(str(details[name]), lambda key, text: setting_words(bank, key, text))
    details.pop("keys", None)
    return bank.name_en if page_language() == "en" else bank.name_zh, details_of(details)


def _kept() -> dict[str, str]:
    return {name: request.args[name] for name in _NAMES if request.args.get(name)}


def _address(kept: Mapping[str, str], cursor: str) -> str:
    query: Sequence[tuple[str, str]] = [*kept.items(), *([("cursor", cursor)] if cursor else [])]
    return f"/portal/audit?{urlencode(query)}" if query else "/portal/audit"
