"""What is said of a bank, said of a lender that is none."""

import pytest

from hub.domain.lender_words import of_lender


@pytest.mark.parametrize(
    ("of_a_bank", "of_a_lender"),
    [
        ("银行已经收到。", "出借人已经收到。"),
        ("等银行答复", "等出借人答复"),
        ("送到发卡银行", "送到出借人"),
        ("请核对您的银行卡和银行流水。", "请核对您的银行卡和银行流水。"),
        ("银行业协会、中国人民银行", "银行业协会、中国人民银行"),
        ("这张卡以前签过协议", "这笔贷款以前签过协议"),
        ("客户希望：个性化分期", "客户希望：分期还款"),
        ("由本行处理", "由本机构处理"),
        ("The bank has it. Ask the bank's staff.", "The lender has it. Ask the lender's staff."),
        ("Bank hotline", "Lender hotline"),
        ("%(bank)s is the bank", "%(bank)s is the lender"),
        ("Your bank card and bank statements", "Your bank card and bank statements"),
        ("The bank is banking on it.", "The lender is banking on it."),
    ],
)
def test_a_bank_is_a_lender_and_what_people_have_at_banks_stays(of_a_bank: str, of_a_lender: str) -> None:
    assert of_lender(of_a_bank) == of_a_lender


def test_names_stay_as_they_are() -> None:
    assert of_lender("银行：某银行消费金融", names=("某银行消费金融",)) == "出借人：某银行消费金融"
    assert of_lender("no names: the bank", names=("",)) == "no names: the lender"
