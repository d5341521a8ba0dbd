"""Forms that only this site's own pages can send: a token in every form, checked before any page's view runs."""

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFProtect, generate_csrf
from markupsafe import Markup

from hub.web.headers import is_api

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_guard = CSRFProtect()


def csrf_field() -> Markup:
    """The hidden field that every form holds."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def install(app: Flask) -> None:
    """Every unsafe request of a page is checked; the API has no cookies and is left alone."""
    app.config.setdefault("WTF_CSRF_CHECK_DEFAULT", False)
    # The token ends with the session, not before: a form may lie open for an hour.
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    # The token stands for itself; a proxy may change the host that a Referer is compared with.
    app.config.setdefault("WTF_CSRF_SSL_STRICT", False)
    _guard.init_app(app)

    @app.before_request
    def check() -> None:
        if request.method in _SAFE or is_api(request.path) or request.endpoint is None:
            return
        if getattr(current_app.view_functions[request.endpoint], "takes_any_form", False):
            return
        _guard.protect()
