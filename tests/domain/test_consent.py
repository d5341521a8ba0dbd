"""Which consents an application needs, and what is said of one that is missing or old."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.domain import bill_feed, referral_consent
from hub.domain.application import Consent, EvidenceReference
from hub.domain.appointment_contents import ADDRESS_CONSENT, RECORDING_CONSENT
from hub.domain.consent import TEXTS_IN_FORCE, Purpose, Wording, faults_of, faults_of_later_files
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


@pytest.mark.parametrize(
    ("words", "digest"),
    [
        *zip(
            TEXTS_IN_FORCE,
            (
                "d888dd32d3d42a78bd8be3fc48380ac8e9f4391c8f11f038aad083261076ed86",
                "edc4b36ab6bedff8e19d0bb7fe84befd645807eac1f3b333259d8345322980b1",
                "9bbfb4b07f8a18e627ae5b152fe3b7f3eb03ad3946e716443eae003530bb5945",
                "b5c1caef54a91d2a367c5ffe5bdb11a64e089bb166920c7494f6dbd2ecfddcd8",
                "21ee76b744352f44c00ae94fc4e16cdb2e104aa6edfb09ddc679f13a64669a6e",
            ),
            strict=True,
        ),
        (bill_feed.CONSENT, "73a7747c92f65eb3027ade358a6c9b7653e10b9ab2948cc35f4336e3182f413e"),
        (ADDRESS_CONSENT, "47543e6258cc43689d675b7771d29619c2fad8eb1d65051118e5e9723c386c29"),
        (RECORDING_CONSENT, "c776006f1cf7e473c4a88590afd075b12f2da5982728ee2c1039bf172e199394"),
        (referral_consent.TEXT, "0371ae10a9bf4ff9a436bf83e868d2ef21a558b70904a8c00199d2eae61ac81e"),
    ],
)
def test_the_words_of_a_version_stay_those_that_were_agreed_to(words: Wording, digest: str) -> None:
    assert (words.version, words.sha256) == ("2026-11", digest)
