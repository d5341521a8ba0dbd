"""A person has what is theirs erased from its page: what goes and stays is said first, and one press does it."""

from __future__ import annotations

import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage.records import DraftRecord, PageSessionRecord, PreferencesRecord, SubmissionRecord, UnfinishedFormRecord
from tests.web.pages.my.ways import WorkOff
from tests.web.pages.reader import Page


def counts(hub: Hub) -> dict[str, int]:
    """How many rows there are of what a person leaves beside negotiations, and of submissions."""
    tables = (DraftRecord, PageSessionRecord, PreferencesRecord, SubmissionRecord, UnfinishedFormRecord)
    with hub.reading(HUB) as tx:
        return {
            each.__tablename__: tx.session.scalar(sa.select(sa.func.count()).select_from(each)) or 0 for each in tables
        }


def test_what_is_open_has_to_be_withdrawn_first(sent: Page) -> None:
    page = sent.reader.open("/my/erasure")
    assert "请先撤回，再删除资料" in page.text
    assert "我看过了" not in page.text


def test_one_confirmation_erases_and_signs_out(hub: Hub, sent: Page, work_off: WorkOff) -> None:
    sent.reader.open(f"{sent.address}/withdraw").press("撤回", {"sure": ["1"]})
    assert "/my/erasure" in sent.reader.open(f"{sent.address}/rights").links
    # Also of a person without any negotiation.
    assert "/my/erasure" in sent.reader.open("/my/settings").links
    page = sent.reader.open("/my/erasure")
    assert "申请、往来的话、方案、文件" in page.text
    unsure = page.press("删除我的资料")
    assert unsure.status == 422
    assert "请勾选“我看过了，确定删除”。" in unsure.text
    assert counts(hub)["submission"] == 1
    done = unsure.press("删除我的资料", {"erase": ["1"]})
    assert "您的资料已经删除" in done.text
    work_off()
    assert set(counts(hub).values()) == {0}


def test_an_agreement_in_force_stays_and_the_page_says_why(agreed: Page) -> None:
    page = agreed.reader.open("/my/erasure")
    assert "协议还在履行" in page.text
    done = page.press("删除我的资料", {"erase": ["1"]})
    assert "您的资料已经删除" in done.text
