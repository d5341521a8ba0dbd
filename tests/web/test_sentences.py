"""Every code that a person can meet has a sentence, in both languages, with the numbers it promises."""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from hub.domain.agreement import Part
from hub.domain.agreement_end import AgreementStatus
from hub.domain.amendment import AmendmentStatus
from hub.domain.appointment import AppointmentStatus
from hub.domain.bill import BillStatus
from hub.domain.consent import Purpose
from hub.domain.evidence import FileRejectionReason
from hub.domain.instalment_request import InstalmentStatus
from hub.domain.lifecycle import Status
from hub.domain.mandate import MandateStatus
from hub.domain.offer import OfferStatus
from hub.domain.referral import ReferralStatus
from hub.domain.revocation import ReportStatus, RevocationStatus
from hub.domain.terms import Kind
from hub.web.catalogue import english
from hub.web.fault_sentences import FAULTS
from hub.web.problem_sentences import DETAILS, TITLES, WORDS
from hub.web.sentences import detail, sentence, title

ROOT = Path(__file__).parents[2]
# Where the code stands among the arguments of what raises or makes a fault.
PLACE_OF_CODE = {
    "InvalidValue": 0,
    "Malformed": 0,
    "CallRefused": 0,
    "UnsupportedType": 0,
    "Code": 0,
    "refusal": 0,
    "Fault": 1,
    "repeated": 2,
    "read_refusing": 3,
}
# Codes that are worked out, not written where they are raised.
WORKED_OUT = {
    "type_ofd",
    "type_office",
    "type_archive",
    "type_picture",
    "unsupported_type",
    "response_days_out_of_range",
    "offer_days_out_of_range",
    "card_listed_twice",
    "wrong_confirmation_code",
    "confirmation_code_not_sent",
    "confirmation_code_used_up",
    "confirmation_code_expired",
    *(f"evidence_{reason}" for reason in FileRejectionReason),
}
# What marshmallow names by itself; `schemas.fields` takes its name as the code.
OF_MARSHMALLOW = {"null"}
# Where the sentences themselves stand; beside them a code is written where it is raised.
SENTENCES = set((ROOT / "hub/web").glob("*_sentences.py"))
STATUSES_IN_THE_WAY: list[type[StrEnum]] = [
    Status, OfferStatus, AgreementStatus, AmendmentStatus, BillStatus, ReferralStatus, MandateStatus, RevocationStatus,
    ReportStatus, InstalmentStatus, AppointmentStatus,
]  # fmt: skip
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
TABLES = {"faults": FAULTS, "titles": TITLES, "details": DETAILS, "words": WORDS}


def codes_in(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        place = PLACE_OF_CODE.get(called)
        if place is not None and len(node.args) > place:
            code = node.args[place]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value


def codes_of_the_hub() -> set[str]:
    files = [
        file for room in ("hub/domain", "hub/services", "hub/web", "schemas") for file in (ROOT / room).rglob("*.py")
    ]
    return {code for file in files for code in codes_in(file.read_text(encoding="utf-8"))} | WORKED_OUT


def words_of_the_code() -> set[str]:
    """Every string in the code but the sentences."""
    files = {file for room in ("hub", "schemas") for file in (ROOT / room).rglob("*.py")} - SENTENCES
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_the_scan_finds_codes() -> None:
    assert {"luhn", "required", "unknown_field", "consent_missing", "json_depth", "listed_twice"} <= codes_of_the_hub()


def test_every_code_has_a_sentence() -> None:
    assert codes_of_the_hub() - set(FAULTS) - set(DETAILS) == set()


def test_every_fault_that_has_a_sentence_is_raised_somewhere() -> None:
    assert set(FAULTS) - words_of_the_code() - WORKED_OUT - OF_MARSHMALLOW == set()


@pytest.mark.parametrize("name", TABLES)
def test_every_sentence_has_its_english(name: str) -> None:
    assert {text for text in TABLES[name].values() if text not in english()} == set()


@pytest.mark.parametrize("name", TABLES)
def test_both_languages_name_the_same_numbers(name: str) -> None:
    for code, text in TABLES[name].items():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(english()[text])), code


def test_every_sentence_can_be_filled() -> None:
    # A percent sign that is no placeholder would stop the answer to a person.
    for table in (FAULTS, DETAILS):
        for code in table:
            assert sentence(code, {}, "zh")
            assert sentence(code, {}, "en")


def test_english_holds_no_chinese() -> None:
    for table in TABLES.values():
        for text in table.values():
            assert not re.search(r"[\u4e00-\u9fff，。：；“（]", english()[text].replace("“", "")), text


def test_every_problem_with_a_title_has_a_detail() -> None:
    assert set(TITLES) <= set(DETAILS)


@pytest.mark.parametrize("word", [*Status, *Kind, *Part, *Purpose])
def test_every_word_of_the_machine_has_a_name(word: str) -> None:
    assert word in WORDS


@pytest.mark.parametrize(
    ("code", "params", "zh", "en"),
    [
        ("too_small", {"least": 1}, "不能小于 1。", "Please give at least 1."),
        (
            "does_not_add_up",
            {"sum_fen": 123_456, "total_fen": 5},
            "明细合计 1,234.56 元，与总额 0.05 元不一致，请核对。",
            "The lines come to 1,234.56 yuan and the total says 0.05; please check both.",
        ),
        (
            "issuer_mismatch",
            {"issuer_zh": "中信银行", "issuer_en": "China CITIC Bank"},
            "这张卡是中信银行的，请核对所选银行。",
            "This card is from China CITIC Bank; please check the bank you named.",
        ),
        (
            "not_for_this_kind",
            {"kind": "deferral"},
            "“延期还款”方案没有这一项，请删去。",
            "Terms of the kind “Deferral” do not have this field; please remove it.",
        ),
        ("no_such_code", {}, FAULTS["invalid"], "This cannot be used; please check it and try again."),
    ],
)
def test_a_fault_in_both_languages(code: str, params: dict[str, str | int], zh: str, en: str) -> None:
    assert sentence(code, params, "zh") == zh
    assert sentence(code, params, "en") == en


def test_a_problem_in_both_languages() -> None:
    assert title("status_conflict", "zh") == "现在不能进行这一步"
    assert detail("status_conflict", {"status": "agreed"}, "zh") == "当前状态是“已达成协议”，不能进行这一步。"
    assert title("too_large", "en") == "Too large"
    assert detail("too_large", {"limit": 10 * 2**20}, "en") == "At most 10 MiB can be taken; please send less."


@pytest.mark.parametrize("statuses", STATUSES_IN_THE_WAY, ids=lambda each: each.__name__)
def test_every_status_that_can_stand_in_the_way_has_words(statuses: type[StrEnum]) -> None:
    for each in statuses:
        told = detail("status_conflict", {"status": each}, "zh")
        assert each not in told, told
        assert not re.search("[\u4e00-\u9fff]", detail("status_conflict", {"status": each}, "en"))


def test_a_fault_can_stop_a_request_as_well() -> None:
    assert detail("file_empty", {}, "en") == "The file is empty; please choose it again."


def test_a_missing_number_leaves_a_gap_not_an_error() -> None:
    assert sentence("too_small", {}, "zh") == "不能小于 …。"
