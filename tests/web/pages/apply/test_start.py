"""The first page of an application: what applying means, said before anything is typed."""

from __future__ import annotations

import pytest

from tests.web.pages.reader import Reader


@pytest.mark.parametrize(
    "said",
    [
        "免费",
        "银行收到后，应在规定的工作日内答复您",
        "提交申请不代表银行已经同意",
        "提交即表示承认这些欠款，诉讼时效会重新计算",
        "达成协议不会删除已有的逾期记录",
        "没有也可以先提交",
    ],
)
def test_it_promises_nothing_and_says_what_sending_does(reader: Reader, said: str) -> None:
    assert said in reader.open("/apply/").text
