"""Who collects for a bank, and who of them has not said yet that they stopped."""

import pytest

from hub.domain.collection import Collectors

BANK = "中国工商银行"
COLLECTORS = Collectors(names=(BANK, "Industrial and Commercial Bank of China"), agencies=("甲催收公司", "ABC Ltd"))


@pytest.mark.parametrize(
    ("stopped", "missing"),
    [
        ((), (BANK, "甲催收公司", "ABC Ltd")),
        (("本行",), ("甲催收公司", "ABC Ltd")),
        (("industrial and commercial bank of china",), ("甲催收公司", "ABC Ltd")),
        (("ＡＢＣ ltd", "甲 催收公司"), (BANK,)),
        (("本行", "甲催收公司", "ABC Ltd", "丙公司"), ()),
        (("丙公司",), (BANK, "甲催收公司", "ABC Ltd")),
    ],
)
def test_each_speaks_for_itself_under_any_spelling(stopped: tuple[str, ...], missing: tuple[str, ...]) -> None:
    assert COLLECTORS.missing(stopped) == missing


def test_a_bank_without_agencies_collects_alone() -> None:
    assert Collectors(names=(BANK,)).missing([]) == (BANK,)
