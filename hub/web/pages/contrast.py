"""Whether a cardholder's pages are in stronger colours: as the device asks for, or because the person chose it."""

from typing import Final, Literal

from flask import Response, request

Contrast = Literal["normal", "high"]
_COOKIE: Final = "hub_contrast"
# No other host of the domain can set one by this name.
_SECURE_COOKIE: Final = f"__Host-{_COOKIE}"
_KEPT_S: Final = 365 * 24 * 3600


def contrast() -> Contrast:
    """What the person chose in this browser."""
    return "high" if (request.cookies.get(_SECURE_COOKIE) or request.cookies.get(_COOKIE)) == "high" else "normal"


def keep_contrast(response: Response, chosen: Contrast, *, secure: bool) -> None:
    """This browser shows pages so from now on."""
    name = _SECURE_COOKIE if secure else _COOKIE
    response.set_cookie(name, chosen, max_age=_KEPT_S, secure=secure, httponly=True, samesite="Lax")
