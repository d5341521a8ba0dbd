"""What the operator's pages say: in one language, in people's units, and of numbers that open something."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.delivery import MessageKind
from hub.domain.errors import RefusedForGood, TryAgain
from hub.mail.kinds import MailKind
from hub.services.accounts import client_accounts
from hub.services.operating import banks
from hub.web.pages.display_names import GROUPS
from hub.web.pages.ops.audit import details_of
from hub.wiring import Hub
from storage.mails import Reader
from tests.applications import CMB, ICBC
from tests.banks.simulated import SimulatedBank
from tests.conftest import Submit
from tests.web.pages.operator import Operator
from tests.web.pages.ops.stuck import reference_of


@pytest.fixture
def database(sqlite_database: str) -> str:
    """One kind is enough: words are the same on both."""
    return sqlite_database


def test_a_reference_opens_the_course_of_its_negotiation(
    operator: Operator, hub: Hub, simulated: SimulatedBank, submitted: Submit, work_off: Callable[[], int]
) -> None:
    simulated.answers.append(TryAgain("503"))
    there = submitted(CMB)
    work_off()
    reference = reference_of(hub, there)
    assert f'href="/ops/negotiations/{reference}"' in operator.read("/ops/deliveries")
    page = operator.read(f"/ops/negotiations/{reference}")
    for words in ("送达银行中", "招商银行", "等待送达", "对方答复 503", "协商申请"):
        assert words in page
    assert "王小明" not in page
    english = operator.read(f"/ops/negotiations/{reference}?lang=en")
    main = english[english.index("<main") : english.index("</main>")]
    assert not re.search(r"[\u4e00-\u9fff]", main)
    assert operator.web.get("/ops/negotiations/XS-20261121-000000").status_code == 404


def test_settings_stand_there_as_people_write_them(operator: Operator) -> None:
    page, english = operator.read(f"/ops/banks/{ICBC}"), operator.read(f"/ops/banks/{ICBC}?lang=en")
    for chinese, words in (
        ("50,000.00 元", "¥50,000.00"),
        ("3 天", "3 days"),
        ("本平台的银行工作台", "the portal of this platform"),
    ):
        assert chinese in page
        assert words in english
    assert not re.search(r"<td>\s*(true|false|5000000)\s*</td>", page)
    assert ("累计达到 2 期的" in page, "{void_after_missed}" in page) == (True, False)


def test_every_message_to_a_bank_and_every_mail_has_a_name() -> None:
    assert set(GROUPS["message"]) == set(MessageKind)
    assert set(GROUPS["mail"]) == set(MailKind)
    assert set(GROUPS["mail_reader"]) == set(Reader)


def test_the_audit_names_ways_settings_and_rights(operator: Operator, hub: Hub) -> None:
    with hub.writing(HUB) as tx:
        client_accounts.add(tx, name="an app", scopes=["applications:read"], bank_code=None)
        banks.change(tx, ICBC, {"max_counter_offers": "4"})
    page, english = operator.read("/ops/audit"), operator.read("/ops/audit?lang=en")
    assert ("客户最多提出方案的次数" in page, "查看申请" in page) == (True, True)
    assert "Counter-offers a cardholder can make" in english
    assert not [code for code in ("max_counter_offers", "applications:read") if code in page + english]


@pytest.mark.parametrize(
    ("detail", "chinese"),
    [
        ("503", "对方答复 503"),
        ("HTTP 404", "对方答复 404"),
        ("410: the bank takes no messages here any more", "410"),
        ("respCode 10", "respCode 10"),
        ("bank.example: no whole answer in time", "没有按时"),
        ("the name bank.example cannot be resolved", "域名"),
        ("bank.example shows another host key than the one that is set: SHA256:x", "公钥"),
        ("mail server: 550", "邮件服务器"),
        ("whatever a new adapter says", "hub delivery list"),
    ],
)
def test_why_a_delivery_failed_is_said_in_the_language_of_the_page(
    operator: Operator,
    simulated: SimulatedBank,
    submitted: Submit,
    work_off: Callable[[], int],
    detail: str,
    chinese: str,
) -> None:
    simulated.answers.append(RefusedForGood(detail))
    submitted(CMB)
    work_off()
    page = operator.read("/ops/deliveries")
    assert chinese in page
    assert "招商银行" in page
    assert not re.search(r"\b(the|bank takes|cannot|another|whatever)\b", re.sub(r"<[^>]+>", " ", page))
    assert detail in operator.read("/ops/deliveries?lang=en")


def test_every_fault_of_a_notice_is_shown_at_once(operator: Operator) -> None:
    form = operator.form("/ops/calendar/import", "/ops/calendar/check")
    wrong = {"year": "明年", "notice": " ", "published_on": "某天", "off": "某天", "work": "2027-01-06"}
    page = operator.send("/ops/calendar/check", {**form, **wrong}).get_data(as_text=True)
    for name in ("year", "notice", "published_on", "off"):
        assert re.search(rf'name="{name}"[^>]*aria-invalid|aria-invalid[^>]*name="{name}"', page), name


def test_the_audit_says_roles_and_settings_before_and_after_in_words(app: Flask) -> None:
    with app.test_request_context("/"):
        found = details_of({"before": "reviewer", "after": "offer_days=9; hotline=95599"})
    assert [words for _, words in found] == ["经办", "方案有效天数：9；客服电话：95599"]
