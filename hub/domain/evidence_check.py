"""What a bank's clerk finds of a file: it was checked, or there are doubts, which are said in words."""

from dataclasses import dataclass
from enum import StrEnum, unique


@unique
class CheckVerdict(StrEnum):
    """What came of looking at a file."""

    CHECKED = "checked"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceCheck:
    """What a clerk says of a file, for colleagues alone. Doubts have words."""

    verdict: CheckVerdict
    text: str = ""
