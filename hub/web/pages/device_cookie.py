"""What a browser is known by from which an application was sent: a random word, kept for as long as it is compared.

The hub keeps a keyed hash of it alone. It says nothing of the device, is not read anywhere else, and no script sees it.
"""

import re
import secrets
from typing import Final

from flask import Flask, Response, g, request

from hub.domain.doubts import COMPARED_DAYS

NAME: Final = "sent_from"
_BYTES: Final = 16
_OURS: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


def install(app: Flask, *, secure: bool) -> None:
    """A browser that sent an application keeps its word; where pages come by HTTPS alone, the cookie is `secure`."""
    # No other host of the domain can set one by that name.
    name = f"__Host-{NAME}" if secure else NAME

    @app.after_request
    def keep(response: Response) -> Response:
        if (device := g.get(NAME)) is not None:
            kept_s = COMPARED_DAYS * 24 * 3600
            response.set_cookie(name, device, max_age=kept_s, secure=secure, httponly=True, samesite="Lax")
        return response


def device_of_request() -> str:
    """The word of this browser, which it keeps from now on; a new one where it has none of the hub's."""
    given = request.cookies.get(f"__Host-{NAME}") or request.cookies.get(NAME) or ""
    device = given if _OURS.fullmatch(given) else secrets.token_hex(_BYTES)
    setattr(g, NAME, device)
    return device
