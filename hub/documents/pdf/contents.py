"""Contents of a PDF's pages and forms, written anew: known operators with what belongs to them, and nothing between.

Marks of content go, and what belongs to a hidden layer is not painted any more; what it sets for later stays set
(ISO 32000-2, 8.11.3.2). Every resource gets a new name, so that only what is used comes along.
"""

import re
from typing import Final, Protocol

_SPACE: Final = rb"[\x00\t\n\f\r ]"
_DELIMITER: Final = rb"(?=[\x00\t\n\f\r ()<>\[\]{}/%]|\Z)"
_NUMBER: Final = rb"[-+]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)"
_SETTING: Final = rb"cm|[wJjMi]|[mlcvyh]|re|W\*?|n|sc|SC|scn|SCN|rg|RG|[gGkK]|T[dDmcwzLrs]|T\*|d0|d1"
_PAINTING: Final = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s"})


def _stretch(operators: bytes) -> re.Pattern[bytes]:
    """Operators one after another that have nothing but numbers: most of a page."""
    one = rb"(?:" + _NUMBER + _SPACE + rb"++){0,6}+(?:" + operators + rb")" + _DELIMITER + _SPACE + rb"*+"
    return re.compile(rb"(?:" + one + rb")++")


_SEEN: Final = _stretch(_SETTING + rb"|f\*?|F|B\*?|b\*?|S|s")
_UNSEEN: Final = _stretch(_SETTING)
_SKIPPED: Final = re.compile(rb"(?:" + _SPACE + rb"++|%[^\r\n]*+)++")
_TOKEN: Final = re.compile(
    rb"(?P<number>[-+.0-9]++)" + _DELIMITER + rb"|(?P<word>[^\x00\t\n\f\r ()<>\[\]{}/%]++)"
    rb"|(?P<name>/[^\x00\t\n\f\r ()<>\[\]{}/%]*+)|(?P<hex><[0-9A-Fa-f\x00\t\n\f\r ]*+>)|(?P<open><<)|(?P<close>>>)"
    rb"|(?P<string>\((?:[^()\\]++|\\.)*+\))|(?P<array>\[)|(?P<end>\])",
    re.DOTALL,
)
_PARENTHESES: Final = re.compile(rb"\\.|[()]", re.DOTALL)
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_END_OF_PICTURE: Final = re.compile(_SPACE + rb"EI" + _DELIMITER)
_NOT_TEXT: Final = re.compile(rb"[^\t\n\f\r -~]")
_LOOKED_AHEAD: Final = 16

# How many numbers these take, where they are not found in a stretch.
_NUMBERS: Final = {
    **dict.fromkeys((b"cm", b"c", b"Tm", b"d1"), 6),
    **dict.fromkeys((b"re", b"v", b"y", b"k", b"K"), 4),
    **dict.fromkeys((b"rg", b"RG"), 3),
    **dict.fromkeys((b"m", b"l", b"Td", b"TD", b"d0"), 2),
    **dict.fromkeys((b"w", b"J", b"j", b"M", b"i", b"g", b"G", b"Tc", b"Tw", b"Tz", b"TL", b"Tr", b"Ts"), 1),
    **dict.fromkeys((b"h", b"n", b"W", b"W*", b"T*"), 0),
}
_MOST_COMPONENTS: Final = 32
_INTENTS: Final = frozenset({b"/AbsoluteColorimetric", b"/RelativeColorimetric", b"/Saturation", b"/Perceptual"})

Token = tuple[str, bytes]


class Names(Protocol):
    """What the names in the contents stand for."""

    def used(self, category: str, name: bytes) -> bytes | None:
        """The new name of that resource; None where it is none that may be used."""
        ...

    def length_of_picture(self, written: bytes) -> int | None:
        """How many bytes a picture takes that was written between others; None where it is packed."""
        ...

    def used_picture(self, written: bytes, data: bytes) -> bytes | None:
        """The new name of a picture that was written between others; None where it is none."""
        ...

    def is_shown(self, name: bytes) -> bool:
        """Whether the layer of that name is seen."""
        ...


def rewritten(data: bytes, names: Names) -> bytes:
    """The contents anew: what they show is the same, as is the state they leave behind."""
    return _Rewriting(data, names).run()


class _Rewriting:
    def __init__(self, data: bytes, names: Names) -> None:
        self._data = data
        self._names = names
        self._out: list[bytes] = []
        self._operands: list[Token] = []
        self._saved = 0
        self._in_text = False
        # Of each mark that is open, whether what it marks is seen.
        self._marks: list[bool] = []
        self._hidden = 0

    def run(self) -> bytes:
        at, data = 0, self._data
        while at < len(data):
            if not self._operands:
                stretch = (_UNSEEN if self._hidden else _SEEN).match(data, at)
                if stretch:
                    self._out.append(stretch[0])
                    at = stretch.end()
                    continue
            skipped = _SKIPPED.match(data, at)
            at = skipped.end() if skipped else self._token(at)
        if self._in_text:
            self._out.append(b"ET")
        return b"\n".join([*self._out, *[b"Q"] * self._saved])

    def _token(self, at: int) -> int:
        found = _TOKEN.match(self._data, at)
        if found is None:
            end = self._end_of_string(at) if self._data[at : at + 1] == b"(" else at + 1
            if end > at + 1:
                self._operands.append(("string", self._data[at:end]))
            return end
        kind, text = str(found.lastgroup), found[0]
        if kind == "word":
            if text == b"BI":
                return self._picture(found.end())
            self._operate(text)
            self._operands.clear()
        elif kind == "name":
            self._operands.append((kind, plain_name(text)))
        else:
            self._operands.append(("string" if kind == "hex" else kind, text))
        return found.end()

    def _end_of_string(self, at: int) -> int:
        """Behind a string with parentheses in it; the end of all where it has none."""
        depth = 0
        for found in _PARENTHESES.finditer(self._data, at):
            depth += {b"(": 1, b")": -1}.get(found[0], 0)
            if depth == 0:
                return found.end()
        return len(self._data)

    def _operate(self, word: bytes) -> None:
        if word in _NUMBERS:
            self._write(*self._numbers(_NUMBERS[word]), word)
        elif word in _PAINTING:
            self._write(b"n" if self._hidden else word)
        elif (operator := _OPERATORS.get(word)) is not None:
            operator(self, word)

    def _write(self, *parts: bytes) -> None:
        self._out.append(b" ".join(parts))

    def _numbers(self, most: int) -> list[bytes]:
        given = [text for kind, text in self._operands if kind == "number"]
        return given[-most:] if most else []

    def _last(self, kind: str) -> bytes | None:
        return next((text for each, text in reversed(self._operands) if each == kind), None)

    def _list(self) -> bytes:
        """The array among the operands, with its numbers and strings."""
        kinds = [kind for kind, _ in self._operands]
        start = len(kinds) - kinds[::-1].index("array") if "array" in kinds else 0
        inside = self._operands[start : kinds.index("end", start) if "end" in kinds[start:] else None]
        return b"[" + b" ".join(text for kind, text in inside if kind in {"number", "string"}) + b"]"

    def save(self, word: bytes) -> None:
        self._saved += 1
        self._write(word)

    def restore(self, word: bytes) -> None:
        if self._saved:
            self._saved -= 1
            self._write(word)

    def begin_text(self, word: bytes) -> None:
        if self._in_text:
            self._write(b"ET")
        self._in_text = True
        self._write(word)

    def end_text(self, word: bytes) -> None:
        if self._in_text:
            self._in_text = False
            self._write(word)

    def font(self, word: bytes) -> None:
        name = self._last("name")
        new = None if name is None else self._names.used("/Font", name)
        if new is not None:
            self._write(new, *self._numbers(1), word)

    def show(self, word: bytes) -> None:
        if word == b'"':
            spaces = self._numbers(2)
            if len(spaces) == 2:
                self._write(spaces[0], b"Tw", spaces[1], b"Tc")
        if word in {b"'", b'"'}:
            self._write(b"T*")
        shown = self._list() if word == b"TJ" else self._last("string")
        if shown is not None and not self._hidden:
            self._write(shown, b"TJ" if word == b"TJ" else b"Tj")

    def dash(self, word: bytes) -> None:
        outside = [token for token in self._operands[-1:] if token[0] == "number"]
        self._write(self._list(), outside[0][1] if outside else b"0", word)

    def named(self, word: bytes) -> None:
        name = self._last("name")
        if name is None or (self._hidden and word in {b"Do", b"sh"}):
            return
        new = self._names.used(_CATEGORIES[word], name)
        if new is not None:
            self._write(new, word)

    def colour(self, word: bytes) -> None:
        numbers = self._numbers(_MOST_COMPONENTS)
        name = self._last("name")
        new = None if name is None else self._names.used("/Pattern", name)
        if name is None or new is not None:
            self._write(*numbers, *([] if new is None else [new]), word)

    def intent(self, word: bytes) -> None:
        name = self._last("name")
        if name in _INTENTS:
            self._write(name, word)

    def mark(self, word: bytes) -> None:
        names = [text for kind, text in self._operands if kind == "name"]
        is_layer = word == b"BDC" and len(names) == 2 and names[0] == b"/OC"
        is_seen = not is_layer or self._names.is_shown(names[1])
        self._marks.append(is_seen)
        self._hidden += not is_seen

    def end_mark(self, _: bytes) -> None:
        if self._marks:
            self._hidden -= not self._marks.pop()

    def _picture(self, at: int) -> int:
        """Behind a picture that stands among the operators; it became one that has a name."""
        self._operands.clear()
        begin = re.compile(_SPACE + rb"ID" + _SPACE).search(self._data, at)
        if begin is None:
            return len(self._data)
        written = self._data[at : begin.start()]
        end = self._end_of_picture(begin.end(), self._names.length_of_picture(written))
        data = self._data[begin.end() : end]
        name = None if self._hidden else self._names.used_picture(written, data)
        if name is not None:
            self._write(name, b"Do")
        behind = _END_OF_PICTURE.match(self._data, end) or _END_OF_PICTURE.search(self._data, end)
        return len(self._data) if behind is None else behind.end()

    def _end_of_picture(self, at: int, length: int | None) -> int:
        if length is not None:
            return at + length
        for found in _END_OF_PICTURE.finditer(self._data, at):
            behind = self._data[found.end() : found.end() + _LOOKED_AHEAD]
            if not _NOT_TEXT.search(behind):
                return found.start()
        return len(self._data)


def plain_name(text: bytes) -> bytes:
    """The name as it is, without escapes."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text) if b"#" in text else text


_CATEGORIES: Final = {
    b"gs": "/ExtGState",
    b"cs": "/ColorSpace",
    b"CS": "/ColorSpace",
    b"Do": "/XObject",
    b"sh": "/Shading",
}
_OPERATORS: Final = {
    b"q": _Rewriting.save,
    b"Q": _Rewriting.restore,
    b"BT": _Rewriting.begin_text,
    b"ET": _Rewriting.end_text,
    b"Tf": _Rewriting.font,
    **dict.fromkeys((b"Tj", b"TJ", b"'", b'"'), _Rewriting.show),
    b"d": _Rewriting.dash,
    **dict.fromkeys(_CATEGORIES, _Rewriting.named),
    **dict.fromkeys((b"sc", b"SC", b"scn", b"SCN"), _Rewriting.colour),
    b"ri": _Rewriting.intent,
    **dict.fromkeys((b"BMC", b"BDC"), _Rewriting.mark),
    b"EMC": _Rewriting.end_mark,
}
