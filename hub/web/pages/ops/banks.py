"""`/ops/banks`: the banks, how the way to each is, its people and its settings; secrets are never shown."""

from dataclasses import replace

from flask import Blueprint, Response

from hub.domain.own_settings import CONTROLS, OWN_KEYS, SECRET, SIGN_ON
from hub.domain.service_request import Service
from hub.services.operating import banks
from hub.services.reading import accounts
from hub.services.reading.operator import MOST_SHOWN
from hub.services.reading.operator.bank_settings import settings_of
from hub.services.reading.operator.clocks import clocks_of_bank
from hub.services.reading.operator.lines import Line, lines_of
from hub.services.reading.operator.messages import list_given_up, list_held_up
from hub.services.reading.operator.refusals import list_refused
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.display_names import word
from hub.web.pages.field_names import FormFields
from hub.web.pages.forms import FormState
from hub.web.pages.ops.results import done_notice
from hub.web.pages.ops.wording import adapter_name, reason_of, setting_name, setting_text
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_staff, for_operators
from hub.web.task_sentences import OTHER_REASON, REASONS

pages = Blueprint("banks", __name__)

FIELDS = FormFields({"email": marked("邮箱"), "name": marked("姓名")})


@pages.route("/banks")
@for_operators
def listed() -> Response:
    """Every bank with how the way to it is, and its clocks."""
    with face().hub.reading(current_staff().actor) as tx:
        found = banks.list_all(tx)
        lines = lines_of(tx, {bank.code: bank.adapter for bank in found})
        rows = [(bank, adapter_name(bank.adapter), lines[bank.code], clocks_of_bank(tx, bank.code)) for bank in found]
    return page("ops/banks.html", title=translate("银行"), rows=rows, tone_of=tone_of)


def tone_of(line: Line) -> str:
    """The light of that line: good, warn or bad."""
    if line.closed_until is not None:
        return "bad"
    trouble = line.failures or line.collect_failures or line.given_up or line.failing
    return "warn" if trouble else "good"


@pages.route("/banks/<code>")
@for_operators
def shown(code: str) -> Response:
    """One bank: how the way to it is, its people, and every setting in force with who may change it."""
    return bank_page(code, FormState(fields=FIELDS))


def bank_page(code: str, state: FormState, status: int = 200) -> Response:
    """The page of that bank with the form of `state`."""
    with face().hub.reading(current_staff().actor) as tx:
        bank = banks.get(tx, code)
        counts, people = clocks_of_bank(tx, bank.code), accounts.list_of_bank(tx, bank.code)
        line = lines_of(tx, {bank.code: bank.adapter})[bank.code]
        stuck = [each for each in (*list_given_up(tx), *list_held_up(tx)) if each.bank_code == bank.code]
        refused = [
            (each, translate(REASONS.get(each.code, OTHER_REASON)))
            for each in list_refused(tx, limit=MOST_SHOWN, unseen_only=True)
            if each.bank_code == bank.code
        ]
    settings = [
        (
            setting_name(each.name),
            replace(each, text=None if each.text is None else setting_text(each.name, each.text, bank)),
            _who_changes(each.name),
        )
        for each in settings_of(bank)
    ]
    title = bank.name_en if page_language() == "en" else bank.name_zh
    return page(
        "ops/bank.html",
        title=title,
        status=status,
        bank=bank,
        counts=counts,
        line=line,
        tone=tone_of(line),
        reasons=list(dict.fromkeys(reason_of(each.detail) for each in stuck if each.detail)),
        refused=refused,
        bank_names={},
        people=people,
        state=state,
        done=done_notice(),
        settings=settings,
        adapter=adapter_name(bank.adapter),
        services=FormState(values={"services": [str(each) for each in bank.rules.services]}),
        service_options=[(str(each), word("service", each)) for each in Service],
        back="/ops/banks",
    )


def _who_changes(name: str) -> str:
    if name in CONTROLS:
        return translate("银行管理员；放宽要第二人确认")
    if name in SIGN_ON:
        return translate("银行管理员；要第二人确认")
    return translate("银行管理员") if name in (*OWN_KEYS, SECRET) else translate("平台")
