"""Which language a caller reads: Chinese, unless it would rather have English."""

from flask import request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from hub.web.sentences import Locale


def language() -> Locale:
    """The language of the answer to the present request, after its Accept-Language."""
    return _best(request.accept_languages)


def language_of(accept_language: str) -> Locale:
    """The language of the answer to a call with that header."""
    return _best(parse_accept_header(accept_language, LanguageAccept))


def _best(wanted: LanguageAccept) -> Locale:
    return "en" if wanted.best_match(("zh", "zh-CN", "en"), default="zh") == "en" else "zh"
