"""The English of what is written in Chinese in the code, read from the message catalogue.

The catalogue's text form is read, not its compiled one, so that English never depends on a step of the set-up.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from hub.domain.marked import marked

CATALOGUES = Path(__file__).parent.parent / "translations" / "en" / "LC_MESSAGES"


def english() -> Mapping[str, str]:
    """The English of every text that has one, by its Chinese; of a text with a number the form for many."""
    return _forms()[1]


def english_of_one() -> Mapping[str, str]:
    """The English of a text whose number `n` is one, where that differs."""
    return _forms()[0]


@cache
def _forms() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """From all catalogues of the folder: the forms for one, and the forms of everything."""
    from babel.messages.pofile import read_po  # noqa: PLC0415 - for commands, which say hardly anything

    of_one: dict[str, str] = {}
    found: dict[str, str] = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            messages = read_po(file, locale="en")
        for message in messages:
            one, *many = (message.string or "",) if isinstance(message.string, str | None) else message.string
            text = message.id if isinstance(message.id, str) else message.id[0]
            if not text or not one:
                continue
            found[text] = many[0] if many else one
            if many:
                of_one[text] = one
    return of_one, found


__all__ = ["CATALOGUES", "english", "english_of_one", "marked"]
