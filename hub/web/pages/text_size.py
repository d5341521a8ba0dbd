"""How large the letters of a cardholder's pages are: as usual, unless the person chose 大字版, the large print."""

from typing import Final, Literal

from flask import Flask, Response, request

from hub.web.headers import is_api
from hub.web.pages.choice_cookies import ChoiceCookie

TextSize = Literal["normal", "large"]
SIZES: Final[tuple[TextSize, ...]] = ("normal", "large")
COOKIE: Final = ChoiceCookie("hub_text")


def text_size() -> TextSize:
    """The size that the person chose in this browser, by a link or earlier; works for who is not signed in."""
    chosen = request.args.get("text") or COOKIE.value
    return "large" if chosen == "large" else "normal"


def install(app: Flask, *, secure: bool) -> None:
    """A size that was chosen by a link stays chosen in this browser."""

    @app.after_request
    def keep_choice(response: Response) -> Response:
        chosen = request.args.get("text")
        if chosen in SIZES and not is_api(request.path):
            COOKIE.keep(response, "large" if chosen == "large" else "normal", secure=secure)
        return response
