"""A telephone number as banks write it."""

import re
from typing import Final

from hub.domain.errors import InvalidValue

_NUMBER: Final = r"(?:\+|[(（])?[0-9](?:[0-9]|[ ()（）-]+(?=[0-9])){3,22}[0-9]"
_EXTENSION: Final = r"(?: ?(?:转|按|分机|ext\.?|#) ?[0-9\u4e00-\u9fff]{1,10})*"
_ONE: Final = _NUMBER + _EXTENSION
_NUMBERS: Final = re.compile(rf"{_ONE}(?: ?(?:[、，,；;/或]) ?{_ONE})*")


def read_telephone(text: str) -> str:
    """The number, or several, each perhaps with an extension; raises `InvalidValue` for words alone."""
    if not _NUMBERS.fullmatch(text.strip()):
        raise InvalidValue("telephone")
    return text.strip()
