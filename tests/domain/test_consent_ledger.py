"""What a withdrawal keeps back, as a table, and how the ledger lists consents about files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hub.domain.application import Consent
from hub.domain.consent import TEXTS_IN_FORCE, Purpose, text_of
from hub.domain.consent_ledger import (
    Door,
    GivenConsent,
    Withdrawal,
    entries_of,
    kinds_about,
    withdrawable,
    withheld_after,
    withheld_in,
)
from hub.domain.errors import Refused
from hub.domain.evidence import FAMILY_KINDS, MEDICAL_KINDS, EvidenceKind

AT = datetime(2026, 11, 21, tzinfo=UTC)


def consent(purpose: Purpose) -> Consent:
    return Consent(purpose=purpose, version="2026-11", given_at=AT)


@pytest.mark.parametrize("purpose", [Purpose.SHARE_WITH_BANK, Purpose.SENSITIVE_DATA])
def test_without_a_consent_to_all_of_it_no_file_is_given(purpose: Purpose) -> None:
    withheld = withheld_after([purpose])
    assert withheld.everything
    assert all(withheld.holds("a file", kind) for kind in EvidenceKind)


@pytest.mark.parametrize(
    ("purpose", "kinds"), [(Purpose.MEDICAL_DATA, MEDICAL_KINDS), (Purpose.FAMILY_DATA, FAMILY_KINDS)]
)
def test_a_consent_about_files_keeps_its_own_files_back(purpose: Purpose, kinds: frozenset[EvidenceKind]) -> None:
    withheld = withheld_after([purpose], ["named"])
    assert not withheld.everything
    assert {kind for kind in EvidenceKind if withheld.holds("another", kind)} == kinds
    assert withheld.holds("named", EvidenceKind.OTHER)


def test_nothing_is_kept_back_where_nothing_was_taken_back() -> None:
    assert not any(withheld_after([]).holds("a file", kind) for kind in EvidenceKind)


def noted(evidence_id: str, *, given_at: datetime, noted_at: datetime) -> GivenConsent:
    return GivenConsent(
        purpose=Purpose.MEDICAL_DATA,
        version="2026-11",
        sha256="",
        given_at=given_at,
        noted_at=noted_at,
        door=Door.HOST_APP,
        evidence_id=evidence_id,
    )


def test_a_consent_given_anew_is_about_the_files_that_come_with_it() -> None:
    taken_back, anew = AT + timedelta(hours=1), AT + timedelta(hours=2)
    ledger = [
        noted("before", given_at=AT, noted_at=AT),
        # Of a host app whose clock is ahead: it stood in the ledger when it was taken back.
        noted("ahead", given_at=anew, noted_at=AT),
        noted("anew", given_at=anew, noted_at=anew),
    ]
    withdrawal = Withdrawal(purpose=Purpose.MEDICAL_DATA, at=taken_back, door=Door.PAGE)
    withheld = withheld_in(ledger, {Purpose.MEDICAL_DATA: withdrawal})
    kept_back = [id_ for id_ in ("before", "ahead", "anew", "unknown") if withheld.holds(id_, EvidenceKind.DIAGNOSIS)]
    assert kept_back == ["before", "ahead", "unknown"]
    assert not withheld.holds("a payslip", EvidenceKind.PAYSLIP)


def test_what_the_bank_gave_itself_is_never_kept_back() -> None:
    assert not withheld_after([Purpose.SHARE_WITH_BANK]).holds("a file", "recording")


def test_a_consent_about_files_stands_once_for_each() -> None:
    files = [("a", "medical_bill"), ("b", "diagnosis"), ("c", "payslip")]
    found = entries_of([consent(Purpose.MEDICAL_DATA), consent(Purpose.TRUTHFUL)], files)
    assert [(each.purpose, file) for each, file in found] == [
        (Purpose.MEDICAL_DATA, "a"),
        (Purpose.MEDICAL_DATA, "b"),
        (Purpose.TRUTHFUL, None),
    ]


def test_a_consent_about_files_stands_alone_where_there_is_none() -> None:
    assert entries_of([consent(Purpose.MEDICAL_DATA)], []) == [(consent(Purpose.MEDICAL_DATA), None)]


def test_the_familys_word_is_about_their_own_papers_or_else_about_medical_ones() -> None:
    assert kinds_about(Purpose.FAMILY_DATA, ["medical_bill", "family_statement"]) == {"family_statement"}
    assert kinds_about(Purpose.FAMILY_DATA, ["medical_bill", "payslip"]) == {"medical_bill"}


@pytest.mark.parametrize(
    ("purpose", "given", "code"),
    [
        (Purpose.TRUTHFUL, list(Purpose), "statement_stays"),
        (Purpose.MEDICAL_DATA, [Purpose.SHARE_WITH_BANK], "consent_not_given"),
    ],
)
def test_what_is_no_consent_is_not_taken_back(purpose: Purpose, given: list[Purpose], code: str) -> None:
    with pytest.raises(Refused) as refused:
        withdrawable(purpose, given)
    [fault] = refused.value.faults
    assert (fault.pointer, fault.code) == ("/purpose", code)


def test_every_text_in_force_is_found_by_its_version() -> None:
    assert [text_of(each.purpose, each.version) for each in TEXTS_IN_FORCE] == list(TEXTS_IN_FORCE)
    assert text_of(Purpose.TRUTHFUL, "1999-01") is None
