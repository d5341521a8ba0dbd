"""`/ops/creditors`: the register of whom an application can name as creditor, with what licenses each.

How the way to one is, its people and its settings stand on its page under `/ops/banks`. Each change is audited.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import Blueprint, Response, request

from hub.domain import labels
from hub.domain.bank import Bank
from hub.domain.creditor import CreditorKind, Regulator, read_code, read_standing
from hub.domain.errors import Fault, InvalidValue, Malformed, Refused
from hub.services.operating import banks
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.field_names import FormFields
from hub.web.pages.forms import FormState, filled, typed_values
from hub.web.pages.fresh_sign_in import require_fresh_sign_in
from hub.web.pages.once import do_once
from hub.web.pages.ops.results import CREDITOR_ADDED, CREDITOR_CHANGED, CREDITOR_CLOSED, CREDITOR_OPENED, done_notice
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_staff, for_operators

pages = Blueprint("creditors", __name__)

_WORDS = ("name_zh", "name_en", "kind", "licence_no", "regulator")
FIELDS = FormFields(
    {
        "code": marked("代码"),
        "name_zh": marked("中文名称"),
        "name_en": marked("英文名称"),
        "kind": marked("机构类型"),
        "licence_no": marked("许可证编号"),
        "regulator": marked("监管机构"),
    },
    chosen=frozenset({"kind"}),
)
_NEEDED = ("code", "name_zh", "name_en", "kind")
# Where on the form a rule that was broken stands; of names and of what is unknown here, at the name.
_PLACES: Mapping[str, str] = {
    "bank_code": "/code",
    "creditor_code_form": "/code",
    "creditor_there": "/code",
    "licence_required": "/licence_no",
    "licence_form": "/licence_no",
    "kind_in_use": "/kind",
    "setting_choice": "/kind",
}


@pages.route("/creditors")
@for_operators
def listed() -> Response:
    """Every creditor with its kind, licence and regulator, and a form for a further one."""
    return _list_page(FormState(fields=FIELDS))


def _list_page(state: FormState, status: int = 200) -> Response:
    with face().hub.reading(current_staff().actor) as tx:
        found = banks.list_all(tx)
    return page(
        "ops/creditors.html",
        title=translate("债权机构"),
        status=status,
        rows=found,
        state=state,
        done=done_notice(),
        **_choices(),
    )


def _choices() -> dict[str, list[tuple[str, str]]]:
    return {
        "kinds": [(each, translate(labels.CREDITOR_KINDS[each])) for each in CreditorKind],
        "regulators": [(each, translate(labels.REGULATORS[each])) for each in Regulator],
    }


@pages.route("/creditors", methods=["POST"])
@for_operators
def add() -> Response:
    """The creditor is in the register, works in the portal, and takes applications once it is opened."""
    require_fresh_sign_in()
    typed = {name: request.form.get(name, "").strip() for name in ("code", *_WORDS)}

    def do(tx: HubTransaction) -> None:
        _require_filled(typed)
        code = read_code(typed["code"])
        if any(bank.code == code for bank in banks.list_all(tx)):
            raise InvalidValue("creditor_there")
        standing = read_standing(**{name: typed[name] for name in _WORDS[2:]})
        names = {name: typed[name] for name in _WORDS[:2]}
        banks.add(tx, code=code, **names, adapter="portal", settings={}, is_open=False, standing=standing)

    return _done(do, "/ops/creditors", CREDITOR_ADDED, _list_page)


@pages.route("/creditors/<code>")
@for_operators
def shown(code: str) -> Response:
    """One creditor, with the form that changes what it is."""
    with face().hub.reading(current_staff().actor) as tx:
        bank = banks.get(tx, code)
    standing = bank.standing
    there = (bank.name_zh, bank.name_en, standing.kind, standing.licence_no or "", standing.regulator)
    return _page(bank, replace(filled(dict(zip(_WORDS, there, strict=True))), fields=FIELDS))


def _page(bank: Bank, state: FormState, status: int = 200) -> Response:
    return page(
        "ops/creditor.html",
        title=bank.name(page_language()),
        status=status,
        bank=bank,
        state=state,
        done=done_notice(),
        back="/ops/creditors",
        **_choices(),
    )


@pages.route("/creditors/<code>", methods=["POST"])
@for_operators
def change(code: str) -> Response:
    """The creditor is called so, and is of that kind and licence; or it takes new applications, or none."""
    with face().hub.reading(current_staff().actor) as tx:
        bank = banks.get(tx, code)
    require_fresh_sign_in()
    typed = {name: request.form.get(name, "").strip() for name in _WORDS}
    deeds: Mapping[str, tuple[str, Callable[[HubTransaction], object]]] = {
        "change": (CREDITOR_CHANGED, lambda tx: banks.change(tx, code, typed)),
        "open": (CREDITOR_OPENED, lambda tx: banks.open_or_close(tx, code, is_open=True)),
        "close": (CREDITOR_CLOSED, lambda tx: banks.open_or_close(tx, code, is_open=False)),
    }
    if request.form.get("do") not in deeds:
        raise Malformed("form_syntax")
    done, do = deeds[request.form["do"]]
    return _done(do, f"/ops/creditors/{code}", done, lambda state, status: _page(bank, state, status))


def _require_filled(typed: Mapping[str, str]) -> None:
    """Nothing; raises `Refused` with every field that was left empty and is needed, a licence but for a bank."""
    empty = [Fault(f"/{name}", "required") for name in _NEEDED if not typed[name]]
    if typed["kind"] not in ("", CreditorKind.BANK) and not typed["licence_no"]:
        empty.append(Fault("/licence_no", "licence_required"))
    if empty:
        raise Refused(*empty)


def _done(
    do: Callable[[HubTransaction], object],
    address: str,
    done: str,
    shown_again: Callable[[FormState, int], Response],
) -> Response:
    def effect(tx: HubTransaction) -> str:
        try:
            do(tx)
        except InvalidValue as error:
            raise Refused(_at_its_place(error)) from error
        return f"{address}?done={done}"

    try:
        return do_once(current_staff(), effect)
    except Refused as error:
        return shown_again(FormState(values=typed_values(request.form), faults=error.faults, fields=FIELDS), 422)


def _at_its_place(error: InvalidValue) -> Fault:
    typed_code = request.form.get("code", "").strip()
    if error.code == "platform_is_no_creditor":
        return error.at("/code" if error.params.get("name") == typed_code[:20] else "/name_zh")
    if error.code == "setting_choice":
        return error.at(f"/{error.params['key']}")
    return error.at(_PLACES.get(error.code, "/name_zh"))
