"""Which consents an application needs, and what is said of one that is missing or old."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.domain.application import Consent, EvidenceReference
from hub.domain.consent import TEXTS_IN_FORCE, Purpose, faults_of, faults_of_later_files
from hub.domain.evidence import EvidenceKind

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ICBC, CITIC, CITIC_CARDS = "01020000", "03020000", "63020000"


def given(purpose: Purpose, bank_code: str | None = None, version: str = "2026-11") -> Consent:
    return Consent(purpose=purpose, version=version, given_at=AT, bank_code=bank_code)


ALL = (
    given(Purpose.SHARE_WITH_BANK, ICBC),
    given(Purpose.SENSITIVE_DATA),
    given(Purpose.MEDICAL_DATA),
    given(Purpose.TRUTHFUL),
)
BILL = EvidenceReference(id="e1", kind=EvidenceKind.MEDICAL_BILL)
PAYSLIP = EvidenceReference(id="e2", kind=EvidenceKind.PAYSLIP)


def test_all_four_are_enough_for_one_bank_and_a_medical_bill() -> None:
    assert faults_of(ALL, bank_codes=[ICBC], evidence=[BILL]) == []


@pytest.mark.parametrize("purpose", [each for each in Purpose if each is not Purpose.FAMILY_DATA])
def test_each_missing_one_is_named(purpose: Purpose) -> None:
    rest = [each for each in ALL if each.purpose != purpose]
    [fault] = faults_of(rest, bank_codes=[ICBC], evidence=[BILL])
    assert fault.pointer == "/consents"
    assert fault.params["purpose"] == purpose


@pytest.mark.parametrize("kind", [EvidenceKind.MEDICAL_BILL, EvidenceKind.DIAGNOSIS, EvidenceKind.DISABILITY_PROOF])
def test_medical_papers_need_a_consent_of_their_own(kind: EvidenceKind) -> None:
    rest = [each for each in ALL if each.purpose != Purpose.MEDICAL_DATA]
    [fault] = faults_of(rest, bank_codes=[ICBC], evidence=[EvidenceReference(id="e", kind=kind)])
    assert fault.params["purpose"] == Purpose.MEDICAL_DATA


def test_other_papers_do_not() -> None:
    rest = [each for each in ALL if each.purpose != Purpose.MEDICAL_DATA]
    assert faults_of(rest, bank_codes=[ICBC], evidence=[PAYSLIP]) == []


def test_a_later_medical_paper_needs_it_unless_it_stands() -> None:
    def later(*consents: Consent, standing: frozenset[str] = frozenset(), back: datetime | None = None) -> list[str]:
        taken_back_at = {} if back is None else {Purpose.MEDICAL_DATA: back}
        faults = faults_of_later_files(
            consents, evidence=[BILL, PAYSLIP], standing=standing, taken_back_at=taken_back_at, now=AT
        )
        return [f"{each.pointer} {each.code}" for each in faults]

    medical = given(Purpose.MEDICAL_DATA)
    assert later() == ["/consents consent_missing"]
    assert later(medical) == later(standing=frozenset({Purpose.MEDICAL_DATA})) == []
    assert later(medical, back=AT) == ["/consents consent_missing"]
    assert later(medical, back=AT - timedelta(seconds=1)) == []
    old = given(Purpose.MEDICAL_DATA, version="2020-01")
    assert later(old) == ["/consents/0/version consent_version"]


def test_each_bank_needs_its_own() -> None:
    [fault] = faults_of(ALL, bank_codes=[ICBC, "03080000"], evidence=[])
    assert fault.params["bank_code"] == "03080000"


def test_a_banks_two_codes_are_one_bank() -> None:
    shared = [*ALL[1:], given(Purpose.SHARE_WITH_BANK, CITIC)]
    assert faults_of(shared, bank_codes=[CITIC_CARDS], evidence=[]) == []


def test_a_version_not_in_force_is_named_with_the_one_that_is() -> None:
    old = [*ALL[:3], given(Purpose.TRUTHFUL, version="2025-01")]
    [fault] = faults_of(old, bank_codes=[ICBC], evidence=[])
    assert (fault.pointer, fault.code, fault.params["version"]) == (
        "/consents/3/version",
        "consent_version",
        "2026-11",
    )


def test_every_purpose_has_one_text_in_force_with_a_digest_of_its_own() -> None:
    assert [text.purpose for text in TEXTS_IN_FORCE] == list(Purpose)
    assert len({text.sha256 for text in TEXTS_IN_FORCE}) == len(TEXTS_IN_FORCE)
    assert all(text.zh and text.en for text in TEXTS_IN_FORCE)
