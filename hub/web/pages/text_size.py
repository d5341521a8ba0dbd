"""How large the letters of a cardholder's pages are: as usual, unless the person chose 大字版, the large print."""

from typing import Final, Literal

from flask import Flask, Response, request

from hub.web.headers import is_api

TextSize = Literal["normal", "large"]
SIZES: Final[tuple[TextSize, ...]] = ("normal", "large")
_COOKIE = "hub_text"
# No other host of the domain can set one by this name.
_SECURE_COOKIE = f"__Host-{_COOKIE}"
_KEPT_S = 365 * 24 * 3600


def text_size() -> TextSize:
    """The size that the person chose in this browser, by a link or earlier; works for who is not signed in."""
    chosen = request.args.get("text") or request.cookies.get(_SECURE_COOKIE) or request.cookies.get(_COOKIE)
    return "large" if chosen == "large" else "normal"


def keep_text_size(response: Response, size: TextSize, *, secure: bool) -> None:
    """This browser shows pages in `size` from now on."""
    name = _SECURE_COOKIE if secure else _COOKIE
    response.set_cookie(name, size, max_age=_KEPT_S, secure=secure, httponly=True, samesite="Lax")


def install(app: Flask, *, secure: bool) -> None:
    """A size that was chosen by a link stays chosen in this browser."""

    @app.after_request
    def keep_choice(response: Response) -> Response:
        chosen = request.args.get("text")
        if chosen in SIZES and not is_api(request.path):
            keep_text_size(response, "large" if chosen == "large" else "normal", secure=secure)
        return response
