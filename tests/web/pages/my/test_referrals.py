"""Referrals as a person uses them: the sheet, the consent, taking it back; and where nobody is referred."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.referral_consent import TEXT
from hub.services.operating.invariants import breaches
from hub.services.referrals import partners
from hub.wiring import Hub
from storage.records import ReferralConsentRecord, ReferralMessageRecord, ReferralRecord
from tests.services.referrals.partner import CODE, add_partner
from tests.web.pages.my.test_calendar import added
from tests.web.pages.reader import Page, Reader
from tests.web.pages.reading_aloud import foreign, said_in


@pytest.fixture
def partner(hub: Hub) -> None:
    """A lender that people are shown."""
    add_partner(hub)


def rows(hub: Hub, table: Any) -> int:
    with hub.reading(HUB) as tx:
        return tx.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def sheet(reader: Reader) -> Page:
    return reader.open("/my/referrals").press("看说明书 安信消费金融")


def consented(reader: Reader, **changes: Any) -> Page:
    return sheet(reader).press("同意并转介", {"name": "王小明", "agree": ["1"], **changes})


@pytest.mark.usefixtures("partner")
def test_the_calendar_and_the_load_lead_to_licensed_lenders_where_nothing_is_overdue(reader: Reader) -> None:
    for address in ("/my/calendar", "/my/load"):
        assert "/my/referrals" in reader.open(address).links
    added(reader, is_overdue=["1"])
    for address in ("/my/calendar", "/my/load"):
        assert "/my/referrals" not in reader.open(address).links


@pytest.mark.usefixtures("partner")
def test_whoever_agreed_to_something_finds_it_again_although_a_payment_is_overdue_now(reader: Reader) -> None:
    assert "/my/referrals" not in reader.open("/my/").links
    consented(reader)
    added(reader, is_overdue=["1"])
    assert "/my/referrals" in reader.open("/my/").links


def test_without_a_partner_nobody_is_led_there(reader: Reader) -> None:
    assert "/my/referrals" not in reader.open("/my/calendar").links
    assert "现在没有可以转介的机构" in reader.open("/my/referrals").text


@pytest.mark.usefixtures("partner")
def test_the_sheet_shows_lender_licence_cost_total_default_and_what_else_is_possible(reader: Reader, hub: Hub) -> None:
    shown = sheet(reader)
    text = shown.text.replace("\u00a0", " ")
    for words in (
        "安信消费金融",
        "L0001H211000001",
        "10,000.00 元",
        "10,080.00 元",
        "9.60%（单利），10.03%（复利）",
        "还不上会怎样",
        "罚息",
        "和银行协商：分期、延期、减免，免费",
        "每个月一样长算",
        "账单、负担、银行、证件都不提供",
        TEXT.version,
        TEXT.sha256[:16],
    ):
        assert words in text, words
    assert "/apply/" in shown.links
    assert (rows(hub, ReferralRecord), rows(hub, ReferralMessageRecord)) == (1, 0)
    assert sheet(reader).address == shown.address


@pytest.mark.usefixtures("partner")
def test_nothing_is_handed_over_without_a_tick(reader: Reader, hub: Hub) -> None:
    wrong: tuple[dict[str, Any], ...] = ({"agree": []}, {"name": ""}, {"email": "nobody"})
    for changes in wrong:
        again = consented(reader, **changes)
        assert again.status == 422
    assert (rows(hub, ReferralConsentRecord), rows(hub, ReferralMessageRecord)) == (0, 0)


@pytest.mark.usefixtures("partner")
def test_a_page_of_an_older_text_is_not_taken_for_a_consent_to_the_newer(reader: Reader, hub: Hub) -> None:
    assert consented(reader, version="2020-01").status == 422
    assert rows(hub, ReferralConsentRecord) == 0


@pytest.mark.usefixtures("partner")
def test_a_consent_is_given_and_taken_back_on_the_same_page(reader: Reader, hub: Hub) -> None:
    page = consented(reader)
    assert "已同意转介" in page.text
    assert "姓名 王小明" in page.text
    back = page.press("撤回同意")
    assert "您已经撤回" in back.text
    assert "王小明" not in back.text
    with hub.reading(HUB) as tx:
        [row] = tx.session.scalars(sa.select(ReferralRecord))
        assert (row.status, row.contents_sealed) == ("revoked", None)
        assert list(breaches(tx, hub.store)) == []
    assert "已撤回" in reader.open("/my/referrals").text


@pytest.mark.usefixtures("partner")
def test_an_overdue_bill_stops_a_page_that_was_open_already(reader: Reader, hub: Hub) -> None:
    page = sheet(reader)
    added(reader, is_overdue=["1"])
    refused = page.press("同意并转介", {"name": "王小明", "agree": ["1"]})
    assert refused.status == 409
    assert "先和银行商量" in refused.text
    again = reader.open(page.address)
    assert "同意并转介" not in again.text
    assert "/apply/" in again.links
    listed = reader.open("/my/referrals")
    assert "和银行商量不收费" in listed.text
    assert "看说明书" not in listed.text
    assert rows(hub, ReferralConsentRecord) == 0


@pytest.mark.usefixtures("partner")
def test_an_agreement_in_force_is_said_calmly(reader: Reader, agreed: Page) -> None:
    page = reader.open("/my/referrals")
    assert "这段时间不再借新的" in page.text
    assert "看说明书" not in page.text


def test_a_partner_that_is_switched_off_is_gone_from_the_list(reader: Reader, hub: Hub, partner: None) -> None:
    with hub.writing(HUB) as tx:
        partners.switch(tx, CODE, is_off=True)
    assert "安信" not in reader.open("/my/referrals").text


@pytest.mark.usefixtures("partner")
def test_the_sheet_comes_as_a_paper_too(reader: Reader) -> None:
    paper = reader.web.get(f"{sheet(reader).address}/sheet.pdf")
    assert (paper.status_code, paper.mimetype) == (200, "application/pdf")
    assert paper.data.startswith(b"%PDF")


@pytest.mark.usefixtures("partner")
def test_an_unknown_referral_is_not_found(reader: Reader) -> None:
    address = consented(reader).address
    for each in (f"{address[:-4]}0000", f"{address[:-4]}0000/sheet.pdf"):
        assert reader.open(each).status == 404


@pytest.mark.usefixtures("partner")
def test_in_english_no_word_is_chinese(reader: Reader) -> None:
    consented(reader)
    for address in ("/my/referrals", sheet(reader).address):
        page = reader.open(f"{address}?lang=en")
        assert list(foreign(said_in(page.html, "en"), "en", frozenset({"王小明"}))) == []
