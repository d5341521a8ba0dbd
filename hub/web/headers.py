"""Headers on every answer: the request's id, what a browser may do with it, and who may keep it."""

import re
import secrets

from flask import Flask, Response, g, request

_REQUEST_ID = re.compile(r"[A-Za-z0-9._~-]{1,64}")

# Nothing of an API's answer is ever rendered.
API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_API = ("/api/", "/oauth/", "/adapters/", "/gateway/")


def is_api(path: str) -> bool:
    """Whether `path` belongs to programs, not to people."""
    return path.startswith(_API)


def install(app: Flask, *, https: bool) -> None:
    """Every answer bears the headers; one that has set a policy of its own keeps it."""

    @app.before_request
    def name_request() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(12)

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        headers["X-Request-ID"] = g.request_id
        headers["X-Content-Type-Options"] = "nosniff"
        headers.setdefault("Referrer-Policy", "no-referrer")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Content-Security-Policy", API_POLICY if is_api(request.path) else PAGE_POLICY)
        if is_api(request.path):
            headers.setdefault("Cache-Control", "no-store")
        if https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        return response
