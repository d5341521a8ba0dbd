"""The English of what is written in Chinese in the code, read from the message catalogue.

The catalogue's text form is read, not its compiled one, so that English never depends on a step of the set-up.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parent.parent / "translations" / "en" / "LC_MESSAGES"


def marked(text: str) -> str:
    """`text` itself; the name makes it known to the catalogue."""
    return text


@cache
def english() -> Mapping[str, str]:
    """The English of every text that has one, by its Chinese; from all catalogues of the folder."""
    found: dict[str, str] = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            messages = read_po(file, locale="en")
        found |= {
            message.id: message.string
            for message in messages
            if isinstance(message.id, str) and isinstance(message.string, str) and message.id and message.string
        }
    return found
