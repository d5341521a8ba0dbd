"""What anybody who holds an agreement's paper can ask: whether there is such an agreement, and whether it is in force.

Nothing of the person is told, and one that was erased is one that there is not.
"""

import hmac
import re
import unicodedata
from enum import StrEnum
from typing import Final

from hub.domain.agreement_end import AgreementStatus
from hub.domain.invisible import without_invisible
from hub.services.agreements.agreement_views import is_unsettled, payment_rows
from hub.services.agreements.signed_contents import digest_signed
from hub.services.transaction import HubTransaction
from storage import agreement_numbers

_HYPHENS: Final = re.compile("[‐-―−]")
_LEFT_OUT: Final = re.compile(r"\s")
_NUMBER_LIMIT: Final = 32


class Standing(StrEnum):
    """What is told of an agreement."""

    IN_FORCE = "in_force"
    UNSETTLED = "unsettled"  # its one payment was due, and the bank has not said whether it came
    OVER = "over"
    UNKNOWN = "unknown"


def standing_of(tx: HubTransaction, number: str, digest: str) -> Standing:
    """How the agreement of that number stands; `UNKNOWN` alike where there is none and where the digest is another's.

    Both are taken as they are copied from a paper: with blanks, line ends, and capital or small letters.
    """
    agreement = agreement_numbers.find(tx, _copied(number).upper()[:_NUMBER_LIMIT])
    if agreement is None or not hmac.compare_digest(
        digest_signed(tx, agreement).encode(), _copied(digest).lower().encode()
    ):
        return Standing.UNKNOWN
    if agreement.status != AgreementStatus.IN_FORCE:
        return Standing.OVER
    return Standing.UNSETTLED if is_unsettled(tx, agreement, payment_rows(tx, agreement)) else Standing.IN_FORCE


def _copied(text: str) -> str:
    return _LEFT_OUT.sub("", _HYPHENS.sub("-", unicodedata.normalize("NFKC", without_invisible(text))))
