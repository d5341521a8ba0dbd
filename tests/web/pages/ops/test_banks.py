"""A bank's settings at the operator's pages."""

from __future__ import annotations

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.services.operating import banks as bank_deeds
from hub.services.reading.operator.bank_settings import settings_of
from hub.wiring import Hub
from tests.applications import ICBC
from tests.web.pages.operator import Operator


def test_settings_are_shown_and_secrets_are_not(operator: Operator, hub: Hub) -> None:
    with hub.writing(HUB) as tx:
        bank_deeds.change(tx, ICBC, {"hotline": "95588", "response_days": "5"})
        bank = bank_deeds.get(tx, ICBC)
    page = operator.read(f"/ops/banks/{ICBC}")
    assert "95588" in page
    settings = {"secret": "whsec_abc", "url": "https://user:pw@bank.example/x", "sftp_password": "pw"}
    own = settings_of(Bank(code=ICBC, name_zh="", name_en="", adapter="webhook", settings=settings, rules=bank.rules))
    shown = {each.name: each.text for each in own if each.name in settings}
    assert shown == {"secret": None, "sftp_password": None, "url": "https://…@bank.example/x"}
    assert operator.web.get("/ops/banks/99999999").status_code == 404
