"""Every page of the portal in English, whatever the state of a case: no Chinese but people's own, no code word."""

from __future__ import annotations

import re
from html import unescape

from flask import Flask

from hub.domain.actor import HUB
from hub.domain.call_word import WORDS
from hub.domain.canned_reply import DEFAULT_REPLIES
from storage import banks
from tests.applications import ICBC
from tests.services.case import LARGE_OFFER, Case
from tests.web.pages.clerk import Clerk

# What people wrote, their names, and the way to the other language.
OWN = {
    "王",
    "明",
    "王小明",
    "中文",
    "住院三个月",
    "周敏",
    "韩磊",
    "谢岚",
    "郭静",
    "工资单",
    "流水",
    "收入足够",
    "请补充工资流水",
    "没有流水",
}
# The bank, as it names itself where it says who has stopped collecting.
OWN |= {"中国工商银行"}
OWN |= {"还不了这么多", "请再看利率", "下月有收入"}
# Who has not said that they stopped collecting is called as it is registered.
OWN |= {"中国工商银行"}
# What the bank says on the phone, in Chinese.
OWN |= set(WORDS)
# What the bank's replies are called is the bank's own.
OWN |= {each.name for each in DEFAULT_REPLIES.values()}
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]+")
# Two words of lower case joined as programs join them.
CODE_WORD = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
ONE_OF_MANY = re.compile(
    r"(?<![\d.,-])1 (?:things|attachments|payments|instalments|months|days|files|people|working days)\b"
)


def wrong_words(page: str) -> list[str]:
    """What no English reader should meet on the page."""
    # A clause is signed in Chinese, and marked so.
    page = re.sub(r'(?s)<dd[^>]* lang="zh-CN">.*?</dd>', " ", page)
    text = unescape(re.sub(r"(?s)<!--.*?-->|<script.*?</script>|<[^>]*>", " ", page))
    own = [found for found in CHINESE.findall(text) if not any(each in OWN for each in re.split(r"\W+", found))]
    return [*own, *CODE_WORD.findall(text), *ONE_OF_MANY.findall(text)]


def read_all(clerk: Clerk, *paths: str) -> dict[str, list[str]]:
    clerk.page("/portal/?lang=en")
    pages = {"queue": clerk.page("/portal/?status=agreed&status=rejected&status=in_review&status=awaiting_bank")}
    pages |= {path: clerk.read(path) for path in ("", "/readings", *paths)}
    return {path: wrong for path, page in pages.items() if (wrong := wrong_words(page))}


def test_a_case_that_goes_back_and_forth(app: Flask, case: Case) -> None:
    clerk = Clerk(app, "supervisor", case)
    case.acknowledge()
    case.ask()
    assert not read_all(clerk, "/request-evidence", "/reject", "/messages", "/calls", "/reveal")
    sent = case.upload()
    case.write("没有流水", sent, answers=True)
    case.judge(sent.id, "unreadable")
    case.work_off()
    assert not read_all(clerk)
    offer = case.offer()
    case.counter()
    assert not read_all(clerk, f"/offers/{offer}", "/offer", f"/offer?like={offer}")
    kinds = ("instalments", "deferral", "reduction", "settlement", "lower_minimum")
    assert not read_all(clerk, *(f"/offer?kind={kind}" for kind in kinds))


def test_a_large_offer_and_its_return(app: Flask, case: Case) -> None:
    clerk = Clerk(app, "supervisor", case)
    large = case.offer(LARGE_OFFER)
    assert not read_all(clerk, f"/offers/{large}")
    case.send_back(large)
    assert not read_all(clerk, f"/offers/{large}")


def test_levels_of_approval_and_a_decision_that_comes_later(app: Flask, case: Case) -> None:
    with case.hub.writing(HUB) as tx:
        banks.set_settings(tx, ICBC, {"approval_levels": "1:supervisor,2:bank_admin;waived_principal:+1"})
    clerk = Clerk(app, "supervisor", case)
    case.defer(text="收入足够")
    assert not read_all(clerk, "/defer-decision", "/offer")
    offer = case.offer()
    assert not read_all(clerk, f"/offers/{offer}")
    clerk.done(f"/offers/{offer}/approve", clerk.form(f"/offers/{offer}", "approve"))
    assert not read_all(clerk, f"/offers/{offer}")


def test_an_agreement(app: Flask, case: Case) -> None:
    clerk = Clerk(app, "supervisor", case)
    case.accept(case.offer())
    case.work_off()
    assert not read_all(clerk, "/agreement/payments", "/agreement/missed", "/agreement/end")


def test_a_no_and_a_late_answer(app: Flask, case: Case) -> None:
    clerk = Clerk(app, "supervisor", case)
    case.at("2026-12-02 18:30")
    assert not read_all(clerk)
    preview = clerk.send(
        "/reject", {**clerk.form("/reject"), "reason_code": "can_afford", "text": "收入足够"}, step="preview"
    )
    assert not wrong_words(preview.get_data(as_text=True))
    case.reject()
    assert not read_all(clerk)


def test_the_banks_people(app: Flask, case: Case) -> None:
    admin = Clerk(app, "bank-admin", case)
    admin.page("/portal/?lang=en")
    assert not wrong_words(re.sub(r"\S+@demo\.example", "", admin.page("/portal/staff")))
