"""`/portal/bank`: what a bank may change itself, what waits for a second person, and what was changed."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, request

from hub.domain.approval import APPROVING_ROLES, MOST_LEVELS
from hub.domain.bank import Bank, BankRules
from hub.domain.errors import Fault, InvalidValue, Malformed, NotFound, Refused
from hub.domain.instalment_estimate import PartialRefund
from hub.domain.own_settings import (
    CARD,
    CONTACT,
    INSTALMENTS,
    LIMITS,
    LONG,
    MAILS,
    OWN_KEYS,
    SECRET,
    SECRET_RENEWED,
    SERVICES,
    SIGN_ON,
    TEXTS,
    ChangeStatus,
    text_of,
)
from hub.domain.service_request import Service, read_services
from hub.domain.sign_on import SecondFactor
from hub.domain.staff import Role
from hub.mail.message import html_of
from hub.mail.samples import KINDS, sample
from hub.services.operating import banks, own_settings
from hub.services.reading.bank.people import names_of
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.forms import FormState, typed_values
from hub.web.pages.fresh_sign_in import require_fresh_sign_in
from hub.web.pages.once import do_once
from hub.web.pages.ops.wording import adapter_name, setting_name, setting_text
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.rendering import PRIVATE, page
from hub.web.pages.translation import translate
from hub.web.pages.typed_input import typed_fen
from hub.web.pages.unfinished import keeps_unfinished, left_at
from hub.web.pages.visitors import current_staff, for_bank

_HERE: Final = "/portal/bank"
_MOST_SHOWN: Final = 50
_MAIL_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
_SECTIONS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "contact": (marked("联系方式"), CONTACT),
    "mails": (marked("邮件"), MAILS),
    "limits": (marked("限额和期限"), LIMITS),
    "services": (marked("开通的服务"), SERVICES),
    "card": (marked("公布的计息方式"), CARD),
    "instalments": (marked("分期取消和提前结清"), INSTALMENTS),
    "texts": (marked("协议文本"), TEXTS),
    "sign_on": (marked("统一登录"), SIGN_ON),
}
# Decided with the operator: they are what the hub promises cardholders, or how the bank is reached.
_OF_OPERATOR: Final = (
    "response_days",
    "instalment_response_days",
    "closes_at",
    "max_renegotiations",
    "void_after_missed",
    "grace_days",
)
_YES_OR_NO: Final = frozenset(name for name in OWN_KEYS if isinstance(getattr(BankRules(), name), bool))
_DONE: Final = {
    ChangeStatus.IN_FORCE: marked("已保存，从现在起有效。已经给出的方案和签署的协议不受影响。"),
    ChangeStatus.ASKED: marked(
        "放宽复核或改变统一登录的设置已提出，等另一位管理员或主管确认后生效；其他修改已经生效。"
    ),
    ChangeStatus.REFUSED: marked("这项修改不会生效。"),
}


@pages.route("/bank")
@for_bank()
def bank_settings() -> Response:
    """The settings in force, those that only the operator changes, and every change with before and after."""
    return _page(FormState())


def _page(state: FormState, status: int = 200, *, of: str = "") -> Response:
    """The page; `state` is that of the form of the section `of`, the others are as they were left."""
    person = current_staff()
    may_change = person.role == Role.BANK_ADMIN
    with face().hub.reading(person.actor) as tx:
        bank = banks.get(tx, person.bank)
        changes = _changes(tx, bank)
        left = {code: left_at(tx, f"{_HERE}/{code}") if may_change else None for code in _SECTIONS}
    states = {code: state if code == of else left[code] or FormState() for code in _SECTIONS}
    done = _DONE.get(ChangeStatus(request.args["done"])) if request.args.get("done") in set(_DONE) else None
    return page(
        "portal/bank.html",
        title=translate("本行设置"),
        status=status,
        state=state,
        sections=[
            (code, translate(name), [_field(bank, key, states[code]) for key in keys], states[code])
            for code, (name, keys) in _SECTIONS.items()
        ],
        of_operator=_of_operator(bank),
        waiting=[each for each in changes if each["status"] == ChangeStatus.ASKED],
        changes=[each for each in changes if each["status"] != ChangeStatus.ASKED],
        samples=[(str(kind), word("mail", kind)) for kind in KINDS],
        version=bank.rules.clauses.version,
        may_change=may_change,
        may_confirm=person.role in own_settings.CONFIRMING,
        levels=_levels(bank, states["limits"]),
        partial_refunds=[(str(each), word("partial_refund", each)) for each in PartialRefund],
        second_factors=[(str(each), word("second_factor", each)) for each in SecondFactor],
        services=[(str(each), word("service", each)) for each in Service],
        has_secret=bool(bank.settings.get(SECRET)),
        level_roles=[("", translate("不设这一级")), *((str(role), word("role", role)) for role in APPROVING_ROLES)],
        done="" if done is None else translate(done),
    )


def _field(bank: Bank, key: str, state: FormState) -> dict[str, Any]:
    now = text_of(bank.rules, key)
    return {
        "key": key,
        "label": setting_name(key) or key,
        "now": setting_text(key, now, bank) if key.endswith("_fen") else now,
        "shown": setting_words(bank, key, now),
        "kind": "yes_or_no" if key in _YES_OR_NO else "text" if key in LONG else "line",
        "typed": state.value(key, setting_text(key, now, bank) if key.endswith("_fen") else now),
        "is_default": not bank.settings.get(key),
    }


def setting_words(bank: Bank, key: str, text: str) -> str:
    """The value as people read it; levels as roles and sums."""
    if key == "approval_levels":
        levels = [part.partition(":") for part in text.partition(";")[0].split(",") if part]
        return "；".join(
            translate("超过 %(sum)s：%(role)s", sum=setting_text("above_fen", above, bank), role=word("role", role))
            for above, _, role in levels
        )
    if key == "sign_on_second_factor":
        return word("second_factor", text)
    if key == "instalment_partial_refund":
        return word("partial_refund", text)
    if key == SECRET and text:
        return translate("已换成新的，不显示") if text == SECRET_RENEWED else translate("已设置，不显示")
    return setting_text(key, text, bank)


def _levels(bank: Bank, state: FormState) -> list[tuple[str, str]]:
    """(sum in yuan, role) of each level that can be set."""
    set_now = [
        (setting_text("above_fen", str(each.above_fen), bank).removesuffix(" 元"), str(each.role))
        for each in bank.rules.approval_levels.levels
    ]
    rows = [*set_now, *[("", "")] * MOST_LEVELS][: max(3, len(set_now))]
    return [
        (state.value(f"level_{n}_above", above), state.value(f"level_{n}_role", role))
        for n, (above, role) in enumerate(rows)
    ]


def _of_operator(bank: Bank) -> list[tuple[str, str]]:
    shown = [(translate("接入方式"), adapter_name(bank.adapter))]
    return shown + [
        (setting_name(key), setting_words(bank, key, text_of(bank.rules, key)) or translate("未设置"))
        for key in _OF_OPERATOR
    ]


def _changes(tx: HubTransaction, bank: Bank) -> list[dict[str, Any]]:
    names = names_of(tx, bank.code)
    return [
        {
            "id": each.id,
            "status": ChangeStatus(each.status),
            "words": [
                (setting_name(key) or key, setting_words(bank, key, before), setting_words(bank, key, after))
                for key, (before, after) in own_settings.words_of(each).items()
            ],
            "asked_by": names.get(f"bank:staff/{each.asked_by}", ""),
            "is_own": each.asked_by == current_staff().id,
            "asked_at": each.asked_at,
            "decided_by": names.get(f"bank:staff/{each.decided_by}", "") if each.decided_by else "",
        }
        for each in own_settings.newest(tx, bank.code, limit=_MOST_SHOWN)
    ]


@pages.route("/bank/<section>", methods=["POST"])
@for_bank(Role.BANK_ADMIN)
@keeps_unfinished
def change_bank(section: str) -> Response:
    """What the section's form says is in force, but for what loosens a control, which waits for a second person."""
    if section not in _SECTIONS:
        raise NotFound
    _, keys = _SECTIONS[section]
    require_fresh_sign_in()
    person = current_staff()

    def effect(tx: HubTransaction) -> str:
        words = _typed(banks.get(tx, person.bank), keys)
        return f"{_HERE}?done={own_settings.change(tx, person, words)}"

    try:
        return do_once(person, effect)
    except Refused as error:
        return _page(FormState(values=typed_values(request.form), faults=error.faults), 422, of=section)


def _typed(bank: Bank, keys: tuple[str, ...]) -> dict[str, str]:
    """What was typed for `keys`, as the settings' readers take it; a field that was not sent stays as it is."""
    words = {}
    for key in keys:
        if key == "approval_levels":
            if "level_0_above" in request.form:
                words[key] = _typed_levels(bank)
        elif key in SERVICES:
            words[key] = _ticked(request.form.getlist(key))
        elif key in request.form:
            typed = request.form[key].replace("\r\n", "\n").strip()
            words[key] = _fen(key, typed) if key.endswith("_fen") and typed else typed
    if keys is SIGN_ON and request.form.get(SECRET):
        words[SECRET] = request.form[SECRET]
    return words


def _ticked(services: list[str]) -> str:
    try:
        return ",".join(read_services(",".join(services)))
    except InvalidValue as error:
        raise Refused(error.at("/services")) from None


def _typed_levels(bank: Bank) -> str:
    found = []
    for n in range(MOST_LEVELS):
        above, role = request.form.get(f"level_{n}_above", "").strip(), request.form.get(f"level_{n}_role", "")
        if role:
            found.append(f"{_fen('approval_levels', above)}:{role}")
    up = bank.rules.approval_levels.waived_principal_up
    return ",".join(found) + (f";waived_principal:+{up}" if found and up else "")


def _fen(key: str, typed: str) -> str:
    try:
        return str(typed_fen(typed))
    except InvalidValue as error:
        raise Refused(error.at(f"/{key}")) from None


@pages.route("/bank/mails/<kind>")
@for_bank()
def sample_mail(kind: str) -> Response:
    """A mail about invented cases in the bank's style, as a page that can run and fetch nothing."""
    person, hub = current_staff(), face().hub
    with hub.reading(person.actor) as tx:
        words = sample(kind, banks.get(tx, person.bank), public_url=tx.public_url, now=tx.now)
    response = Response(html_of(words), content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _MAIL_POLICY
    response.headers["Cache-Control"] = PRIVATE
    return response


@pages.route("/bank/changes/<id:change_id>", methods=["POST"])
@for_bank(Role.BANK_ADMIN, Role.SUPERVISOR)
def decide_change(change_id: str) -> Response:
    """What waited is in force, or is not done."""
    doing = request.form.get("do", "")
    deeds = {"confirm": own_settings.confirm, "refuse": own_settings.refuse}
    require_fresh_sign_in()
    person = current_staff()
    done = ChangeStatus.IN_FORCE if doing == "confirm" else ChangeStatus.REFUSED

    def effect(tx: HubTransaction) -> str:
        own_settings.waiting(tx, person, change_id)
        if doing not in deeds:
            raise Malformed("form_syntax")
        deeds[doing](tx, person, change_id)
        return f"{_HERE}?done={done}"

    try:
        return do_once(person, effect)
    except Refused as error:
        faults = tuple(Fault("", each.code, each.params) for each in error.faults)
        return _page(FormState(faults=faults), 422)
