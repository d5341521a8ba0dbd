"""The English of texts: each stands in one catalogue, with the parameters of its Chinese."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from hub.web.catalogue import CATALOGUES, english, english_of_one

ROOT = Path(__file__).parents[2]
_SAYING = ("hub", "schemas", "templates")
_PARAMETER = re.compile(r"%\((\w+)\)s")


def test_a_text_has_its_english_in_one_catalogue() -> None:
    texts: Counter[str] = Counter()
    for path in CATALOGUES.glob("*.po"):
        with path.open("rb") as file:
            texts.update(str(message.id) for message in read_po(file, locale="en") if message.id)
    assert len(texts) > 1000
    assert [text for text, times in texts.items() if times > 1] == []


def test_english_names_no_parameter_that_the_chinese_lacks() -> None:
    wrong = [
        text
        for forms in (english(), english_of_one())
        for text, said in forms.items()
        if not {*_PARAMETER.findall(said)} <= {*_PARAMETER.findall(text)}
    ]
    assert wrong == []


def test_every_text_that_has_an_english_is_said_somewhere_but_what_older_logs_alone_say() -> None:
    said = _plain("".join(path.read_text(encoding="utf-8") for folder in _SAYING for path in _sources(folder)))
    assert [text for text in english() if _plain(text) not in said and text not in _of_older_logs()] == []


@cache
def _of_older_logs() -> frozenset[str]:
    found = set[str]()
    for path in CATALOGUES.glob("*.po"):
        with path.open("rb") as file:
            messages = read_po(file, locale="en")
        found |= {str(message.id) for message in messages if "In entries of older logs alone." in message.user_comments}
    return frozenset(found)


def _sources(folder: str) -> Iterator[Path]:
    return (path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in {".py", ".html", ".txt"})


def _plain(text: str) -> str:
    """The words alone: a sentence may go over several lines of code, and be filled in either way."""
    joined = re.sub(r'"\s*\n\s*f?"', "", text).replace("\\n", "").replace('\\"', '"')
    return re.sub(r"\s+", "", re.sub(r"\{(\w+)\}", r"%(\1)s", joined))
