"""Consents: what each is for, the text in force, and which ones an application needs.

Separate consent for each bank that receives the file, for sensitive data and for medical data follows the Personal
Information Protection Law, articles 14, 17, 23, 28, 29 and 30. A new wording is a new version, never an edit.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from hub.domain.application import Consent, EvidenceReference
from hub.domain.china import china_day
from hub.domain.errors import Fault
from hub.domain.evidence import MEDICAL_KINDS
from hub.domain.issuers import same_bank

CLOCKS_DIFFER_BY = timedelta(minutes=5)
"""How far ahead of the hub's clock a host app's may be."""


class Purpose(StrEnum):
    """What a consent is for. `truthful` is a statement of fact and no consent that could be taken back."""

    SHARE_WITH_BANK = "share_with_bank"
    SENSITIVE_DATA = "sensitive_data"
    MEDICAL_DATA = "medical_data"
    FAMILY_DATA = "family_data"
    TRUTHFUL = "truthful"


GIVEN_LATER = frozenset({Purpose.MEDICAL_DATA})
"""What can be consented to after the submission as well, with files that need it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of one consent in one version; a new wording is a new version."""

    version: str
    zh: str
    en: str

    @property
    def sha256(self) -> str:
        """The digest of both languages, so that what was agreed to can be shown later."""
        return hashlib.sha256(f"{self.zh}\n{self.en}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWords(Wording):
    """The words of a consent that comes with the time at which it was given; shown from `first_day` (China) on."""

    first_day: date

    def time_faults(self, given_at: datetime, *, now: datetime) -> list[Fault]:
        """What speaks against the time of a consent to it: it is still to come, or the text was not there yet."""
        if given_at > now + CLOCKS_DIFFER_BY:
            return [Fault("/given_at", "time_in_future")]
        if china_day(given_at) < self.first_day:
            return [Fault("/given_at", "consent_before_its_text", {"first_day": self.first_day.isoformat()})]
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentText(ConsentWords):
    """The words of what an application needs; `{bank}` stands for the bank's name where it is given for a bank."""

    purpose: Purpose


TEXTS_IN_FORCE: tuple[ConsentText, ...] = (
    ConsentText(
        purpose=Purpose.SHARE_WITH_BANK,
        version="2026-11",
        first_day=date(2026, 11, 1),
        zh="我同意把本次申请中与{bank}有关的信息（身份、联系方式、银行卡、欠款、收支、困难说明和所附材料）提供给{bank}，"
        "仅用于本次还款协商。{bank}会通过自己的系统接收，并按与我协商还款的需要使用。我可以随时撤回，撤回不影响之前的处理。",
        en="I agree that what this application holds for {bank} (identity, contact, cards, amounts owed, income and "
        "spending, my situation and the attached papers) is given to {bank}, for this repayment negotiation only. "
        "{bank} receives it in its own system. I can take this back at any time; what was done before stays lawful.",
    ),
    ConsentText(
        purpose=Purpose.SENSITIVE_DATA,
        version="2026-11",
        first_day=date(2026, 11, 1),
        zh="我单独同意为本次协商处理我的银行卡、收入和困难情况等敏感个人信息。这些信息用于判断还款能力；"
        "不提供的话，银行将无法评估我的申请。",
        en="I separately agree that sensitive data about me (cards, income, my situation) is used for this negotiation."
        " It serves to judge what I can repay; without it a bank cannot assess my application.",
    ),
    ConsentText(
        purpose=Purpose.MEDICAL_DATA,
        version="2026-11",
        first_day=date(2026, 11, 1),
        zh="我单独同意提供医疗材料，仅用于说明我的困难。不同意也可以继续申请，只是不附这些材料。",
        en="I separately agree to share medical papers, only to show my situation. I may go on without them.",
    ),
    ConsentText(
        purpose=Purpose.FAMILY_DATA,
        version="2026-11",
        first_day=date(2026, 11, 1),
        zh="材料里有家人的信息，我已经告诉这位家人用在哪里、交给哪家银行，并得到了他（她）的同意。"
        "用不到的内容，我可以先遮住再上传。家人改变主意时，我可以随时撤回。",
        en="These papers hold information about someone in my family. I told them what it is used for and which bank "
        "receives it, and they agreed. I may cover what is not needed before I upload. I can take this back at any "
        "time if they change their mind.",
    ),
    ConsentText(
        purpose=Purpose.TRUTHFUL,
        version="2026-11",
        first_day=date(2026, 11, 1),
        zh="我填写的内容是真实的。我知道提交即表示承认这些欠款，诉讼时效会重新计算。",
        en="What I wrote is true. I know that sending this acknowledges the debt and that limitation starts anew.",
    ),
)
_IN_FORCE = {text.purpose: text for text in TEXTS_IN_FORCE}
# Of every version that was ever in force; an older one is moved here when a newer takes its place.
_EVERY_TEXT = {(text.purpose, text.version): text for text in TEXTS_IN_FORCE}


def text_of(purpose: str, version: str) -> ConsentText | None:
    """The words that were shown under that version; None for one that never was in force."""
    return _EVERY_TEXT.get((Purpose(purpose), version))


def faults_of(
    consents: Iterable[Consent], *, bank_codes: Iterable[str], evidence: Iterable[EvidenceReference]
) -> list[Fault]:
    """A fault for each consent that is missing, and for each whose version is not in force.

    `bank_codes` are the banks as the accounts name them; either code of a bank serves for both.
    """
    given = list(consents)
    faults = _version_faults(given)
    faults += _missing([Purpose.SENSITIVE_DATA, Purpose.TRUTHFUL, *_needed_for(evidence)], given)
    shared_with = [consent.bank_code for consent in given if consent.purpose == Purpose.SHARE_WITH_BANK]
    faults += [
        Fault("/consents", "consent_missing_for_bank", {"purpose": Purpose.SHARE_WITH_BANK, "bank_code": code})
        for code in dict.fromkeys(bank_codes)
        if not any(same_bank(code, other) for other in shared_with if other is not None)
    ]
    return faults


def faults_of_later_files(
    consents: Iterable[Consent],
    *,
    evidence: Iterable[EvidenceReference],
    standing: Collection[str],
    taken_back_at: Mapping[Purpose, datetime],
    now: datetime,
) -> list[Fault]:
    """The same of what comes after the submission: a file needs its consent, unless that one is `standing`.

    One that was given before it was `taken_back_at` does not count: whoever sends it again gives nothing anew.
    """
    given = list(consents)
    faults = _version_faults(given)
    for index, each in enumerate(given):
        faults += [fault.under(f"/consents/{index}") for fault in time_faults(each, now=now)]
    anew = [each for each in given if is_given_since(each.given_at, taken_back_at.get(Purpose(each.purpose)))]
    return faults + _missing([each for each in _needed_for(evidence) if each not in standing], anew)


def is_given_since(given_at: datetime, taken_back_at: datetime | None) -> bool:
    """Whether a consent is younger than its withdrawal, where there was one."""
    return taken_back_at is None or given_at > taken_back_at


def _version_faults(given: Iterable[Consent]) -> list[Fault]:
    return [
        Fault(
            f"/consents/{index}/version",
            "consent_version",
            {"version": _IN_FORCE[Purpose(consent.purpose)].version},
        )
        for index, consent in enumerate(given)
        if consent.version != _IN_FORCE[Purpose(consent.purpose)].version
    ]


def _needed_for(evidence: Iterable[EvidenceReference]) -> list[Purpose]:
    """What the files need a consent of their own for."""
    return [Purpose.MEDICAL_DATA] if any(each.kind in MEDICAL_KINDS for each in evidence) else []


def _missing(needed: Iterable[Purpose], given: Iterable[Consent]) -> list[Fault]:
    purposes = {consent.purpose for consent in given}
    return [
        Fault("/consents", "consent_missing", {"purpose": purpose}) for purpose in needed if purpose not in purposes
    ]


def time_faults(consent: Consent, *, now: datetime) -> list[Fault]:
    """What speaks against the time of a consent: it is still to come, or the text was not there yet."""
    return _IN_FORCE[Purpose(consent.purpose)].time_faults(consent.given_at, now=now)
