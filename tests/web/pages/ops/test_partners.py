"""Licensed lenders at the operator's pages: added, looked at before they are kept, changed, switched off."""

from __future__ import annotations

from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.services.operating import audit
from hub.services.referrals import partners
from hub.wiring import Hub
from tests.services.referrals.partner import CODE, add_partner
from tests.web.pages.operator import Operator, forms_of

TYPED: dict[str, Any] = {
    "code": CODE,
    "name_zh": "安信消费金融",
    "name_en": "Anxin Consumer Finance",
    "licence_no": "L0001H211000001",
    "kinds": "at_the_end",
    "max_annual_percent": "18",
    "example_principal_fen": "10000",
    "example_cost_fen": "80",
    "example_months": "1",
    "url": "https://anxin.example/",
    "handover_url": "https://anxin.example/referrals",
}


def send(operator: Operator, address: str, **changes: Any) -> Any:
    form = operator.form(address, address)
    return operator.send(address, {**form, **TYPED, **changes})


def test_a_partner_is_looked_at_and_then_kept(operator: Operator, hub: Hub) -> None:
    assert "还没有转介机构" in operator.read("/ops/partners")
    checked = send(operator, "/ops/partners/new")
    text = checked.get_data(as_text=True)
    assert checked.status_code == 200
    assert "9.60%（单利），10.03%（复利）" in text
    with hub.reading(HUB) as tx:
        assert partners.list_all(tx) == []
    [hidden] = forms_of(checked)["/ops/partners/new"]
    done = operator.send("/ops/partners/new", {**hidden, "step": "send"})
    assert done.location == "/ops/partners?done=kept"
    page = operator.read(done.location)
    assert "已保存" in page
    assert "缺签名密钥" in page
    with hub.reading(HUB) as tx:
        assert [line.kind for line in audit.newest(tx, limit=1)] == ["partner_added"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"licence_no": ""}, "没有牌照号码"),
        ({"example_cost_fen": "160"}, "超过了这家机构的上限"),
        ({"max_annual_percent": "24.01"}, "不超过 24%"),
        ({"handover_url": "http://10.0.0.1/x"}, "内网"),
        ({"handover_url": "anxin"}, "完整的网址"),
        ({"url": "http://anxin.example/"}, "https://"),
        ({"code": "An Xin"}, "小写字母"),
    ],
)
def test_a_partner_without_a_licence_or_above_its_ceiling_is_not_kept(
    operator: Operator, hub: Hub, changes: dict[str, Any], words: str
) -> None:
    refused = send(operator, "/ops/partners/new", **changes)
    assert refused.status_code == 422
    assert words in refused.get_data(as_text=True)
    with hub.reading(HUB) as tx:
        assert partners.list_all(tx) == []


def test_a_partner_is_changed_and_switched_off(operator: Operator, hub: Hub) -> None:
    add_partner(hub)
    address = f"/ops/partners/{CODE}"
    checked = send(operator, address, name_zh="安信新名", is_off="1")
    text = checked.get_data(as_text=True)
    assert "有变化的" in text
    assert "停用以后不再展示" in text
    [hidden] = forms_of(checked)[address]
    edited = operator.send(address, {**hidden, "step": "edit"})
    assert "安信新名" in edited.get_data(as_text=True)
    operator.send(address, {**hidden, "step": "send"})
    with hub.reading(HUB) as tx:
        kept = partners.get(tx, CODE)
        kinds = [line.kind for line in audit.newest(tx, limit=2)]
    assert (kept.partner.name_zh, kept.off_at is not None, kept.is_offered) == ("安信新名", True, False)
    assert sorted(kinds) == ["partner_off", "partner_set"]
    assert "已停用" in operator.read("/ops/partners")


def test_no_page_shows_a_secret(operator: Operator, hub: Hub) -> None:
    secret = add_partner(hub)
    for address in ("/ops/partners", f"/ops/partners/{CODE}"):
        page = operator.read(address)
        assert secret not in page
        assert "whsec_" not in page
