"""What a person is asked for when they show their papers: a few groups of kinds, each under one heading."""

from collections.abc import Iterable, Mapping
from enum import StrEnum, unique
from typing import Final

from hub.domain.application import HardshipReason
from hub.domain.evidence import EvidenceKind

MAX_FILES: Final = 10
"""So many files a person can hand in under one heading."""


@unique
class EvidenceCategory(StrEnum):
    """A heading under which papers are asked for."""

    INCOME = "income"
    MEDICAL = "medical"
    DISASTER = "disaster"
    FAMILY = "family"
    OTHER = "other"


KINDS: Final[Mapping[EvidenceCategory, tuple[EvidenceKind, ...]]] = {
    EvidenceCategory.INCOME: (
        EvidenceKind.PAYSLIP,
        EvidenceKind.BANK_STATEMENT,
        EvidenceKind.INCOME_PROOF,
        EvidenceKind.UNEMPLOYMENT_PROOF,
        EvidenceKind.LOW_INCOME_PROOF,
    ),
    EvidenceCategory.MEDICAL: (EvidenceKind.MEDICAL_BILL, EvidenceKind.DIAGNOSIS, EvidenceKind.DISABILITY_PROOF),
    EvidenceCategory.DISASTER: (EvidenceKind.DISASTER_PROOF,),
    EvidenceCategory.FAMILY: (EvidenceKind.FAMILY_STATEMENT,),
    EvidenceCategory.OTHER: (EvidenceKind.OTHER, EvidenceKind.IDENTITY, EvidenceKind.CREDIT_REPORT),
}
"""The kinds of each category; the first is what a file is taken for whose name says nothing."""

_OF_REASONS: Final = {
    HardshipReason.ILLNESS: EvidenceCategory.MEDICAL,
    HardshipReason.DISASTER: EvidenceCategory.DISASTER,
    HardshipReason.FAMILY_CARE: EvidenceCategory.FAMILY,
    HardshipReason.FAMILY_CHANGE: EvidenceCategory.FAMILY,
}
# What people and their apps call such files.
_NAMED: Final = {
    "流水": EvidenceKind.BANK_STATEMENT,
    "对账单": EvidenceKind.BANK_STATEMENT,
    "工资": EvidenceKind.PAYSLIP,
    "薪": EvidenceKind.PAYSLIP,
    "收入证明": EvidenceKind.INCOME_PROOF,
    "失业": EvidenceKind.UNEMPLOYMENT_PROOF,
    "离职": EvidenceKind.UNEMPLOYMENT_PROOF,
    "低保": EvidenceKind.LOW_INCOME_PROOF,
    "诊断": EvidenceKind.DIAGNOSIS,
    "病历": EvidenceKind.DIAGNOSIS,
    "残疾": EvidenceKind.DISABILITY_PROOF,
    "身份证": EvidenceKind.IDENTITY,
    "征信": EvidenceKind.CREDIT_REPORT,
    "信用报告": EvidenceKind.CREDIT_REPORT,
}


def category_of(kind: str) -> EvidenceCategory:
    """The category that a kind belongs to."""
    return next((category for category, kinds in KINDS.items() if kind in kinds), EvidenceCategory.OTHER)


def suggested_for(reasons: Iterable[str]) -> list[EvidenceCategory]:
    """What helps somebody with these reasons most, in the order of the page: income always."""
    fitting = {_OF_REASONS[HardshipReason(each)] for each in reasons if each in _OF_REASONS}
    return [each for each in EvidenceCategory if each is EvidenceCategory.INCOME or each in fitting]


def guessed_kind(category: EvidenceCategory, file_name: str) -> EvidenceKind:
    """What a file of the category probably is, by its name; the person may say otherwise."""
    named = (kind for words, kind in _NAMED.items() if words in file_name and kind in KINDS[category])
    return next(named, KINDS[category][0])
