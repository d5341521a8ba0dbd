"""Headers on every answer: the request's id, what a browser may do with it, and who may keep it."""

import re
import secrets

from flask import Flask, Response, g, request

_REQUEST_ID = re.compile(r"[A-Za-z0-9._~-]{1,64}")

# Nothing of an API's answer is ever rendered.
API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# Pages need nothing of the device.
_PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
# Nobody reads so many languages; taking a longer list apart costs more than the answer.
_LONGEST_LANGUAGES = 300
# What proxies add.
_HANDED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via")
API = ("/api/", "/oauth/", "/adapters/", "/gateway/", "/partners/")
"""What belongs to programs. The proxy of docs/deploy knows it as well."""


def is_api(path: str) -> bool:
    """Whether `path` belongs to programs, not to people."""
    return path.startswith(API)


def is_handed_on() -> bool:
    """Whether a proxy says that it handed the call on: then it is nobody's on this machine, whatever it comes from."""
    return any(name in request.headers for name in _HANDED_ON)


def install(app: Flask, *, https: bool) -> None:
    """Every answer bears the headers; one that has set a policy of its own keeps it."""

    @app.before_request
    def name_request() -> None:
        given = request.headers.get("X-Request-ID", "")
        languages = request.environ.get("HTTP_ACCEPT_LANGUAGE", "")
        if len(languages) > _LONGEST_LANGUAGES:
            request.environ["HTTP_ACCEPT_LANGUAGE"] = languages[:_LONGEST_LANGUAGES].rpartition(",")[0]
        g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(12)

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        headers["X-Request-ID"] = g.request_id
        headers["X-Content-Type-Options"] = "nosniff"
        headers.setdefault("Referrer-Policy", "no-referrer")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", _PERMISSIONS)
        headers.setdefault("Content-Security-Policy", API_POLICY if is_api(request.path) else PAGE_POLICY)
        if is_api(request.path):
            headers.setdefault("Cache-Control", "no-store")
        if https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        return response
