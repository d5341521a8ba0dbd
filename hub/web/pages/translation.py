"""The language of a page: Chinese, unless the person chose English; and `translate`, which says a text in it."""

import re
from collections.abc import Callable, Mapping

from flask import Flask, Response, request
from markupsafe import Markup, escape

from hub.domain.lender_words import of_lender, of_several
from hub.web.catalogue import english, english_of_one
from hub.web.headers import is_api
from hub.web.pages.choice_cookies import ChoiceCookie
from hub.web.sentences import Locale, sentence

COOKIE = ChoiceCookie("hub_lang")
# Asked for with every text of a page, so it is found out once a request.
_KNOWN = "hub.page_language"
_ABOUT = "hub.page_speaks_of"
_SAID_OF: Mapping[str, Callable[[str], str]] = {"lender": of_lender, "several": of_several}
# A blank sets numbers apart from Chinese letters; between two letters, or behind a full-width mark, it is a gap.
_BLANK_BEHIND = re.compile(r"(%\((\w+)\)s) (?=[\u4e00-\u9fff（“])")
_LETTER_AT_THE_END = re.compile(r"[\u4e00-\u9fff）”」]$")


def page_language() -> Locale:
    """The language that the person chose, by a link or earlier; Chinese for everybody else."""
    try:
        known: Locale | None = request.environ.get(_KNOWN)
    except RuntimeError:
        # No page is asked for.
        return "zh"
    if known is not None:
        return known
    chosen = request.args.get("lang") or COOKIE.value
    found: Locale = "en" if chosen == "en" else "zh"
    request.environ[_KNOWN] = found
    return found


def speak_of_lender(is_lender: bool, /) -> str:
    """From here on `translate` says of a bank what is so of a lender that is none, or no longer; nothing to print."""
    request.environ[_ABOUT] = "lender" if is_lender else ""
    return ""


def speak_of_several(has_lender: object, /) -> str:
    """As `speak_of_lender`, of all creditors of an application, where one of them is a lender that is no bank."""
    request.environ[_ABOUT] = "several" if has_lender else ""
    return ""


def spoken_of() -> str:
    """What the words for banks are about now: `lender`, `several`, or empty for banks alone."""
    try:
        return str(request.environ.get(_ABOUT, ""))
    except RuntimeError:
        return ""


def translate(text: str, /, **params: object) -> str:
    """The Chinese `text` in the language of the page; parameters stand as %(name)s, where any are given.

    `n` is the number that decides between an English singular and plural.
    """
    if not params:
        return _said(text if page_language() == "zh" else _english(text, None))
    words = _said(_without_gaps(text, params) if page_language() == "zh" else _english(text, params.get("n")))
    if any(isinstance(value, Markup) for value in params.values()):
        # Words that are marked as somebody's own stay marked within the sentence.
        return escape(words) % params
    return words % params


def _said(words: str) -> str:
    said = _SAID_OF.get(spoken_of())
    return words if said is None else said(words)


def _without_gaps(text: str, params: Mapping[str, object]) -> str:
    """`text` without the blanks behind a parameter whose value ends in a Chinese letter or mark."""

    def closed(found: re.Match[str]) -> str:
        ends = _LETTER_AT_THE_END.search(str(params.get(found[2], "")))
        return found[0] if ends is None else found[1]

    return _BLANK_BEHIND.sub(closed, text)


def _english(text: str, number: object) -> str:
    many = english().get(text, text)
    return english_of_one().get(text, many) if str(number) == "1" else many


def fault_text(code: str, params: dict[str, str | int] | None = None) -> str:
    """What the fault `code` says to a person, in the language of the page."""
    return sentence(code, params or {}, page_language(), said=_said)


def install(app: Flask, *, secure: bool) -> None:
    """A language that was chosen by a link stays chosen in this browser."""

    @app.after_request
    def keep_choice(response: Response) -> Response:
        # Programs choose by a header, with each call.
        if not is_api(request.path) and (chosen := request.args.get("lang")) in {"zh", "en"}:
            COOKIE.keep(response, chosen, secure=secure)
        return response
