"""Who can be a creditor: by what licence, under what code, and never a platform."""

import pytest

from hub.domain.creditor import (
    BANK_STANDING,
    CreditorKind,
    Regulator,
    Standing,
    read_code,
    read_standing,
    require_code,
    require_no_platform,
)
from hub.domain.errors import InvalidValue
from hub.domain.platform_names import PLATFORM_NAMES


@pytest.mark.parametrize("name", PLATFORM_NAMES)
def test_a_platform_name_is_never_a_code_of_a_creditor(name: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_code(name)
    assert refused.value.code == "platform_is_no_creditor"
    assert refused.value.params["name"] == name


@pytest.mark.parametrize("text", ["借 呗", " 花呗 ", "ＪＤ", "JieBei", "支付宝借呗", "借呗（重庆）", "WeChat-Pay"])
def test_however_a_platform_is_spelt_it_is_none(text: str) -> None:
    with pytest.raises(InvalidValue, match="platform_is_no_creditor"):
        read_code(text)


@pytest.mark.parametrize("code", ["01020000", "Q7K2M9XA", "90000001"])
def test_a_code_says_nothing_and_is_taken_as_it_is(code: str) -> None:
    assert read_code(f" {code} ") == code
    require_code(code, CreditorKind.CONSUMER_FINANCE)


@pytest.mark.parametrize("code", ["", "1234567", "123456789", "q7k2m9xa", "Q7K2-9XA", "消费金融公司"])
def test_what_has_not_the_form_of_a_code_is_refused(code: str) -> None:
    with pytest.raises(InvalidValue, match="creditor_code_form"):
        read_code(code)


def test_a_bank_has_the_code_of_its_institution() -> None:
    with pytest.raises(InvalidValue, match="bank_code"):
        require_code("Q7K2M9XA", CreditorKind.BANK)


@pytest.mark.parametrize("name", ["重庆度小满小额贷款有限公司", "深圳市分期乐网络小额贷款有限公司", "某某银行"])
def test_a_company_may_have_the_name_of_its_app_in_its_own(name: str) -> None:
    require_no_platform(name)


@pytest.mark.parametrize("name", ["借呗", "京东金条", "度小满", "Jiebei"])
def test_an_app_alone_is_no_name_of_a_creditor(name: str) -> None:
    with pytest.raises(InvalidValue, match="platform_is_no_creditor"):
        require_no_platform(name)


@pytest.mark.parametrize("kind", sorted(set(CreditorKind) - {CreditorKind.BANK}))
@pytest.mark.parametrize("licence_no", ["", "  "])
def test_a_creditor_that_is_no_bank_is_none_without_the_number_of_its_licence(
    kind: CreditorKind, licence_no: str
) -> None:
    with pytest.raises(InvalidValue, match="licence_required"):
        read_standing(kind=kind, licence_no=licence_no)


@pytest.mark.parametrize("licence_no", ["无", "办理中", "0000000", "no", "A1", "x\nL0001H211000001"])
def test_what_is_no_number_is_no_licence(licence_no: str) -> None:
    with pytest.raises(InvalidValue, match="licence_form"):
        read_standing(kind="small_loan", licence_no=licence_no)


@pytest.mark.parametrize(
    ("kind", "regulator"),
    [("bank", "nfra"), ("consumer_finance", "nfra"), ("small_loan", "local"), ("assignee", "local")],
)
def test_each_kind_has_its_usual_regulator_and_another_can_be_said(kind: str, regulator: str) -> None:
    read = read_standing(kind=kind, licence_no="L0001H211000001")
    assert read.regulator == regulator
    for each in Regulator:
        assert read_standing(kind=kind, licence_no="L0001H211000001", regulator=each).regulator is each


def test_nothing_said_is_a_bank() -> None:
    assert read_standing() == Standing() == BANK_STANDING
    assert BANK_STANDING.is_bank


@pytest.mark.parametrize("words", [{"kind": "pawnshop"}, {"regulator": "police"}])
def test_an_unknown_word_is_told_with_those_that_are_known(words: dict[str, str]) -> None:
    with pytest.raises(InvalidValue, match="setting_choice") as refused:
        read_standing(**words)
    assert set(words) == {refused.value.params["key"]}
