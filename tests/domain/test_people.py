"""Real names stay as they were sent; what no name or text can mean is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.errors import InvalidValue
from hub.domain.people import NAME_LIMIT, free_text, person_name, says_nothing


@pytest.mark.parametrize(
    "name",
    [
        "王小明",
        "欧阳娜娜",
        "买买提·吐尔逊",
        "阿沛•阿旺晋美",
        "𠮷野",  # plane 2
        "王\U00030edd",  # plane 3, Extension G
        "\U00031350一",  # plane 3, Extension H, newer than this Python's tables
        "\ue863小明",  # a private-use character of GBK days
        "葛\U000e0100城",  # a variant of an ideograph
        "José Ángel Núñez",
        "Jose\u0301",  # the same accents, decomposed
        "Conan O'Brien",
        "Mary-Jane Smith Jr.",
        "Ng\u2019ang\u2019a",
        "نور\u200cالدین",  # with a zero-width non-joiner
        "བཀྲ་ཤིས",
        "王",
        "x" * NAME_LIMIT,
    ],
)
def test_a_real_name_stays_as_sent(name: str) -> None:
    assert person_name(name) == name


@pytest.mark.parametrize("sent", [" 王小明", "王小明\u3000", "\t王小明\u00a0 ", "王小明\r\n"])
def test_blanks_at_the_ends_go(sent: str) -> None:
    assert person_name(sent) == "王小明"


def test_blanks_inside_stay() -> None:
    assert person_name(" John  Smith\u3000王 ") == "John  Smith\u3000王"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("", "name_required"),
        (" \u3000\t", "name_required"),
        ("\u200b\u200d", "name_required"),
        ("\u3164", "name_required"),
        ("王" * (NAME_LIMIT + 1), "name_length"),
        ("王\x00明", "name_characters"),
        ("王\n明", "name_characters"),
        ("王\t明", "name_characters"),
        ("王\u2028明", "name_characters"),
        ("王\x85明", "name_characters"),
        ("王\x7f", "name_characters"),
        ("王\ud800明", "name_characters"),  # half of a surrogate pair
        ("王\u202e明", "name_characters"),  # right-to-left override
        ("王\u2066明", "name_characters"),
        ("王\uffff", "name_characters"),
        ("\x00", "name_characters"),
    ],
)
def test_what_no_name_has_is_refused(sent: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        person_name(sent)
    assert refused.value.code == code


@given(st.text(st.characters(categories=("L", "M", "Nd", "Pd", "Zs")), max_size=NAME_LIMIT))
def test_a_name_that_is_taken_once_is_taken_again_unchanged(sent: str) -> None:
    try:
        name = person_name(sent)
    except InvalidValue as refused:
        assert refused.code == "name_required"  # noqa: PT017 - only blank or invisible text may be refused here
    else:
        assert person_name(name) == name
        assert name in sent


@pytest.mark.parametrize("text", ["", "失业。\n\t再就业中", "one\r\ntwo\r\n", " 前后 ", "👨‍👩‍👧", "𠮷", "x" * 50])
def test_text_is_kept_as_sent(text: str) -> None:
    assert free_text(text, limit=50) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\x00b", "text_characters"),
        ("a\x1bb", "text_characters"),
        ("a\rb", "text_characters"),
        ("还款\u202e005", "text_characters"),
        ("a\u2067b\u2069", "text_characters"),
        ("a\x85b", "text_characters"),
        ("a\udfffb", "text_characters"),
        ("x" * 51, "text_too_long"),
    ],
)
def test_text_with_control_characters_or_too_much_of_it_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        free_text(text, limit=50)
    assert refused.value.code == code


def test_text_that_is_too_long_says_the_limit() -> None:
    with pytest.raises(InvalidValue) as refused:
        free_text("xxx", limit=2)
    assert dict(refused.value.params) == {"limit": 2}


@given(st.text(max_size=30))
def test_text_that_is_taken_can_be_stored_as_utf_8(text: str) -> None:
    try:
        kept = free_text(text, limit=30)
    except InvalidValue as refused:
        assert refused.code == "text_characters"  # noqa: PT017 - the other code is tested above
    else:
        assert kept.encode().decode() == text


@pytest.mark.parametrize("typed", ["\ufeff王小明", "\u202d王小明\u202c", " \u200b王小明\u200e "])
def test_signs_that_nobody_sees_go_from_the_ends_of_a_name(typed: str) -> None:
    assert person_name(typed) == "王小明"


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u200d \u2060", "\ufeff\n\t", "\u2800\u3164", "\u0301"])
def test_text_of_which_nobody_sees_anything_says_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["0", "…", "\u200b好", "👍", "\ue000", "𠮷"])
def test_text_of_which_something_is_seen_says_something(text: str) -> None:
    assert not says_nothing(text)
