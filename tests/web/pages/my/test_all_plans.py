"""What all plans together ask of a month, and the open offers beside each other: for the person alone."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import communications
from tests.applications import CMB, ICBC, terms
from tests.conftest import SentMessages
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import filled_in, launched
from tests.web.pages.my.ways import BankApp, WorkOff
from tests.web.pages.reader import Page, Reader


class TwoBanks:
    """One person's negotiations with ICBC and CMB, and what both banks do."""

    def __init__(self, reader: Reader, bank_app: BankApp, done: Page) -> None:
        self.reader = reader
        self.callers = {code: bank_app(code) for code in (ICBC, CMB)}
        ids = [each.rpartition("/")[2] for each in dict.fromkeys(done.links) if each.startswith("/my/negotiations/")]
        self.ids: dict[str, str] = {}
        for code, caller in self.callers.items():
            [self.ids[code]] = [id_ for id_ in ids if caller.get(f"/bank/negotiations/{id_}").status_code == 200]

    def offer(self, code: str, *, reason: str = "", **changes: Any) -> str:
        """The id of an open offer of that bank, whose monthly payment is 542.91 yuan where nothing is changed."""
        body = {"terms": {**terms(), **changes}, **({"reason_over_80": reason} if reason else {})}
        offer: str = made(self.callers[code].post(f"/bank/negotiations/{self.ids[code]}/offers", body))["id"]
        return offer

    def sign(self, code: str, offer: str, sms: SentMessages) -> None:
        """The agreement on the offer is made."""
        page = self.reader.open(f"/my/negotiations/{self.ids[code]}/offers/{offer}/accept").press("发送确认码")
        page.press("同意并签署", {"agreed": ["1"], "confirmation_code": sms.sent[-1][1][:6]})


@pytest.fixture
def two_banks(reader: Reader, work_off: WorkOff, bank_app: BankApp) -> TwoBanks:
    """What a person sent to two banks, which have it."""
    done = filled_in(reader, taken=2).press("提交给 2 家银行")
    work_off()
    return TwoBanks(reader, bank_app, done)


def test_without_a_plan_the_page_says_so(two_banks: TwoBanks) -> None:
    assert "现在还没有银行的方案" in two_banks.reader.open("/my/months").text
    assert "现在没有等您决定的方案" in two_banks.reader.open("/my/offers").text


def test_what_is_signed_and_what_is_offered_are_added_up_beside_what_is_left(
    two_banks: TwoBanks, sms: SentMessages
) -> None:
    two_banks.sign(ICBC, two_banks.offer(ICBC), sms)
    two_banks.offer(CMB, first_due_on="2027-01-05")
    page = two_banks.reader.open("/my/months")
    # 6,500 of income less 3,000 and 900.
    assert "每月大约还剩 2,600.00 元" in page.text
    assert "2026 年 12 月" in page.text
    assert "都是已经签了的" in page.text
    assert "已签的 542.91 元，同意后再加 542.91 元" in page.text
    assert "1,085.82" in page.text
    assert "每个月都在您剩下的钱以内" in page.text


def test_the_page_is_one_press_from_the_list_from_each_offer_and_from_the_page_before_signing(
    two_banks: TwoBanks,
) -> None:
    assert "/my/months" not in two_banks.reader.open("/my/").links
    offer = two_banks.offer(ICBC)
    here = f"/my/negotiations/{two_banks.ids[ICBC]}/offers/{offer}"
    assert {"/my/months", "/my/offers"} <= {*two_banks.reader.open("/my/").links}
    for page in (here, f"{here}/accept"):
        assert f"/my/months?offer={offer}" in two_banks.reader.open(page).links


def test_a_month_that_asks_for_more_than_is_left_is_said_calmly(two_banks: TwoBanks) -> None:
    two_banks.offer(ICBC, instalments=6, reason="家人愿意承担。")
    two_banks.offer(CMB, instalments=24)
    page = two_banks.reader.open("/my/months")
    assert "会比剩下的多要" in page.text
    assert "不用急着签" in page.text


def test_of_two_offers_of_one_bank_one_counts_and_the_other_can_be_chosen(two_banks: TwoBanks) -> None:
    earlier = two_banks.offer(ICBC)
    two_banks.offer(ICBC, instalments=24)
    newest = two_banks.reader.open("/my/months")
    assert "这家银行有 2 个有效的方案，只能选一个" in newest.text
    chosen = two_banks.reader.open(f"/my/months?offer={earlier}")
    assert newest.text != chosen.text
    assert "542.91" in chosen.text
    assert f"/my/months?offer={earlier}" in newest.links
    assert f"/my/months?offer={earlier}" not in chosen.links


def test_due_days_stand_beside_the_day_of_wages_and_each_bank_can_be_asked(
    two_banks: TwoBanks, sms: SentMessages
) -> None:
    two_banks.sign(ICBC, two_banks.offer(ICBC, first_due_on="2026-12-20"), sms)
    two_banks.offer(CMB, first_due_on="2027-01-05")
    page = two_banks.reader.open("/my/months").press("比一比", {"wage_day": "25号"})
    assert "最合适的还款日是每月 27 日" in page.text
    assert ("wage_day", "25") in two_banks.reader.open("/my/months").form("比一比").fields
    assert f"/my/negotiations/{two_banks.ids[ICBC]}/pay-day?day=27" in page.links
    assert f"/my/negotiations/{two_banks.ids[CMB]}/counter?first_due_on=2027-01-27" in page.links
    asked = two_banks.reader.open(f"/my/negotiations/{two_banks.ids[ICBC]}/pay-day?day=27")
    assert ("day", "27") in asked.form("看看各期的日子").fields
    counter = two_banks.reader.open(f"/my/negotiations/{two_banks.ids[CMB]}/counter?first_due_on=2027-01-27")
    assert any(value == "2027-01-27" for form in counter.forms for name, value in form.fields if "first_due_on" in name)


def test_a_day_after_wages_is_left_as_it_is(two_banks: TwoBanks) -> None:
    two_banks.offer(ICBC, first_due_on="2026-12-17")
    page = two_banks.reader.open("/my/months").press("比一比", {"wage_day": "15"})
    assert "工资到账 2 天后 合适" in page.text
    assert not [each for each in page.links if "first_due_on=" in each]


@pytest.mark.parametrize("typed", ["0", "32", "月底", ""])
def test_a_day_that_no_month_has_is_said_at_its_field(two_banks: TwoBanks, typed: str) -> None:
    two_banks.offer(ICBC)
    page = two_banks.reader.open("/my/months").press("比一比", {"wage_day": typed})
    assert page.status == 422
    assert "f-wage_day-error" in page.ids
    assert "最合适的还款日" not in two_banks.reader.open("/my/months").text


def test_offers_stand_beside_each_other_with_the_same_rows_and_words_for_what_differs(two_banks: TwoBanks) -> None:
    two_banks.offer(ICBC)
    two_banks.offer(ICBC, instalments=48, waived={"interest_fen": 46_200, "penalty_fen": 12_000})
    two_banks.offer(CMB)
    page = two_banks.reader.open("/my/offers")
    names = page.html.split('<dl class="compared-rows">')[1:]
    rows = [
        [row.partition("<dt>")[2].partition("</dt>")[0] for row in each.split('compared-row">')[1:]] for each in names
    ]
    assert len(rows) == 3
    assert rows[0] == rows[1] == rows[2]
    assert {"综合年化成本", "总利息", "一共要还", "减免", "没有列入方案的欠款", "有效期至"} <= set(rows[0])
    assert "比上一个方案多 12 期" in page.text
    assert "各方案中最低" in page.text
    of_icbc = page.text.partition("中国工商银行")[2].partition("招商银行")[0]
    assert of_icbc.index("48 期") < of_icbc.index("36 期")


def test_another_persons_offer_chooses_nothing_and_shows_nothing(
    app: Flask, host_app: Caller, two_banks: TwoBanks
) -> None:
    mine = two_banks.offer(ICBC)
    stranger = launched(app, host_app)
    there = stranger.open(f"/my/months?offer={mine}")
    assert there.status == 200
    assert "现在还没有银行的方案" in there.text
    assert mine not in there.html.replace(f"offer={mine}", "")


def test_no_bank_and_no_log_hears_of_the_other_banks_plans(two_banks: TwoBanks, hub: Hub, sms: SentMessages) -> None:
    two_banks.sign(ICBC, two_banks.offer(ICBC), sms)
    two_banks.offer(CMB)

    def seen() -> list[Any]:
        with hub.reading(HUB) as tx:
            logs = [[each.text for each in communications.list_entries(tx, id_)] for id_ in two_banks.ids.values()]
        packets = [
            caller.get(f"/bank/negotiations/{two_banks.ids[code]}").get_json()
            for code, caller in two_banks.callers.items()
        ]
        return [logs, packets]

    before = seen()
    assert two_banks.reader.open("/my/months").press("比一比", {"wage_day": "15"}).status == 200
    assert two_banks.reader.open("/my/offers").status == 200
    after = seen()
    assert after == before
    assert two_banks.ids[ICBC] not in str(after[1][1])
    assert two_banks.callers[ICBC].get("/../my/months").status_code in {302, 303, 401, 404}
