"""What a page or a mail says to its reader, and which of it is of the other language or of the machine.

What somebody typed is marked where it stands, by `class="own-words"` (or `kept`), or by a `lang` of its own, and is
left out. Nothing is left out for looking harmless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

HAN = re.compile(r"[\u4e00-\u9fff]|[，。；：、（）【】！？]")
_SAID = ("title", "aria-label", "alt", "placeholder")
_OWN = {"own-words", "kept", "masked"}
# What is typed into a terminal, or comes from a machine, stands in `code`; a key is called what stands on it.
_SILENT = {"script", "style", "code", "kbd"}
_VOID = {"meta", "link", "input", "br", "hr", "img", "path", "rect", "circle", "use", "col", "source"}

# Words that Chinese people read in Latin letters, and what stands on papers beside them.
_TAKEN_IN_CHINESE = {
    *(
        "PDF",
        "JPEG",
        "JPG",
        "PNG",
        "HEIC",
        "WebP",
        "ZIP",
        "MP3",
        "M4A",
        "WAV",
        "AMR",
        "OFD",
        "JSON",
        "CSV",
        "Excel",
        "XLSX",
    ),
    *(
        "MB",
        "KB",
        "GB",
        "App",
        "API",
        "SFTP",
        "SMS",
        "URL",
        "HTTP",
        "HTTPS",
        "Base64",
        "SM2",
        "RSA",
        "SQLite",
        "English",
    ),
}
_NUMBERS = re.compile(
    r"SHA-256|\bhub (?:worker|doctor|audit|delivery list|bank set|calendar import|check --all|jobs dead)|(?:BL|SQ|XS|XY)-[0-9A-Z-]+|[0-9a-f]{12,64}|[\w.+*-]+@[\w.-]+\.\w+|https?://\S+|/[a-z][\w/.-]*|U\+[0-9A-F]+"
)
_MACHINE = (
    (re.compile(r"\b[a-z]+(?:_[a-z]+)+\b"), "a code word"),
    (re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}"), "a raw time"),
    (re.compile(r"(?<![\d*-])\d{8}(?![\d*-])"), "a bank's code"),
    (
        re.compile(r"%\(\w+\)s|\{\w+\}|\bNone\b(?! of|\.)|\bTrue\b|\bFalse\b|&[a-z]+;"),
        "a gap or a value of the machine",
    ),
)
# A name and a number that the script of files puts into the sentences of its `template`.
_FILLED_BY_SCRIPT = re.compile(r"\{[fn]\}")
_LATIN = re.compile(r"[A-Za-z][A-Za-z'-]+[0-9]?")


class _Reader(HTMLParser):
    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        hidden = self._is_hidden or tag in _SILENT or bool(_OWN & set(given.get("class", "").split()))
        if "lang" in given and tag != "html":
            hidden = given["lang"].split("-")[0] != self.language
        if not hidden:
            self.said += [given[name] for name in _SAID if name in given]
        if tag == "textarea":
            # What is typed there is somebody's.
            hidden = True
        if tag not in _VOID:
            self._open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            # Such as the `use` of an icon: nothing was opened with it.
            return
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._is_hidden:
            in_template = any(tag == "template" for tag, _ in self._open)
            self.said.append(_FILLED_BY_SCRIPT.sub(" ", data.strip()) if in_template else data.strip())

    @property
    def _is_hidden(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def said_in(html: str, language: str) -> list[str]:
    """Everything that the document says in that language, piece by piece."""
    reader = _Reader(language)
    reader.feed(html)
    return reader.said


def foreign(pieces: list[str], language: str, names: frozenset[str] = frozenset()) -> Iterator[str]:
    """What does not belong into the language; `names` are those of banks, which are the same in both."""
    for piece in pieces:
        text = piece
        for name in names:
            text = text.replace(name, " ")
        text = _NUMBERS.sub(" ", text)
        for pattern, what in _MACHINE:
            if found := pattern.search(text):
                yield f"{what}, {found[0]!r}, in {piece!r}"
        if language == "en" and (found := HAN.search(text)):
            yield f"Chinese {found[0]!r} in {piece!r}"
        if language == "zh":
            words = [each for each in _LATIN.findall(text) if each not in _TAKEN_IN_CHINESE]
            if words:
                yield f"English {words[0]!r} in {piece!r}"
