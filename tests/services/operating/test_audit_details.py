"""What a line of the audit says beside its kind, as a table has it: words, no code and no JSON."""

from typing import Any

import pytest

from hub.services.operating.audit_details import details_zh


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({}, ""),
        ({"by": "sign_on", "role": "supervisor"}, "登录方式：本行统一登录；角色：复核主管"),
        ({"before": "reviewer", "after": "supervisor"}, "原来：经办；现在：复核主管"),
        (
            {"before": "hotline=95588; offer_days=7", "keys": ["hotline"]},
            "原来：客服电话：95588；方案有效天数：7；设置项：客服电话",
        ),
        ({"before": "95588", "after": "95588 转 2"}, "原来：95588；现在：95588 转 2"),
        (
            {"export": "queue", "reason": "监管报送", "in_full": 1, "fields": ["name"]},
            "导出内容：待办队列；原因：监管报送",
        ),
        ({"cause": "staffing", "count": 3}, "超时原因：人手不足；次数：3"),
        ({"cause": "due", "data": "evidence"}, "依据：保存期限已满（个人信息保护法第十九条）"),
        ({"cause": "asked", "data": "evidence"}, "依据：持卡人要求（个人信息保护法第四十七条）"),
        ({"after": "", "trouble": "wrong_answer"}, ""),
    ],
    ids=str,
)
def test_details_are_words_and_what_is_for_machines_is_left_out(details: dict[str, Any], words: str) -> None:
    assert details_zh(details) == words
