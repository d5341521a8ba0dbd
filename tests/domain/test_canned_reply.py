"""Canned replies: which gaps they may have, how they are filled, and how a customer is addressed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.domain.canned_reply import DEFAULT_REPLIES, CannedReply, Gap, ReplyUse, address_of_person, filled, reply_faults

REPLY = CannedReply(name="已收到", use=ReplyUse.MESSAGE, text="{客户称呼}，您好。{编号}")
VALUES = {gap: f"<{gap}>" for gap in Gap}


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"text": "没有括号"}, []),
        ({"text": "{客户姓名}"}, [("/text", "reply_gap_unknown")]),
        ({"text": "{}"}, [("/text", "reply_gap_unknown")]),
        ({"text": "还有 { 半个"}, [("/text", "reply_gap_unknown")]),
        ({"text": "{{编号}}"}, [("/text", "reply_gap_unknown")]),
        ({"text_en": "{number}"}, [("/text_en", "reply_gap_unknown")]),
        ({"name": "已 收到"}, [("/name", "reply_name_form")]),
        ({"name": "a/b"}, [("/name", "reply_name_form")]),
    ],
)
def test_a_gap_that_nobody_can_fill_is_refused(changes: dict[str, str], faults: list[tuple[str, str]]) -> None:
    found = reply_faults(replace(REPLY, **changes))  # type: ignore[arg-type]  # texts alone are changed
    assert [(each.pointer, each.code) for each in found] == faults


def test_every_gap_is_filled_and_no_value_is_read_as_a_gap() -> None:
    assert filled("{客户称呼}{编号}", {**VALUES, Gap.CUSTOMER: "{编号}"}) == "{编号}<编号>"
    assert filled("".join(f"{{{gap}}}" for gap in Gap), VALUES) == "".join(VALUES.values())


@pytest.mark.parametrize("reply", DEFAULT_REPLIES.values(), ids=DEFAULT_REPLIES)
def test_what_a_bank_begins_with_is_sound_calm_and_in_both_languages(reply: CannedReply) -> None:
    assert reply_faults(reply) == []
    assert reply.text_en
    for word in ("必须", "严重后果", "逾期将", "拒绝", "欠款人"):
        assert word not in reply.text
    assert "{" not in filled(reply.text, VALUES) + filled(reply.text_en, VALUES)


@pytest.mark.parametrize(
    ("name", "resident_id", "said"),
    [
        ("王小明", "11010519491231002X", "王女士"),
        ("王小明", "110105194912310011", "王先生"),
        ("欧阳明", "110105194912310011", "欧阳先生"),
        ("John Smith", "110105194912310011", "客户"),
        ("王小明", None, "客户"),
        ("", "110105194912310011", "客户"),
    ],
)
def test_a_customer_is_addressed_by_family_name(name: str, resident_id: str | None, said: str) -> None:
    assert address_of_person(name, resident_id) == said
