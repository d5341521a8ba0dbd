"""Pages: a template with what every page needs, as an answer that nobody but its reader keeps."""

from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import Flask, Response, current_app, render_template, request, session
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup

from hub.domain.errors import Unavailable
from hub.domain.visitor import VisitorKind
from hub.web.access import face
from hub.web.pages.assets import asset_url, icon_data
from hub.web.pages.browser_sessions import session_left
from hub.web.pages.clause_words import titled_clauses
from hub.web.pages.contrast import contrast
from hub.web.pages.csrf import csrf_field
from hub.web.pages.display_names import options, plan_word, word, word_or_text
from hub.web.pages.formats import FILTERS
from hub.web.pages.forms import FormState
from hub.web.pages.log_words import log_words
from hub.web.pages.offer_points import is_mixed
from hub.web.pages.once import once_field
from hub.web.pages.text_size import text_size
from hub.web.pages.translation import fault_text, page_language, speak_of_lender, speak_of_several, spoken_of, translate
from hub.web.pages.visitors import Area, area_of, signed_in_cardholder, signed_in_staff

TEMPLATES = Path(__file__).parents[3] / "templates"
PRIVATE = "private, no-store"
LAST_SIGN_IN: Final = "tell_last_sign_in"
"""Under this the browser's cookie says that its person has just signed in, and is told once when they did before."""
ANSWER: Final = "answer"
"""Under this name an address says which kept answer to a form is asked for."""


# Parts of pages that are kept as they look.
_PARTS: Final = 500


def part(template: str, **shown: Hashable) -> Markup:
    """`template` with nothing but `shown`, as a page of this language shows it; the same again is not made again.

    So nothing of a session may stand in it, and nothing about a customer.
    """
    return _part(template, page_language(), spoken_of(), *shown.items())


@lru_cache(_PARTS)
def _part(template: str, _language: str, _about: str, *shown: tuple[str, Any]) -> Markup:
    return Markup(current_app.jinja_env.get_template(template).render(dict(shown)))  # noqa: S704 - escaped by the template


def page(template: str, *, title: str, status: int = 200, **context: Any) -> Response:
    """The page of `template`, whose heading and title is `title`, with the visitor and the language at hand.

    Beside `context` a template finds: `title`, `status`, `area` (cardholder, staff, operator or public), `visitor`,
    `lang`, `text_size`, `contrast`, `help_phone`, `is_demo`, `translate`, `word`, `word_or_text`, `options`,
    `log_words`, `csrf_field`, `once_field`, `asset_url`, `part`, `path`, `session_left` (seconds of a session), and
    the filters of `formats`.
    """
    area = area_of(request.path)
    known: dict[str, Any] = {
        "title": title,
        "area": area,
        "visitor": _visitor(area),
        "session_left": None,
        "has_errors": False,
        "status": status,
        "back": None,
        "back_label": None,
        "last_sign_in": None,
        "state": FormState(),
    }
    if area.visitors is not None and known["visitor"] is not None:
        known["session_left"] = session_left(area.visitors)
    if area.visitors is VisitorKind.STAFF and known["visitor"] is not None and session.pop(LAST_SIGN_IN, None):
        known["last_sign_in"] = known["visitor"].last_sign_in
    response = Response(render_template(template, **{**known, **context}), status=status)
    response.content_type = "text/html; charset=utf-8"
    response.headers["Cache-Control"] = PRIVATE
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Content-Language"] = "en" if page_language() == "en" else "zh-CN"
    return response


def go(address: str) -> Response:
    """The browser asks for `address` next, so that going back or reading again never posts a second time."""
    return Response(status=303, headers={"Location": address, "Cache-Control": PRIVATE})


def address_here(path: str = "", /, **changed: str) -> str:
    """The address of this page, or of `path`, without an answer to its form; with `changed` in what it says."""
    query = _query(**changed)
    return f"{quote(path or request.path, safe='/')}{query and '?' + query}"


def _visitor(area: Area) -> Any:
    try:
        if area.visitors is VisitorKind.STAFF:
            return signed_in_staff()
        return signed_in_cardholder() if area.visitors is VisitorKind.CARDHOLDER else None
    except Unavailable:
        # The page that says so has to come without the database.
        return None


def _link_here(**changed: str) -> str:
    """The address of this page with `changed` in it, whatever else its address says."""
    return "?" + _query(**changed)


def _query(**changed: str) -> str:
    # An answer is of one language and one size.
    given = {name: values for name, values in request.args.to_dict(flat=False).items() if name != ANSWER}
    return urlencode(given | {name: [value] for name, value in changed.items()}, doseq=True)


def install(app: Flask) -> None:
    """Templates find what `page` promises; a name they do not know is an error."""
    app.jinja_loader = FileSystemLoader(TEMPLATES)
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(FILTERS, is_mixed=is_mixed, titled_clauses=titled_clauses)

    environment.globals.update(
        translate=translate,
        speak_of_lender=speak_of_lender,
        speak_of_several=speak_of_several,
        fault_text=fault_text,
        word=word,
        plan_word=plan_word,
        word_or_text=word_or_text,
        options=options,
        log_words=log_words,
        csrf_field=csrf_field,
        once_field=once_field,
        asset_url=asset_url,
        part=part,
    )

    @app.context_processor
    def everywhere() -> dict[str, Any]:
        settings = face().hub.settings
        return {
            "lang": page_language(),
            "icon_data": icon_data(),
            "language_link": _link_here(lang="zh" if page_language() == "en" else "en"),
            "text_size": text_size(),
            "contrast": contrast(),
            "text_size_link": _link_here(text="normal" if text_size() == "large" else "large"),
            "help_phone": settings.help_phone,
            "is_demo": face().demo_is_open,
            "path": request.path,
        }


__all__ = ["go", "install", "page"]
