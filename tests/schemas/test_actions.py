"""The small bodies: what each takes, and what it says of the rest."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.affordability import left_fen
from hub.domain.agreement_end import AgreementEnd, EndReason
from hub.domain.application import EvidenceReference
from hub.domain.collection import HoldApplied
from hub.domain.correspondence import CallRecord, CardholderMessage, Direction
from hub.domain.errors import Fault
from hub.domain.evidence import EvidenceKind
from hub.domain.payments import MissedWithdrawal, Payment
from hub.domain.references import References
from hub.domain.review import EvidenceRequest, Rejection, RejectionReason
from schemas import actions as deeds
from schemas import affordability, agreements, calls, launches
from tests.schemas.bodies import APPLICATION, TERMS, TODAY, codes, with_change

FILE = {"id": "file-1", "kind": "payslip"}
CALL = {"at": "2026-11-21T10:00:00+08:00", "direction": "outbound", "text": "谈了方案"}
PERSON = {name: value for name, value in APPLICATION["applicant"].items() if name != "email"}
QUESTION = {"finances": APPLICATION["finances"], "accounts": APPLICATION["accounts"]}


def bank_call(data: object, *, has_recording: bool = False) -> tuple[CallRecord | None, list[Fault]]:
    return calls.load_bank_call(data, has_recording=has_recording, today=TODAY)


READERS: dict[str, Callable[[object], tuple[Any, ...]]] = {
    "nothing": lambda data: (None, deeds.load_nothing(data)),
    "words": lambda data: deeds.load_words(data, required=False),
    "required words": lambda data: deeds.load_words(data, required=True),
    "message": deeds.load_message,
    "code": deeds.load_confirmation_code,
    "evidence request": deeds.load_evidence_request,
    "rejection": deeds.load_rejection,
    "payment": lambda data: agreements.load_payment(data, today=TODAY),
    "missed": agreements.load_missed_payment,
    "missed withdrawal": agreements.load_missed_withdrawal,
    "end": agreements.load_agreement_end,
    "hold": agreements.load_hold_applied,
    "collection report": agreements.load_collection_report,
    "call record": calls.load_call_record,
    "bank call": bank_call,
    "launch": lambda data: launches.load_launch(data, today=TODAY),
    "affordability": affordability.load_affordability,
}

TAKEN: list[tuple[str, object, object]] = [
    ("nothing", None, None),
    ("nothing", {}, None),
    ("words", None, ""),
    ("words", {}, ""),
    ("words", {"text": "算了"}, "算了"),
    ("required words", {"text": "您好\n请看"}, "您好\n请看"),
    ("message", {"text": "您好"}, CardholderMessage(text="您好", evidence=(), answers=False)),
    ("message", {"text": "没有了", "answers": True}, CardholderMessage(text="没有了", evidence=(), answers=True)),
    (
        "message",
        {"evidence": [FILE]},
        CardholderMessage(
            text="", evidence=(EvidenceReference(id="file-1", kind=EvidenceKind.PAYSLIP),), answers=False
        ),
    ),
    ("code", {"confirmation_code": "012345"}, "012345"),
    ("code", {"confirmation_code": "０12 345"}, "012345"),
    ("evidence request", {"kinds": ["payslip"]}, EvidenceRequest(kinds=(EvidenceKind.PAYSLIP,), text="")),
    ("rejection", {"reason_code": "other", "text": "抱歉"}, Rejection(reason_code=RejectionReason.OTHER, text="抱歉")),
    (
        "payment",
        {"number": 0, "paid_on": "2026-11-21", "amount_fen": 1},
        Payment(number=0, paid_on=date(2026, 11, 21), amount_fen=1),
    ),
    ("missed", {"number": 3}, 3),
    ("missed withdrawal", {"number": 3, "text": "登记错了"}, MissedWithdrawal(number=3, text="登记错了")),
    ("end", {"reason": "settled"}, AgreementEnd(reason=EndReason.SETTLED, text="")),
    (
        "end",
        {"reason": "settled", "text": "不再要求", "waive_rest": True},
        AgreementEnd(reason=EndReason.SETTLED, text="不再要求", waive_rest=True),
    ),
    (
        "hold",
        {"by": "甲公司", "at": "2026-11-21T10:00:00+08:00"},
        HoldApplied(by="甲公司", at=datetime(2026, 11, 21, 2, tzinfo=UTC)),
    ),
    (
        "call record",
        {"at": "2026-11-21T10:00:00+08:00", "text": "他们来过电话"},
        CallRecord(at=datetime(2026, 11, 21, 2, tzinfo=UTC), text="他们来过电话"),
    ),
    (
        "bank call",
        CALL,
        CallRecord(at=datetime(2026, 11, 21, 2, tzinfo=UTC), text="谈了方案", direction=Direction.OUTBOUND),
    ),
]


@pytest.mark.parametrize(("name", "data", "value"), TAKEN, ids=range(len(TAKEN)))
def test_a_good_body_becomes_its_value(name: str, data: object, value: object) -> None:
    found, faults, *_ = READERS[name](data)
    assert faults == []
    assert found == value


def test_a_message_may_speak_of_a_secret_and_of_the_number_of_a_card() -> None:
    text = "有人问我要验证码，我没有给。卡号 6222100000000007。"
    found, faults, *_ = READERS["message"]({"text": text})
    assert (found.text, faults) == (text, [])


REFUSED: list[tuple[str, object, list[tuple[str, str]]]] = [
    ("nothing", {"text": ""}, [("/text", "unknown_field")]),
    ("nothing", [], [("", "type_object")]),
    ("words", {"text": 1}, [("/text", "type_text")]),
    ("words", {"text": "x" * 4001}, [("/text", "text_too_long")]),
    ("required words", {}, [("/text", "required")]),
    ("required words", {"text": " \n"}, [("/text", "text_required")]),
    ("words", {"text": "卡的安全码是 123"}, [("/text", "card_secret_refused")]),
    ("required words", {"text": "查询密码 246810"}, [("/text", "card_secret_refused")]),
    ("message", {"text": "我的CVV是123"}, [("/text", "card_secret_refused")]),
    ("rejection", {"reason_code": "other", "text": "验证码 482910"}, [("/text", "card_secret_refused")]),
    ("message", {}, [("/text", "text_required")]),
    ("message", {"answers": True}, [("/text", "text_required")]),
    ("message", {"evidence": [FILE, FILE]}, [("/evidence/1/id", "evidence_listed_twice")]),
    ("message", {"text": "a", "answers": "yes"}, [("/answers", "type_true_or_false")]),
    ("code", {"confirmation_code": 123456}, [("/confirmation_code", "type_text")]),
    ("code", {"confirmation_code": "12345"}, [("/confirmation_code", "confirmation_code_form")]),
    ("code", None, [("/confirmation_code", "required")]),
    ("evidence request", {"kinds": []}, [("/kinds", "too_few")]),
    ("evidence request", {"kinds": ["payslip", "payslip"]}, [("/kinds/1", "listed_twice")]),
    (
        "rejection",
        {"reason_code": "bored", "text": ""},
        [("/reason_code", "unknown_choice"), ("/text", "text_required")],
    ),
    ("rejection", {"reason_code": "other"}, [("/text", "required")]),
    (
        "payment",
        {"number": 61, "paid_on": "2026-11-22", "amount_fen": 0},
        [
            ("/number", "too_large"),
            ("/amount_fen", "too_small"),
            ("/paid_on", "date_in_future"),
        ],
    ),
    ("missed", {"number": "1"}, [("/number", "type_whole_number")]),
    ("end", {"reason": "over"}, [("/reason", "unknown_choice")]),
    ("end", {"reason": "settled", "waive_rest": "yes"}, [("/waive_rest", "type_true_or_false")]),
    ("hold", {"by": " ", "at": "today"}, [("/by", "text_required"), ("/at", "time_form")]),
    (
        "collection report",
        {"at": "2026-11-21T10:00:00+08:00", "channel": "pigeon", "evidence": [FILE, FILE]},
        [("/channel", "unknown_choice"), ("/text", "required"), ("/evidence/1/id", "evidence_listed_twice")],
    ),
    ("call record", {"at": "today", "text": ""}, [("/at", "time_form"), ("/text", "text_required")]),
    ("call record", {**CALL}, [("/direction", "unknown_field")]),
    ("bank call", {**CALL, "direction": "up"}, [("/direction", "unknown_choice")]),
    ("bank call", {**CALL, "terms": "{"}, [("/terms", "json_form"), ("/recording", "recording_required")]),
    (
        "bank call",
        {**CALL, "recording_reference": "REC-1", "terms": json.dumps({**TERMS, "instalments": 0})},
        [
            ("/terms/instalments", "too_small"),
        ],
    ),
    (
        "bank call",
        {**CALL, "recording_reference": " ", "terms": json.dumps(TERMS)},
        [("/recording", "recording_required")],
    ),
    ("launch", {**PERSON, "id_number": "1"}, [("/id_number", "id_length")]),
    (
        "launch",
        {**PERSON, "cards": [{"bank_code": "01030000", "card_number": "6222100000000007"}]},
        [
            ("/cards/0/card_number", "issuer_mismatch"),
        ],
    ),
    ("affordability", {"finances": APPLICATION["finances"]}, [("/accounts", "required")]),
    (
        "affordability",
        with_change(QUESTION, "/accounts/0/principal_fen", 0),
        [("/accounts/0/principal_fen", "too_small")],
    ),
    (
        "affordability",
        with_change(QUESTION, "/finances/income", [{"kind": "wage", "amount_fen": 1}]),
        [
            ("/finances/income", "does_not_add_up"),
        ],
    ),
]


@pytest.mark.parametrize(("name", "data", "expected"), REFUSED, ids=range(len(REFUSED)))
def test_a_wrong_body_is_none_with_every_fault(name: str, data: object, expected: list[tuple[str, str]]) -> None:
    found, faults, *_ = READERS[name](data)
    assert codes(faults) == expected
    assert found is None


@pytest.mark.parametrize("terms", [TERMS, json.dumps(TERMS), json.dumps(TERMS, ensure_ascii=False)])
def test_an_oral_agreement_needs_its_recording_or_a_reference(terms: object) -> None:
    by_reference, faults = bank_call({**CALL, "terms": terms, "recording_reference": "REC-1"})
    assert faults == []
    assert by_reference is not None
    assert by_reference.terms is not None
    assert by_reference.recording_reference == "REC-1"
    assert bank_call({**CALL, "terms": terms}, has_recording=True)[1] == []
    assert codes(bank_call({**CALL, "terms": terms})[1]) == [("/recording", "recording_required")]


def test_a_call_without_terms_needs_no_recording() -> None:
    assert bank_call({**CALL, "terms": ""})[1] == []


def test_a_message_names_its_files() -> None:
    _, _, references = deeds.load_message({"evidence": [FILE]})
    assert references == References(evidence=(("/evidence/0/id", "file-1", "payslip"),))


def test_a_launch_brings_person_and_cards() -> None:
    card = {"bank_code": "01020000", "card_number": "6222 1000 0000 0007"}
    launch, faults, references = launches.load_launch({**PERSON, "cards": [card]}, today=TODAY)
    assert faults == []
    assert launch is not None
    assert launch.cards == (("01020000", "6222100000000007"),)
    assert references.bank_codes == (("/cards/0/bank_code", "01020000"),)


def test_affordability_takes_whole_accounts_and_bare_debts() -> None:
    question, _, references = affordability.load_affordability(QUESTION)
    assert question is not None
    assert question.owed == (("01020000", 1_908_200),)
    assert left_fen(question.finances) == 120_000
    assert references.bank_codes == (("/accounts/0/bank_code", "01020000"),)
    bare = {"finances": APPLICATION["finances"], "accounts": [{"bank_code": "01020000", "principal_fen": 5}]}
    question, _, _ = affordability.load_affordability(bare)
    assert question is not None
    assert question.owed == (("01020000", 5),)


@given(
    st.sampled_from(sorted(READERS)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inside: (
            st.lists(inside, max_size=2)
            | st.dictionaries(
                st.sampled_from(
                    ["text", "evidence", "kinds", "number", "terms", "accounts", "finances", "cards", "_schema"]
                ),
                inside,
                max_size=3,
            )
        ),
        max_leaves=5,
    ),
)
def test_any_json_is_read_or_refused(name: str, data: Any) -> None:
    _, faults, *_ = READERS[name](data)
    assert all(fault.pointer == "" or fault.pointer.startswith("/") for fault in faults)
