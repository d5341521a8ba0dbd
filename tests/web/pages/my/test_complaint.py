"""A complaint about the bank, written from the record and noted once sent; and the page of what one can end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.operating import banks
from hub.web.limits import PAPERS_A_PERSON
from hub.wiring import Hub
from tests.applications import ICBC
from tests.conftest import SentMessages, Submitted
from tests.web.caller import Caller, made
from tests.web.pages.cardholders import launched
from tests.web.pages.reader import Page


@pytest.fixture
def late(sent: Page, clock: FixedClock) -> Page:
    """The page of a negotiation that the bank has not answered in time."""
    clock.at += timedelta(days=14)
    return sent.reader.open(sent.address)


def letter_of(page: Page) -> str:
    return page.html.partition('<textarea id="letter"')[2].partition("</textarea>")[0]


def test_after_a_breach_the_letter_says_what_the_record_has(late: Page, hub: Hub) -> None:
    with hub.writing(HUB) as tx:
        banks.change(tx, ICBC, {"complaint_channel": "电话 95588，邮箱 complaint@icbc.example"})
    page = late.reader.open(f"{late.address}/complaint")
    assert "没有收到" in letter_of(page)
    assert "尽快对本人的申请作出答复" in letter_of(page)
    assert {"tel:95588", "tel:12378"} <= {*page.links}
    [mail] = [each for each in page.links if each.startswith("mailto:")]
    assert mail.startswith("mailto:complaint@icbc.example?subject=")
    assert "王小明" not in mail
    assert "应在 15 日内告诉您处理决定；情况复杂的 30 日，最长不超过 60 日" in page.text


def test_without_a_breach_a_place_is_left_for_the_persons_own_words(sent: Page) -> None:
    page = sent.reader.open(f"{sent.address}/complaint")
    assert "请在这里写下发生了什么" in letter_of(page)


def test_what_was_sent_is_in_the_log_as_the_persons_word_and_goes_nowhere(late: Page, icbc: Caller, hub: Hub) -> None:
    page = late.reader.open(f"{late.address}/complaint")
    done = page.press("记下这次投诉", {"channel": ["phone"], "text": "编号 A1"})
    assert "已经记下：您投诉了银行。" in done.text
    assert "向银行投诉（电话）。 编号 A1" in done.text.replace("投诉（电话）。编号", "投诉（电话）。 编号")
    english = late.reader.open(f"{late.address}?lang=en")
    assert "You complained to the bank on" in english.text


@pytest.mark.parametrize("day", ["2030-01-01", "2026-11-20", "昨天吧"])
def test_a_day_that_cannot_be_is_said_at_its_field_and_nothing_is_written(late: Page, day: str) -> None:
    refused = late.reader.open(f"{late.address}/complaint").press(
        "记下这次投诉", {"channel": ["letter"], "sent_on": day}
    )
    assert refused.status == 422
    assert "f-sent_on-error" in refused.ids
    assert "向银行投诉（" not in late.reader.open(late.address).text


def test_the_pdf_holds_letter_and_record_and_leaves_no_trace_in_the_log(late: Page, printed: list[str]) -> None:
    before = late.reader.open(f"{late.address}/record").text
    answer = late.reader.web.get(f"{late.address}/complaint.pdf", buffered=True)
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    [html] = printed
    assert html.index("尽快对本人的申请作出答复") < html.index("附件：往来记录") < html.index("申请已提交")
    assert late.reader.open(f"{late.address}/record").text == before


def test_who_asks_for_the_letter_again_and_again_waits_and_nothing_is_printed(late: Page, hub: Hub) -> None:
    here = f"{late.address}/complaint.pdf"
    answers = [late.reader.web.get(here, buffered=True) for _ in range(PAPERS_A_PERSON.amount + 1)]
    assert [each.status_code for each in answers] == [*[200] * PAPERS_A_PERSON.amount, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    # The words of the letter stand on the page all the same.
    assert late.reader.open(f"{late.address}/complaint").status == 200


def test_nobody_else_sees_the_letter(late: Page, app: Flask, host_app: Caller) -> None:
    stranger = launched(app, host_app)
    for below in ("/complaint", "/complaint.pdf", "/rights"):
        assert stranger.web.get(f"{late.address}{below}").status_code == 404


def test_what_one_can_end_stands_on_one_page_with_what_follows(late: Page) -> None:
    page = late.reader.open(f"{late.address}/rights")
    here = late.address
    assert {f"{here}/withdraw", f"{here}/complaint", f"{here}/downloads", f"{here}/readings"} <= {*page.links}
    assert "投诉信已经写好" in page.text
    # The number of the negotiation is none that one can call.
    assert {each for each in page.links if each.startswith("tel:")} <= {"tel:12378", "tel:12356", "tel:95588"}
    assert {f"{here}/rights", f"{here}/complaint"} <= {*late.reader.open(here).links}


def test_what_is_agreed_cannot_be_withdrawn_and_the_page_says_whom_to_ask(offered: Page, sms: SentMessages) -> None:
    before = offered.reader.open(f"{offered.address}/accept").press("发送确认码")
    before.press("同意并签署", {"agreed": ["1"], "confirmation_code": sms.sent[-1][1][:6]})
    here = offered.address.partition("/offers")[0]
    page = offered.reader.open(f"{here}/rights")
    assert "协议不能在这里撤回" in page.text
    assert f"{here}/withdraw" not in page.links
    assert {f"{here}/message", "tel:95588"} <= {*page.links}


def test_a_host_app_notes_it_too(host_app: Caller, submitted: Callable[..., Submitted]) -> None:
    there = submitted(ICBC, client=host_app.client)
    path = f"/negotiations/{there.negotiation}/complaints"
    noted = made(host_app.post(path, {"sent_on": "2026-11-21", "channel": "branch"}))
    assert (noted["kind"], noted["party"]) == ("complaint_sent", "cardholder")
    refused = host_app.post(path, {"sent_on": "2026-11-22", "channel": "branch"})
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == "/sent_on"
    assert host_app.post(f"/negotiations/{'0' * 32}/complaints", {"sent_on": "x"}).status_code == 404
