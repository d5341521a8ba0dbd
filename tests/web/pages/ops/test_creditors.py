"""The register of creditors, kept by operators: with a licence or not at all."""

import re
from html import unescape

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.creditor import CreditorKind, Regulator
from hub.services.operating import banks as bank_deeds
from hub.wiring import Hub
from tests.applications import ICBC
from tests.lenders import LENDER, LICENCE, add_lender
from tests.web.pages.operator import Operator
from tests.web.pages.portal.test_people import send

TYPED = {
    "code": LENDER,
    "name_zh": "晴川消费金融有限公司",
    "name_en": "Qingchuan Consumer Finance",
    "kind": "consumer_finance",
    "licence_no": LICENCE,
}


def there(hub: Hub) -> dict[str, Bank]:
    with hub.reading(HUB) as tx:
        return {bank.code: bank for bank in bank_deeds.list_all(tx)}


def test_an_operator_registers_opens_changes_and_closes_a_lender(
    hub: Hub, app: Flask, banks: dict[str, Bank], operator: Operator
) -> None:
    assert send(operator, "/ops/creditors", **TYPED).location == "/ops/creditors?done=creditor-added"
    added = there(hub)[LENDER]
    assert (added.kind, added.standing.licence_no, added.standing.regulator, added.is_open) == (
        CreditorKind.CONSUMER_FINANCE,
        LICENCE,
        Regulator.NFRA,
        False,
    )
    here = f"/ops/creditors/{LENDER}"
    assert LICENCE in unescape(operator.page("/ops/creditors"))
    send(operator, here, do="open")
    assert there(hub)[LENDER].is_open
    changed = {**TYPED, "kind": "small_loan", "licence_no": "渝金管〔2021〕12号", "regulator": "local"}
    assert send(operator, here, do="change", **changed).location == f"{here}?done=creditor-changed"
    assert there(hub)[LENDER].standing.regulator is Regulator.LOCAL
    send(operator, here, do="close")
    assert not there(hub)[LENDER].is_open
    assert "小额贷款公司" in unescape(operator.page(here))
    audit = unescape(operator.page("/ops/audit"))
    assert "许可证编号" in audit


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "花呗"}, "不是出借人"),
        ({"name_zh": "借呗"}, "不是出借人"),
        ({"licence_no": ""}, "714 高炮"),
        ({"licence_no": "无"}, "许可证上的编号"),
        ({"code": "abc"}, "8 位数字或大写字母"),
        ({"code": ICBC}, "已经登记过"),
        ({"kind": "pawnshop"}, "只能是"),
    ],
)
def test_what_is_no_creditor_is_refused_with_the_reason(
    hub: Hub, app: Flask, banks: dict[str, Bank], operator: Operator, changes: dict[str, str], said: str
) -> None:
    before = there(hub)
    answer = send(operator, "/ops/creditors", **{**TYPED, **changes})
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert there(hub) == before


def test_an_empty_form_names_every_field_that_is_needed_in_the_order_of_the_page(
    app: Flask, banks: dict[str, Bank], operator: Operator
) -> None:
    def said(**typed: str) -> list[str]:
        page = unescape(send(operator, "/ops/creditors", **typed).text)
        return re.findall(r'<li><a href="#f-\w+">([^<]*)</a></li>', page)

    assert said() == ["请填写代码。", "请填写中文名称。", "请填写英文名称。", "请选择机构类型。"]
    name, licence = said(code=LENDER, name_zh="晴川小额贷款有限公司", kind="small_loan")
    assert (name, licence.partition("。")[0]) == ("请填写英文名称。", "请填写许可证编号")
    # These are words for an operator, not for whoever borrowed.
    assert "110" not in licence
    assert "（选填）" not in operator.page("/ops/creditors").partition('name="licence_no"')[0].rpartition("<label")[2]


def test_a_licence_cannot_be_taken_away_and_an_unknown_creditor_is_not_found(
    hub: Hub, app: Flask, banks: dict[str, Bank], operator: Operator
) -> None:
    add_lender(hub)
    before = there(hub)
    answer = send(operator, f"/ops/creditors/{LENDER}", do="change", **{**TYPED, "licence_no": ""})
    assert (answer.status_code, there(hub)) == (422, before)
    assert send(operator, "/ops/creditors/ZZZZZZZZ", do="close").status_code == 404
