"""A bank's administrators set its sign-on themselves; who gets in by it is said by two."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest

from hub.domain.actor import HUB
from hub.services.operating import audit, banks
from hub.wiring import Hub
from storage.records import BankChangeRecord, BankRecord, PageSessionRecord
from tests.applications import ICBC
from tests.web.pages.portal.test_bank import HERE, admin, lead, rules, stored, waiting
from tests.web.pages.portal.test_people import send
from tests.web.pages.visitor import Visitor

__all__ = ["admin", "lead"]

FORM_AT = f"{HERE}/sign_on"
SECRET = "s3cret-of-the-client"
FORM = {
    "sign_on_issuer": "https://id.icbc.example",
    "sign_on_client_id": "hub",
    "sign_on_claim": "email",
    "sign_on_domains": "icbc.example",
    "sign_on_second_factor": "asserted",
    "sign_on_acr": "",
    "sign_on_secret": SECRET,
}


def test_a_sign_on_is_asked_for_by_one_confirmed_by_another_and_shown_before_and_after(
    hub: Hub, admin: Visitor, lead: Visitor
) -> None:
    assert send(admin, FORM_AT, **FORM).location == f"{HERE}?done=asked"
    assert rules(hub).sign_on_issuer == ""
    there = f"{HERE}/changes/{waiting(hub)}"
    assert send(admin, there, do="confirm").status_code == 422
    for words in ("https://id.icbc.example", "未生效", "改变谁能用统一登录进来"):
        assert words in unescape(lead.page(HERE))
    assert send(lead, there, do="confirm").location == f"{HERE}?done=in_force"
    found = rules(hub)
    assert (found.sign_on_issuer, found.sign_on_domains) == ("https://id.icbc.example", ("icbc.example",))
    with hub.reading(HUB) as tx:
        assert banks.get(tx, ICBC).sign_on is not None
        lines = {each.about: each.details for each in audit.newest(tx) if each.kind == "bank_setting_changed"}
    assert lines["sign_on_issuer"] == {"before": "", "after": "https://id.icbc.example"}
    shown = unescape(admin.page(HERE)).partition("修改记录")[2]
    assert "https://id.icbc.example" in shown


def test_the_secret_counts_at_once_is_sealed_and_stands_nowhere_else(hub: Hub, admin: Visitor) -> None:
    assert send(admin, FORM_AT, sign_on_secret=SECRET).location == f"{HERE}?done=in_force"
    with hub.reading(HUB) as tx:
        record = tx.session.get_one(BankRecord, ICBC)
        assert banks.get(tx, ICBC).settings["sign_on_secret"] == SECRET
        assert SECRET not in str(record.settings)
        assert SECRET.encode() not in (record.secrets_sealed or b"")
        [change] = tx.session.query(BankChangeRecord)
        assert change.words == {"sign_on_secret": ["", "renewed"]}
        assert not [each for each in audit.newest(tx) if SECRET in str(each.details)]
        assert "sign_on_secret" in [each.about for each in audit.newest(tx) if each.kind == "bank_setting_changed"]
    shown = unescape(admin.page(HERE))
    assert SECRET not in shown
    assert "已换成新的，不显示" in shown
    # An empty field keeps it.
    send(admin, FORM_AT, sign_on_secret="", sign_on_acr="two")
    with hub.reading(HUB) as tx:
        assert banks.get(tx, ICBC).settings["sign_on_secret"] == SECRET


def test_switching_it_off_counts_at_once(hub: Hub, admin: Visitor) -> None:
    with hub.writing(HUB) as tx:
        banks.change(tx, ICBC, {"sign_on_issuer": "https://id.icbc.example", "sign_on_client_id": "hub"})
    assert send(admin, FORM_AT, sign_on_issuer="").location == f"{HERE}?done=in_force"
    with hub.reading(HUB) as tx:
        assert banks.get(tx, ICBC).sign_on is None


def test_a_sign_on_that_waits_leaves_a_limit_that_waits(hub: Hub, admin: Visitor) -> None:
    send(admin, f"{HERE}/limits", four_eyes_above_fen="90,000")
    send(admin, FORM_AT, **FORM)
    send(admin, FORM_AT, **{**FORM, "sign_on_client_id": "another", "sign_on_secret": ""})
    with hub.reading(HUB) as tx:
        asked = [sorted(each.words) for each in tx.session.query(BankChangeRecord).filter_by(status="asked")]
    assert sorted(len(each) for each in asked) == [1, 4]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"sign_on_issuer": "ftp://id.icbc.example"}, "f-sign_on_issuer-error"),
        ({"sign_on_domains": "no domain"}, "f-sign_on_domains-error"),
        ({"sign_on_second_factor": "none"}, "f-sign_on_second_factor-error"),
        ({"sign_on_claim": "a b"}, "f-sign_on_claim-error"),
        ({"sign_on_client_id": ""}, "f-sign_on_client_id-error"),
        ({"sign_on_secret": "x" * 201}, "f-sign_on_secret-error"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    hub: Hub, admin: Visitor, changed: dict[str, Any], words: str
) -> None:
    before = stored(hub)
    answer = send(admin, FORM_AT, **{**FORM, **changed})
    shown = answer.get_data(as_text=True)
    assert (answer.status_code, words in shown, SECRET in shown) == (422, True, False)
    assert stored(hub) == before


def test_it_needs_a_fresh_sign_in(hub: Hub, admin: Visitor) -> None:
    before = stored(hub)
    with hub.writing(HUB) as tx:
        tx.session.query(PageSessionRecord).update({"proved_at": None})
    assert admin.web.post(FORM_AT, data={"csrf_token": admin.token(), **FORM}).status_code == 401
    assert stored(hub) == before
