"""`/ops/audit`: who signed in or tried to, from where, and who changed what about the hub."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response

from hub.domain.plain import Plain
from hub.domain.retention import Cause
from hub.domain.staff import Role
from hub.services.negotiations.entries import ERASED_BASIS
from hub.services.operating import audit
from hub.services.operating.audit import AuditLine
from hub.services.operating.audit_details import DETAILS, EXPORTS, SCOPES, WAYS, named
from hub.services.operating.audit_words import WORDS
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.formats import moment
from hub.web.pages.ops.wording import adapter_name, setting_name, settings_in_words
from hub.web.pages.rendering import page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_operators

pages = Blueprint("audit", __name__)

_ROLES = frozenset(Role)
_SIDES = {"cardholder": marked("持卡人"), "bank": marked("银行"), "hub": marked("平台")}


@pages.route("/audit")
@for_operators
def listed() -> Response:
    """The newest actions; `hub audit` lists all."""
    with face().hub.reading(current_staff().actor) as tx:
        lines = [_shown(each) for each in audit.newest(tx, limit=audit.MOST_SHOWN)]
    return page("ops/audit.html", title=translate("操作记录"), lines=lines, most=audit.MOST_SHOWN)


def details_of(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name, words) of what a line says beside its kind; what is for machines alone is left out."""
    return [
        (translate(DETAILS[name]), _spelt(name, value))
        for name, value in named(details).items()
        if _is_said(name, value)
    ]


def _is_said(name: str, value: object) -> bool:
    # The others are words of the machine, which `hub audit` lists.
    return bool(value) and name in DETAILS


def _shown(line: AuditLine) -> Plain:
    return {
        "at": line.at,
        "who": line.email or _who(line.actor),
        "address": line.address,
        "words": translate(WORDS[line.kind]) if line.kind in WORDS else line.kind,
        "about": "" if line.about == line.email else line.about,
        "details": details_of(line.details),
    }


def _who(actor: str) -> str:
    party, _, name = actor.partition(":")
    kind, _, id_ = name.partition("/")
    side = translate(_SIDES.get(party, party))
    if kind == "client":
        return translate("接入方")
    # The user of the operating system who ran a command; ids of people say nothing to a reader.
    return f"{side} {id_}" if kind == "command" else side


def _spelt(name: str, value: object) -> str:
    if isinstance(value, list):
        return translate("、").join(_spelt(name, each) for each in value)
    return _SPELLINGS[name](str(value)) if name in _SPELLINGS else str(value)


_SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "before": lambda value: word("role", value) if value in _ROLES else settings_in_words(value),
    "after": lambda value: word("role", value) if value in _ROLES else settings_in_words(value),
    "role": lambda value: word("role", value),
    "creditor_kind": lambda value: word("creditor", value),
    "adapter": adapter_name,
    "through": adapter_name,
    "keys": lambda value: setting_name(value) or value,
    "scopes": lambda value: translate(SCOPES.get(value, value)),
    "by": lambda value: translate(WAYS.get(value, value)),
    "confirmed_at": moment,
    "export": lambda value: translate(EXPORTS.get(value, value)),
    "cause": lambda value: word("breach", value),
    "basis": lambda value: translate(ERASED_BASIS[Cause(value)]),
}
