"""Finding cases of a bank by what its people type: a number or its end, the end of a card or mobile, a name."""

import base64
import binascii
from typing import Final

from hub.domain.case_search import names_a_case_alone, search_for
from hub.domain.errors import EvidenceDamaged, KeysUnusable
from hub.services.accounts.staff import Staff
from hub.services.reading.bank.heading import find_by_reference
from hub.services.transaction import HubTransaction
from storage import queue_index

MOST_FOUND: Final = 200
MOST_TYPED: Final = 100
_HIDDEN: Final = "~"


def find_cases(tx: HubTransaction, person: Staff, typed: str) -> tuple[str, ...]:
    """Ids of the cases that are meant, of the person's bank alone, the newest first; none for another bank's."""
    search = search_for(typed[:MOST_TYPED])
    if search.reference is not None:
        found = find_by_reference(tx, search.reference, bank_code=person.bank)
        if found is not None:
            return (found,)
    if not search.keys:
        return ()
    return tuple(queue_index.find(tx, person.bank, search.keys, most=MOST_FOUND))


def word_for_address(tx: HubTransaction, person: Staff, typed: str) -> str:
    """What stands for `typed` in an address: the number of a case as it is, all else for this person alone to read.

    Addresses are kept by browsers and proxies, and names, mobiles, cards and identity numbers are somebody's.
    """
    text = typed.strip()[:MOST_TYPED]
    if not text or names_a_case_alone(text):
        return text
    sealed = tx.keyring.seal(text, table="staff", column="search", row=person.id)
    return _HIDDEN + base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def typed_in(tx: HubTransaction, person: Staff, word: str) -> str:
    """What was typed, by the word of the address; empty for a hidden one that is not this person's."""
    if not word.startswith(_HIDDEN):
        return word.strip()
    raw = word.removeprefix(_HIDDEN).encode("ascii", "replace")
    try:
        sealed = base64.urlsafe_b64decode(raw + b"=" * (-len(raw) % 4))
        return tx.keyring.open_text(sealed, table="staff", column="search", row=person.id)
    except (ValueError, binascii.Error, EvidenceDamaged, KeysUnusable):
        return ""
