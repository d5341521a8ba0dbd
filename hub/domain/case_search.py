"""By what a bank's people find a case: the end of its number, of a card, a contract, the mobile, or the person's name.

What is found by is a short text of kind and value; it is kept as a keyed hash alone (`storage.queue_index`).
"""

import re
import unicodedata
from dataclasses import dataclass

from hub.domain.invisible import without_invisible
from hub.domain.masks import card_last4
from hub.domain.people import plain_name
from hub.domain.submission import Submission

_REFERENCE = re.compile(r"(?:XS-?)?([0-9]{8})-?([0-9]{6})")
_DIGITS = re.compile(r"[0-9]+")
_END_OF_CONTRACT = re.compile(r"[0-9A-Z]{4}")
# How many digits of a number's end people say: the last four, or all six.
_ENDS_OF_REFERENCE = (4, 5, 6)
_END = 4
_LENGTH_OF_MOBILE = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What somebody typed. `reference` where it is a whole number; `keys`: what of them the case is found by."""

    reference: str | None = None
    keys: tuple[str, ...] = ()


def keys_of(reference: str, submission: Submission) -> tuple[str, ...]:
    """All that the case of that number is found by, as long as this is its submission in force."""
    found = [f"reference/{reference[-digits:]}" for digits in _ENDS_OF_REFERENCE]
    found += [card_key(card_last4(each)) for each in submission.card_numbers]
    found += [f"contract/{each}" for each in submission.contract_ends]
    found.append(f"mobile/{submission.applicant.mobile[-_END:]}")
    name = plain_name(submission.applicant.name)
    return tuple(dict.fromkeys([*found, *([f"name/{name}"] if name else [])]))


def card_key(last4: str) -> str:
    """What a case is found by that is about the card which ends so."""
    return f"card/{last4}"


def names_a_case_alone(typed: str) -> bool:
    """Whether it is a case's number or an end that many share: no mobile, card or name, so an address may hold it."""
    joined = _joined(typed)
    return bool(_REFERENCE.fullmatch(joined)) or (len(joined) <= max(_ENDS_OF_REFERENCE) and joined.isdecimal())


def search_for(typed: str) -> Search:
    """What `typed` looks for. A number may be whole or its end; a name stands whole, blanks and dots left out."""
    text = unicodedata.normalize("NFKC", without_invisible(typed)).strip()
    joined = _joined(text)
    whole = _REFERENCE.fullmatch(joined)
    if whole:
        return Search(reference=f"XS-{whole[1]}-{whole[2]}")
    if _DIGITS.fullmatch(joined):
        return Search(keys=tuple(_of_digits(joined)))
    name = plain_name(text)
    keys = [f"name/{name}"] if name else []
    # A contract's number may end in letters.
    keys += [f"contract/{joined}"] if _END_OF_CONTRACT.fullmatch(joined) else []
    return Search(reference=text.upper(), keys=tuple(keys))


def _joined(typed: str) -> str:
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", without_invisible(typed))).upper()


def _of_digits(digits: str) -> list[str]:
    if len(digits) == _END:
        return [f"{kind}/{digits}" for kind in ("reference", "card", "contract", "mobile")]
    if len(digits) in _ENDS_OF_REFERENCE:
        return [f"reference/{digits}"]
    if len(digits) == _LENGTH_OF_MOBILE:
        return [f"mobile/{digits[-_END:]}"]
    return [f"card/{digits[-_END:]}"] if len(digits) > _LENGTH_OF_MOBILE else []
