"""Forms that only this site's own pages can send: a token in every form, checked before any page's view runs.

Pages are sent compressed, so the length of an answer tells something of what stands in it twice. The token is masked
anew for each answer: no two answers hold the same, and nothing can be guessed at it by lengths (BREACH).
"""

import base64
import binascii
import secrets
from typing import Final

from flask import Flask, current_app, g, request
from flask_wtf.csrf import CSRFError, generate_csrf, validate_csrf
from markupsafe import Markup

from hub.web.headers import is_api

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FIELD: Final = "csrf_token"
# Of a form without files; the parser itself bounds only what comes in parts. No page asks for a tenth of it.
_LONGEST_TEXT: Final = 1024 * 1024
# For scripts whose body is no form.
_HEADER: Final = "X-CSRFToken"
_TEXT_ALONE: Final = "application/x-www-form-urlencoded"
# No sign of a token that is not masked: forms of an older version may lie open during an upgrade.
_MASKED: Final = "~"


def csrf_field() -> Markup:
    """The hidden field that every form holds."""
    # One mask an answer: its forms hold the same.
    if "csrf_masked" not in g:
        g.csrf_masked = masked(generate_csrf())
    return Markup('<input type="hidden" name="{}" value="{}">').format(_FIELD, g.csrf_masked)


def masked(token: str) -> str:
    """`token` under a mask that is drawn for this once and stands before it."""
    plain = token.encode()
    mask = secrets.token_bytes(len(plain))
    return _MASKED + base64.urlsafe_b64encode(mask + _crossed(plain, mask)).decode()


def unmasked(given: str) -> str:
    """The token that was masked; any other text as it is, or empty where it cannot be one."""
    if not given.startswith(_MASKED):
        return given
    try:
        both = base64.urlsafe_b64decode(given.removeprefix(_MASKED))
        half = len(both) // 2
        return _crossed(both[half:], both[:half]).decode()
    except (binascii.Error, ValueError):
        return ""


def _crossed(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right, strict=True))


def install(app: Flask) -> None:
    """Every unsafe request of a page is checked; the API has no cookies and is left alone."""
    # The token ends with the session, not before: a form may lie open for an hour.
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)

    @app.before_request
    def check() -> None:
        if request.method in _SAFE or is_api(request.path) or request.endpoint is None:
            return
        view = current_app.view_functions[request.endpoint]
        if getattr(view, "takes_any_form", False):
            return
        # Before the token is looked for, which reads the form.
        longest = getattr(view, "longest_form", request.max_content_length)
        request.max_content_length = _LONGEST_TEXT if request.mimetype == _TEXT_ALONE else longest
        try:
            validate_csrf(unmasked(request.headers.get(_HEADER) or request.form.get(_FIELD, "")))
        except ValueError as error:
            raise CSRFError(str(error)) from error
