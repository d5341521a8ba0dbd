"""What a bank should know of somebody who helps a person: whether a paper allows it, and whether they may live by it.

None of it refuses anybody: a machine cannot tell a daughter who works at a law firm from an agency. What it does refuse
is a contact number that changes hands, because the codes that sign go there.
"""

import unicodedata
from enum import StrEnum

from hub.domain.application import Representative

_AGENCY_WORDS = (
    "法务", "律所", "律师", "事务所", "法律", "代理", "代办", "咨询", "公司", "机构", "中介", "维权", "顾问",
    "债务", "协商",
    "agency", "agent", "lawyer", "law firm", "consult", "company",
)  # fmt: skip


class RepresentativeFlag(StrEnum):
    """One thing to look at before a representative is dealt with."""

    AUTHORITY_PAPER = "authority_paper"  # there is one: the bank looks whether it is right
    NO_AUTHORITY_PAPER = "no_authority_paper"
    LIKELY_AGENCY = "likely_agency"  # by the words of the relation


def flags_of(representative: Representative | None) -> tuple[RepresentativeFlag, ...]:
    """What the bank should look at; nothing where nobody helps."""
    if representative is None:
        return ()
    has_paper = representative.authority_evidence is not None
    paper = RepresentativeFlag.AUTHORITY_PAPER if has_paper else RepresentativeFlag.NO_AUTHORITY_PAPER
    return (paper, RepresentativeFlag.LIKELY_AGENCY) if _is_likely_agency(representative.relation) else (paper,)


def _is_likely_agency(relation: str) -> bool:
    words = unicodedata.normalize("NFKC", relation).casefold()
    return any(each in words for each in _AGENCY_WORDS)
