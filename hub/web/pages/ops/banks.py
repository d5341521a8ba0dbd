"""`/ops/banks`: the banks, how each stands, and its settings; secrets are never shown."""

from dataclasses import replace

from flask import Blueprint, Response

from hub.services.operating import banks
from hub.services.reading.operator.bank_settings import settings_of
from hub.services.reading.operator.clocks import clocks_of_bank
from hub.web.access import face
from hub.web.pages.ops.wording import adapter_name, setting_name, setting_text
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_staff, for_operators

pages = Blueprint("banks", __name__)


@pages.route("/banks")
@for_operators
def listed() -> Response:
    """Every bank with its clocks."""
    with face().hub.reading(current_staff().actor) as tx:
        rows = [(bank, adapter_name(bank.adapter), clocks_of_bank(tx, bank.code)) for bank in banks.list_all(tx)]
    return page("ops/banks.html", title=translate("银行"), rows=rows)


@pages.route("/banks/<code>")
@for_operators
def shown(code: str) -> Response:
    """One bank with every setting in force."""
    with face().hub.reading(current_staff().actor) as tx:
        bank = banks.get(tx, code)
        counts = clocks_of_bank(tx, bank.code)
    settings = [
        (
            setting_name(each.name),
            replace(each, text=None if each.text is None else setting_text(each.name, each.text, bank)),
        )
        for each in settings_of(bank)
    ]
    title = bank.name_en if page_language() == "en" else bank.name_zh
    return page(
        "ops/bank.html",
        title=title,
        bank=bank,
        counts=counts,
        settings=settings,
        adapter=adapter_name(bank.adapter),
        back="/ops/banks",
    )
