"""From a machine code to the sentence that a person reads, in Chinese or English.

The tables are in `fault_sentences` and `problem_sentences`; nothing here knows a request.
"""

import math
from collections.abc import Callable, Mapping
from typing import Literal

from hub.domain.amounts import yuan
from hub.web.catalogue import english
from hub.web.fault_sentences import FAULTS
from hub.web.problem_sentences import DETAILS, TITLES, WORDS

Locale = Literal["zh", "en"]

# A few codes are both: as a fault they speak of one value, as a problem of the whole request.
_AS_FAULT = {**DETAILS, **FAULTS}
_AS_PROBLEM = {**FAULTS, **DETAILS}
# The parameters whose value is a word of the machine, with a name of its own in each language.
_WORD_PARAMS = frozenset({"status", "part", "kind", "purpose"})
_UNKNOWN_FAULT = "invalid"
_UNKNOWN_PROBLEM = "server_error"
_MIB = 2**20


class _Params(dict[str, object]):
    """A sentence with a gap is better than none."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentence(code: str, params: Mapping[str, str | int], locale: Locale, *, said: Callable[[str], str] = str) -> str:
    """What the fault `code` says to a person; a code without a sentence says that something is wrong here.

    `said` words the sentence otherwise, its gaps still empty: what fills them is somebody's name or own word.
    """
    return filled(_AS_FAULT.get(code, FAULTS[_UNKNOWN_FAULT]), params, locale, said=said)


def title(code: str, locale: Locale) -> str:
    """What a problem of this kind is called."""
    return _in_language(TITLES.get(code, TITLES[_UNKNOWN_PROBLEM]), locale)


def detail(code: str, params: Mapping[str, str | int], locale: Locale) -> str:
    """What happened and what to do about it; for the code of a problem, a malformed body or a refused file."""
    return filled(_AS_PROBLEM.get(code, DETAILS[_UNKNOWN_PROBLEM]), params, locale)


def filled(text: str, params: Mapping[str, str | int], locale: Locale, *, said: Callable[[str], str] = str) -> str:
    """The sentence in that language, worded by `said`, its gaps filled as people read them."""
    return said(_in_language(text, locale)) % _Params(_readable(params, locale))


def _in_language(text: str, locale: Locale) -> str:
    return text if locale == "zh" else english().get(text, text)


def _readable(params: Mapping[str, str | int], locale: Locale) -> dict[str, object]:
    """`params` as people read them.

    Words by their names, fen also as yuan, a limit or size in bytes also in MiB, `name_zh` or `name_en` also as `name`.
    """
    readable: dict[str, object] = {}
    for name, value in params.items():
        readable[name] = value
        if name in _WORD_PARAMS and value in WORDS:
            readable[name] = _in_language(WORDS[str(value)], locale)
        if name.endswith("_fen") and isinstance(value, int):
            readable[name.removesuffix("_fen") + "_yuan"] = yuan(value)
        if name.endswith(f"_{locale}"):
            readable[name.removesuffix(f"_{locale}")] = value
        if name == "limit" and isinstance(value, int):
            readable["limit_mib"] = f"{value / _MIB:g}"
        if name == "size" and isinstance(value, int):
            # Rounded up: what is over a limit never reads as if it were not.
            readable["size_mib"] = f"{math.ceil(value * 10 / _MIB) / 10:g}"
    return readable
