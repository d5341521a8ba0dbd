"""Signs that nobody sees: zero-width ones and direction marks, which programs put around what people copy and paste."""

_INVISIBLE = frozenset(
    chr(code)
    for codes in (
        (0x00AD,),  # soft hyphen
        (0x061C, 0x180E),
        range(0x200B, 0x2010),  # zero-width space and joiners, left-to-right and right-to-left marks
        range(0x202A, 0x202F),  # embeddings and overrides
        range(0x2060, 0x2065),  # word joiner and invisible operators
        range(0x2066, 0x2070),  # isolates
        (0xFEFF,),  # byte order mark
    )
    for code in codes
)
_BLANKS = " \t\r\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_AT_ENDS = _BLANKS + "".join(sorted(_INVISIBLE))


def is_invisible(sign: str) -> bool:
    """Whether nobody sees the sign; blanks are seen."""
    return sign in _INVISIBLE


def without_invisible(text: str) -> str:
    """`text` without any sign that nobody sees."""
    return "".join(sign for sign in text if sign not in _INVISIBLE)


def without_invisible_ends(text: str) -> str:
    """`text` without signs that nobody sees at its ends; blanks stay."""
    return text.strip("".join(_INVISIBLE))


def trimmed(text: str) -> str:
    """`text` without blanks and signs that nobody sees at its ends; inside it all stays."""
    return text.strip(_AT_ENDS)
