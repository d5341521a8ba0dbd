"""Secrets of a card are known by the name of a field and in words; to speak of them is no fault."""

import pytest

from hub.domain.card_secrets import secret_in


@pytest.mark.parametrize(
    "text",
    [
        "支付密码是 123456",
        "密码:abc123",
        "CVV2：123",
        "cvn 456",
        "安全码为789",
        "验证码 135790",
        "PIN码 1234",
        "password is hunter2000",
        "有效期 12/28",
        "expiry 01/30",
        "我的CVV是123",
        "卡背面的cvn2：456",
        "这张卡的有效期是12/28",
        "密\u200b码１２３４５６",
        "密码 是 ：\n\n abc123",
        "有效期 12 / 28",
        f"密码{' ' * 2000}123456",
    ],
)
def test_a_secret_that_is_told_is_found(text: str) -> None:
    assert secret_in(text) == "card_secret_refused"


@pytest.mark.parametrize(
    "text", ["卡号 6222100000000007", "6222 1000 0000 0007", "６２２２-１０００-００００-０００７"]
)
def test_the_whole_number_of_a_card_is_found(text: str) -> None:
    assert secret_in(text) == "full_number_refused"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "他们问我要支付密码和验证码",
        "来的人要看我的有效期和安全码",
        "我的密码没有告诉任何人，请打 95588",
        "合同有效期至 2028-12-31",
        "2026-11-20 到 2026-12-20 扣了两次",
        "电话 13800138000，合同 20261128000012345",
        "shipping 12345",
        "6222100000000008",
        "忘记密码 95588 打不通，密码 2026 年 11 月改过",
        "查询密码请打 400-820-5555",
        "优惠有效期 12/10，协议的有效期到 12/20",
        "shopping 12345",
        "报价有效期至 12/10，过期请重新申请",
        "方案的有效期：11/30",
        "the quote expires 12/10",
        "请于 4008-200-588 联系，2026-12-01 2026-12-10",
        "400-820-8820 2026-12-03",
        "95588 2026/12/04 2026/12/10 62001",
        "编号 BL-20261121-477551，受理号 BL-20261122-120034",
    ],
)
def test_who_only_speaks_of_one_tells_none(text: str) -> None:
    assert secret_in(text) is None


def test_a_page_of_blanks_is_read_through_once() -> None:
    # Tried in every way that the blanks can be parted, this would take days.
    assert secret_in(f"密码{' ' * 2000}没有告诉任何人") is None
