"""Cookies that keep for a year how one browser shows pages, whether or not somebody is signed in."""

from dataclasses import dataclass
from typing import Final

from flask import Response, request

_KEPT_S: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class ChoiceCookie:
    """The cookie of one choice. No script reads it."""

    name: str

    @property
    def _secure_name(self) -> str:
        # No other host of the domain can set one by this name.
        return f"__Host-{self.name}"

    @property
    def value(self) -> str | None:
        """What was chosen in this browser; None where nothing was."""
        return request.cookies.get(self._secure_name) or request.cookies.get(self.name)

    def keep(self, response: Response, chosen: str, *, secure: bool) -> None:
        """This browser has `chosen` from now on; where pages come by HTTPS alone, it is `secure`."""
        name = self._secure_name if secure else self.name
        response.set_cookie(name, chosen, max_age=_KEPT_S, secure=secure, httponly=True, samesite="Lax")
