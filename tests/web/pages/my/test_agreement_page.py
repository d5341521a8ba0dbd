"""The page of an agreement: what is next, days that are no working days, and the paper that is still being printed."""

from __future__ import annotations

from tests.web.caller import Caller, made
from tests.web.pages.my.ways import WorkOff, bank_path
from tests.web.pages.reader import Page


def test_it_looks_again_for_its_paper_a_few_times_and_says_so(agreed: Page, sent: Page, work_off: WorkOff) -> None:
    assert agreed.answer.headers["Refresh"] == f"4; url={sent.address}/agreement?wait=1"
    assert "这一页会自己更新。" in agreed.text
    for odd in ("5", "17", "x", ""):
        later = sent.reader.open(f"{sent.address}/agreement?wait={odd}")
        assert ("Refresh" in later.answer.headers) == (odd in {"x", ""})
    assert "更新这一页" in sent.reader.open(f"{sent.address}/agreement?wait=5").text
    work_off()
    printed = sent.reader.open(f"{sent.address}/agreement?wait=2")
    assert "Refresh" not in printed.answer.headers
    assert f"{sent.address}/agreement.pdf" in printed.links


def test_the_first_six_payments_are_open_and_all_of_them_folded(agreed: Page) -> None:
    shown = agreed.html.partition('id="payments"')[2]
    assert shown.partition("<details>")[0].count("<tr><td>") == 6
    assert "全部 36 期" in agreed.text
    # 2026-12-20 is a Sunday, 2027-01-20 a Wednesday.
    first, second = shown.split("<tr><td>")[1:3]
    assert ("2026-12-20" in first, "周末" in first) == (True, True)
    assert ("2027-01-20" in second, "周末" in second) == (True, False)


def test_what_is_paid_makes_room_for_what_comes_next(agreed: Page, sent: Page, icbc: Caller) -> None:
    payment = {"number": 1, "paid_on": "2026-11-21", "amount_fen": 54_291}
    made(icbc.post(f"{bank_path(sent)}/agreement/payments", payment))
    page = sent.reader.open(agreed.address)
    rows = page.html.partition('id="payments"')[2].partition("<details>")[0]
    assert ("2026-12-20" in rows, "2027-01-20" in rows) == (False, True)


def test_for_another_browser_there_is_the_address_of_the_page(agreed: Page, sent: Page) -> None:
    assert f"http://127.0.0.1:8000{sent.address}/agreement" in agreed.text
    assert "登录以后，会回到这一页" in agreed.text
