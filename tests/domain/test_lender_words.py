"""What is said of a bank, said of a lender that is none."""

import pytest

from hub.domain.lender_words import of_lender, of_several


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


@pytest.mark.parametrize(
    ("of_banks", "of_several_kinds"),
    [
        ("请银行暂缓几个月再还", "请对方暂缓几个月再还"),
        ("由您和银行商量减免", "由您和对方商量减免"),
        ("分给各家银行", "分给各家机构"),
        ("提交给 %(n)s 家银行", "提交给 %(n)s 家机构"),
        ("再申请其他银行", "再申请其他机构"),
        ("请联系该银行，核对所选银行", "请联系该机构，核对所选机构"),
        ("这家银行的联系电话：%(phone)s", "这家机构的联系电话：%(phone)s"),
        ("您在第 1 步选择的银行和出借人", "您在第 1 步选择的银行和出借人"),
        ("银行卡、银行流水、中国人民银行", "银行卡、银行流水、中国人民银行"),
        ("这张卡的欠款", "这张卡的欠款"),
        ("Ask the bank to wait", "Ask the lender to wait"),
        ("The banks and lenders that you chose", "The banks and lenders that you chose"),
        ("%(bank)s is one of your banks", "%(bank)s is one of your lenders"),
        ("Your bank card", "Your bank card"),
    ],
)
def test_banks_and_lenders_together_have_a_word_for_both(of_banks: str, of_several_kinds: str) -> None:
    assert of_several(of_banks) == of_several_kinds
