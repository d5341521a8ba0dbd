"""Which bank codes and cards belong together, by tables that are also tested to hold together."""

from collections import Counter

import pytest
from stdnum import luhn

from hub.domain.errors import InvalidValue
from hub.domain.issuers import (
    _BINS,
    ISSUERS,
    BinMatch,
    CardKind,
    Issuer,
    bank_key,
    check_card,
    find_issuer,
    issuer_of,
    same_bank,
)

NOBODYS_CODE = "99990001"


def card(prefix: str, length: int) -> str:
    body = prefix.ljust(length - 1, "0")
    return body + luhn.calc_check_digit(body)


@pytest.mark.parametrize(
    ("prefix", "bank_code"),
    [
        ("622210", "01020000"),  # ICBC
        ("622836", "01030000"),  # ABC
        ("622760", "01040000"),  # BOC
        ("622675", "01050000"),  # CCB
        ("622252", "03010000"),  # BOCOM
        ("622453", "03020000"),  # CITIC
        ("622161", "03030000"),  # CEB
        ("622636", "03040000"),  # HXB
        ("622600", "03050000"),  # CMBC
        ("622555", "03060000"),  # GDB
        ("622155", "03070000"),  # PAB
        ("622575", "03080000"),  # CMB
        ("622901", "03090000"),  # CIB
        ("622276", "03100000"),  # SPDB
        ("622810", "01000000"),  # PSBC
        ("622851", "04031000"),  # BOB
        ("622148", "04012900"),  # Bank of Shanghai
        ("622282", "04083320"),  # Bank of Ningbo
    ],
)
def test_a_credit_card_is_its_own_banks_and_nobody_elses(prefix: str, bank_code: str) -> None:
    number = card(prefix, 16)
    check_card(number, bank_code)
    other = "01030000" if bank_code == "01020000" else "01020000"
    with pytest.raises(InvalidValue, match="issuer_mismatch"):
        check_card(number, other)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("03020000", "63020000", True),  # CITIC and its card centre
        ("03030000", "63030000", True),
        ("03040000", "63040000", True),
        ("03100000", "63100000", True),
        ("04030000", "61000000", True),  # the postal bank's codes share not even their first digits
        ("01000000", "61000000", True),
        ("04031000", "64031000", True),
        ("04083320", "64083300", True),
        ("01020000", "01020000", True),
        ("01020000", "01030000", False),
        ("01020000", "01029999", False),  # no code is read by its beginning
        ("63020000", "63030000", False),
        (NOBODYS_CODE, NOBODYS_CODE, True),
        (NOBODYS_CODE, "99990002", False),
        (NOBODYS_CODE, "01020000", False),
    ],
)
def test_codes_of_one_bank_are_looked_up(first: str, second: str, same: bool) -> None:
    assert same_bank(first, second) is same
    assert same_bank(second, first) is same
    assert (bank_key(first) == bank_key(second)) is same


def test_an_unknown_code_stands_for_itself() -> None:
    assert find_issuer(NOBODYS_CODE) is None
    assert bank_key(NOBODYS_CODE) == NOBODYS_CODE


def test_a_known_code_has_its_banks_names() -> None:
    issuer = find_issuer("63020000")
    assert issuer is not None
    assert (issuer.name_zh, issuer.name_en, issuer.codes[0]) == ("中信银行", "China CITIC Bank", "03020000")


@pytest.mark.parametrize(
    ("number", "match"),
    [
        ("6222100000000007", ("ICBC", CardKind.CREDIT)),
        ("6216261000000000018", ("PAB", CardKind.DEBIT)),
        (card("622162", 16), ("CEB", CardKind.CREDIT)),
        (card("622162", 19), ("JJBANK", CardKind.DEBIT)),
        (card("621260", 16), ("PAB", CardKind.CREDIT)),
        (card("621260", 19), ("CSRCB", CardKind.DEBIT)),
        (card("621260001", 19), ("XFRCB", CardKind.DEBIT)),  # the longer prefix wins
        (card("376966", 15), ("CITIC", CardKind.CREDIT)),  # not every card begins with 62
        (card("622254", 16), ("BOCOM", CardKind.SEMI_CREDIT)),
        (card("620010", 16), ("PAB", CardKind.PREPAID)),
        (card("622210", 19), None),  # the prefix is known, but not with this length
        (card("699999", 16), None),
        ("", None),
    ],
)
def test_a_card_is_known_by_its_longest_prefix_and_its_length(number: str, match: tuple[str, CardKind] | None) -> None:
    assert issuer_of(number) == (match and BinMatch(bank_key=match[0], kind=match[1]))


@pytest.mark.parametrize(
    "number",
    [
        "6216261000000000018",
        card("622202", 19),
        card("622848", 19),
        card("621226", 19),
        card("622162", 19),
        card("620010", 16),  # prepaid
    ],
)
@pytest.mark.parametrize("bank_code", ["01020000", "03070000", NOBODYS_CODE])
def test_a_debit_card_is_refused_at_every_bank(number: str, bank_code: str) -> None:
    with pytest.raises(InvalidValue, match="debit_card"):
        check_card(number, bank_code)


@pytest.mark.parametrize("bank_code", ["03020000", "63020000"])
def test_a_card_fits_every_code_of_its_bank(bank_code: str) -> None:
    check_card(card("622453", 16), bank_code)


@pytest.mark.parametrize("bank_code", ["01020000", NOBODYS_CODE])
def test_an_unknown_bin_is_taken(bank_code: str) -> None:
    check_card(card("699999", 16), bank_code)


# The card's bank has codes in the table or none; the code named is in the table or not.
@pytest.mark.parametrize(
    ("prefix", "bank_code", "taken"),
    [
        ("622210", "01020000", True),
        ("622210", "03080000", False),
        ("622210", NOBODYS_CODE, False),  # ICBC's codes are known, and this is none of them
        ("622376", "01020000", False),  # Hang Seng's codes are unknown, but this one is ICBC's
        ("622376", NOBODYS_CODE, True),  # may be Hang Seng's
    ],
)
def test_a_mismatch_is_said_only_where_it_is_known(prefix: str, bank_code: str, taken: bool) -> None:
    if taken:
        check_card(card(prefix, 16), bank_code)
    else:
        with pytest.raises(InvalidValue, match="issuer_mismatch"):
            check_card(card(prefix, 16), bank_code)


def test_a_mismatch_names_the_cards_bank_in_both_languages() -> None:
    with pytest.raises(InvalidValue) as refused:
        check_card("6222100000000007", "03080000")
    assert dict(refused.value.params) == {
        "issuer_zh": "中国工商银行",
        "issuer_en": "Industrial and Commercial Bank of China",
    }


def test_no_code_is_two_banks() -> None:
    codes = Counter(code for issuer in ISSUERS.values() for code in issuer.codes)
    assert [code for code, times in codes.items() if times > 1] == []


def test_every_bank_that_gives_credit_has_names() -> None:
    lenders = {match.bank_key for match in _BINS.values() if match.kind in {CardKind.CREDIT, CardKind.SEMI_CREDIT}}
    assert lenders - ISSUERS.keys() == set()


def test_the_bin_table_is_whole() -> None:
    kinds = Counter(match.kind for match in _BINS.values())
    assert kinds == {
        CardKind.DEBIT: 1056,
        CardKind.CREDIT: 631,
        CardKind.SEMI_CREDIT: 14,
        CardKind.PREPAID: 6,
    }
    assert {length for _, length in _BINS} == {15, 16, 17, 18, 19}


def test_no_bank_stands_twice_under_one_name() -> None:
    for names in ([i.name_zh for i in ISSUERS.values()], [i.name_en for i in ISSUERS.values()]):
        assert len(names) == len(set(names))


def test_a_bank_with_a_code_of_another_length_cannot_be_made() -> None:
    with pytest.raises(InvalidValue, match="issuer"):
        Issuer(key="ICBC", name_zh="中国工商银行", name_en="ICBC", codes=("102",))
