"""What numbers are taken in which form, and the one code that each wrong one is refused with."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from hub.domain.errors import InvalidValue
from hub.domain.identifiers import (
    IdType,
    card_number,
    email,
    fits_luhn,
    id_number,
    lasting_number,
    mobile,
    normalised_digits,
    resident_id,
)

TODAY = date(2026, 11, 21)  # a Saturday


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("6222 1000 0000 0007", "6222100000000007"),
        ("6222-1000-0000-0007", "6222100000000007"),
        ("６２２２　１０００ ００００ ０００７", "6222100000000007"),
        ("6222\u00a01000\u20090000\u202f0007", "6222100000000007"),
        ("6222\u20101000\u20130000\u20140007", "6222100000000007"),
        ("6222\u22121000\uff0d0000\u00ad0007\ufeff", "6222100000000007"),
        ("\u202a6222100000000007\u202c", "6222100000000007"),
        ("\u200e6222\u200b1000\u20660000\u20690007\u200f", "6222100000000007"),
        ("11010519491231002ｘ", "11010519491231002X"),
        ("e12345678", "E12345678"),
        ("", ""),
    ],
)
def test_spaces_and_hyphens_go_and_full_width_becomes_ascii(typed: str, normal: str) -> None:
    assert normalised_digits(typed) == normal


@pytest.mark.parametrize("sign", ["\u0131", "\u017f", "\u0663", "\u2460", "\u00b2", "\n", "\x00", "."])
def test_no_other_sign_is_turned_into_a_digit_or_letter(sign: str) -> None:
    assert normalised_digits(sign) == sign


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalised_digits(text)
    assert normalised_digits(once) == once


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("6222100000000007", "6222100000000007"),
        (" ６２２２ 1000-0000 0007 ", "6222100000000007"),
        ("6216261000000000018", "6216261000000000018"),
        ("6250941006528599", "6250941006528599"),
        ("4222222222222", "4222222222222"),  # 13 digits
        ("378282246310005", "378282246310005"),  # 15 digits
    ],
)
def test_a_card_number_is_given_as_digits(typed: str, number: str) -> None:
    assert card_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "card_length"),
        ("   ", "card_length"),
        ("622210000000", "card_length"),  # 12 digits
        ("62162610000000000182", "card_length"),  # 20 digits
        ("0000000000000000", "card_length"),  # Luhn holds, but the first digit is 0
        ("622210000000000O", "card_characters"),
        ("6222.1000.0000.0007", "card_characters"),
        ("6222\n1000\n0000\n0007", "card_characters"),
        ("٦٢٢٢١٠٠٠٠٠٠٠٠٠٠٧", "card_characters"),
        ("6222100000000007\x00", "card_characters"),
    ],
)
def test_a_wrong_card_number_is_refused(typed: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        card_number(typed)
    assert refused.value.code == code


@given(st.integers(min_value=10**11, max_value=10**18 - 1), st.integers(min_value=1, max_value=9))
def test_any_digit_typed_wrongly_is_noticed(body: int, shift: int) -> None:
    digits = f"{body}{luhn.calc_check_digit(str(body))}"
    assert fits_luhn(digits)
    assert not fits_luhn(digits[:-1] + str((int(digits[-1]) + shift) % 10))


def test_a_card_that_breaks_luhn_is_a_card_all_the_same() -> None:
    sandbox_card = "6221558812340000"  # UnionPay's well-known one
    assert card_number(sandbox_card) == sandbox_card
    assert not fits_luhn(sandbox_card)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("11010519491231002X", "11010519491231002X"),
        ("11010519491231002x", "11010519491231002X"),
        ("１１０１０５ 1949-1231 002ｘ", "11010519491231002X"),
        ("440524188001010014", "440524188001010014"),
        ("341126197709218366", "341126197709218366"),
        ("342625198001010013", "342625198001010013"),  # Chaohu's county code, gone since 2011
        ("830000199001010012", "830000199001010012"),  # residence permit for people from Taiwan
        ("11010520081121001X", "11010520081121001X"),  # 18 today
    ],
)
def test_a_resident_id_is_given_with_a_capital_x(typed: str, number: str) -> None:
    assert resident_id(typed, today=TODAY) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "id_length"),
        ("110105491231002", "id_length"),  # the old 15 digits
        ("11010519491231002XX", "id_length"),
        ("1101051949123100XX", "id_characters"),
        ("X10105194912310021", "id_characters"),
        ("11010519491231002A", "id_characters"),
        ("110105194912310021", "id_check_character"),
        ("110105194912310020", "id_check_character"),
        ("000105194912310024", "id_region"),
        ("110105194902300020", "id_birth_date"),  # 30 February
        ("11010520300101001X", "id_birth_date"),  # in the future
        ("110105179912310016", "id_birth_date"),
        ("110105200811220015", "under_age"),  # 18 tomorrow
    ],
)
def test_a_wrong_resident_id_is_refused(typed: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        resident_id(typed, today=TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize(("today", "of_age"), [(date(2026, 2, 28), False), (date(2026, 3, 1), True)])
def test_a_person_born_on_29_february_is_of_age_on_1_march(today: date, of_age: bool) -> None:
    number = "110105200802290011"
    if of_age:
        assert resident_id(number, today=today) == number
    else:
        with pytest.raises(InvalidValue, match="under_age"):
            resident_id(number, today=today)


@given(st.dates(date(1900, 1, 1), date(2008, 11, 21)), st.integers(min_value=0, max_value=999))
def test_every_adult_of_beijing_has_a_number(born_on: date, order: int) -> None:
    body = f"110105{born_on:%Y%m%d}{order:03d}"
    number = body + ric.calc_check_digit(body + "0")
    assert resident_id(number.lower(), today=TODAY) == number


@pytest.mark.parametrize(
    ("id_type", "typed", "number"),
    [
        (IdType.RESIDENT_ID, "11010519491231002x", "11010519491231002X"),
        (IdType.PASSPORT, "e 1234 5678", "E12345678"),
        (IdType.PASSPORT, "AB12345", "AB12345"),
        (IdType.HK_MACAU_PERMIT, "h12345678", "H12345678"),
        (IdType.HK_MACAU_PERMIT, "M1234567801", "M1234567801"),
        (IdType.HK_MACAU_PERMIT, "ha 123 4567", "HA1234567"),
        (IdType.HK_MACAU_PERMIT, "MA7654321", "MA7654321"),
        (IdType.FOREIGN_PERMANENT_RESIDENT, "usa110074102807", "USA110074102807"),
        (IdType.FOREIGN_PERMANENT_RESIDENT, "911124198108030024", "911124198108030024"),  # the published specimen
        (IdType.TAIWAN_PERMIT, "12345678", "12345678"),
        (IdType.TAIWAN_PERMIT, "0012345678（B）", "0012345678(B)"),
        (IdType.MILITARY_ID, "军字第1234567号", "军字第1234567号"),
        (IdType.MILITARY_ID, "12345678", "12345678"),
    ],
)
def test_a_number_of_each_document_is_taken(id_type: IdType, typed: str, number: str) -> None:
    assert id_number(id_type, typed, today=TODAY) == number


@pytest.mark.parametrize(
    ("id_type", "typed", "code"),
    [
        (IdType.RESIDENT_ID, "110105194912310021", "id_check_character"),
        (IdType.PASSPORT, "E123", "id_length"),
        (IdType.PASSPORT, "E12345678901234567", "id_length"),
        (IdType.PASSPORT, "E1234567;", "id_characters"),
        (IdType.PASSPORT, "PASSPORT", "id_characters"),
        (IdType.HK_MACAU_PERMIT, "12345678", "id_length"),
        (IdType.HK_MACAU_PERMIT, "H1234567A", "id_characters"),
        (IdType.HK_MACAU_PERMIT, "KA1234567", "id_characters"),
        (IdType.FOREIGN_PERMANENT_RESIDENT, "911124198108030025", "id_check_character"),
        (IdType.FOREIGN_PERMANENT_RESIDENT, "110105194912310021", "id_characters"),
        (IdType.FOREIGN_PERMANENT_RESIDENT, "USA11007410280", "id_length"),
        (IdType.FOREIGN_PERMANENT_RESIDENT, "USA1100741028077", "id_characters"),
        (IdType.TAIWAN_PERMIT, "1234567", "id_length"),
        (IdType.TAIWAN_PERMIT, "A2345678", "id_characters"),
        (IdType.MILITARY_ID, "军字第号", "id_length"),
        (IdType.MILITARY_ID, "军字第1234567号\x00", "id_characters"),
    ],
)
def test_a_wrong_number_of_each_document_is_refused(id_type: IdType, typed: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        id_number(id_type, typed, today=TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("id_type", "spellings"),
    [
        (
            IdType.TAIWAN_PERMIT,
            ("1234567890", "1234567890(B)", "1234567890B", "１２３４５６７８９０（Ｂ）", "12345678"),
        ),
        (IdType.HK_MACAU_PERMIT, ("H12345678", "h 1234 5678", "H1234567800", "H1234567801", "H12345678(02)")),
        (IdType.MILITARY_ID, ("军字第1234567号", "军字第1234567", "军1234567")),
        (IdType.PASSPORT, ("E12345678", "e 1234-5678")),
    ],
)
def test_one_document_is_one_person_in_all_its_spellings(id_type: IdType, spellings: tuple[str, ...]) -> None:
    assert len({lasting_number(id_type, id_number(id_type, each, today=TODAY)) for each in spellings}) == 1


@pytest.mark.parametrize(
    ("id_type", "others"),
    [
        (IdType.TAIWAN_PERMIT, ("12345678", "12345679", "1234568990")),
        (IdType.HK_MACAU_PERMIT, ("H12345678", "M12345678", "H12345679", "HA1234567")),
        (IdType.MILITARY_ID, ("军字第1234567号", "武字第1234567号", "1234567")),
    ],
)
def test_other_documents_are_other_people(id_type: IdType, others: tuple[str, ...]) -> None:
    assert len({lasting_number(id_type, id_number(id_type, each, today=TODAY)) for each in others}) == len(others)


def test_a_wrong_length_says_the_right_one() -> None:
    with pytest.raises(InvalidValue) as refused:
        id_number(IdType.RESIDENT_ID, "1101051949", today=TODAY)
    assert dict(refused.value.params) == {"expected": "18"}


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "138.0013.8000",
        "１３８００１３８０００",
        "19900000000",
        "+86 138 0013 8000",
        "+8613800138000",
        "(+86)13800138000",
        "008613800138000",
        "86 13800138000",
        "\u202d13800138000\u202c",
        "13800138000\ufe0f",
    ],
)
def test_a_mobile_has_11_digits_beginning_13_to_19(typed: str) -> None:
    assert mobile(typed).isdigit()
    assert len(mobile(typed)) == 11


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1380013800",
        "138001380000",
        "12800138000",
        "23800138000",
        "+8513800138000",
        "+86138001380",
        "8613800138",
        "+1 3800138000",
        "1380013800a",
        "010-65432100",
    ],
)
def test_anything_else_is_no_mobile(typed: str) -> None:
    with pytest.raises(InvalidValue, match=r"^mobile$"):
        mobile(typed)


@pytest.mark.parametrize(
    "address",
    [
        "xm@example.com",
        "a.b+c_d@mail.example.com.cn",
        "o'neil@example.ie",
        "1@qq.com",
        "x" * 64 + "@example.com",
    ],
)
def test_an_email_address_is_kept(address: str) -> None:
    assert email(f" {address}　") == address
    assert email(f"\u200e{address}\u200b") == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "xm",
        "xm@",
        "@example.com",
        "xm@example",
        "xm@@example.com",
        "a@b@example.com",
        "xm@example..com",
        ".xm@example.com",
        "xm@-example.com",
        "x m@example.com",
        "xm@example.com\nBcc: all@example.com",
        "xm@example.com\r\n",
        "xm@exam\x00ple.com",
        "xm＠example.com",
        "<xm@example.com>",
        "xm@example.com,ym@example.com",
        "王@example.com",
        "x" * 65 + "@example.com",
        "xm@" + ".".join(["x" * 50] * 5) + ".com",
    ],
)
def test_anything_else_is_no_email_address(address: str) -> None:
    with pytest.raises(InvalidValue, match=r"^email$"):
        email(address)
