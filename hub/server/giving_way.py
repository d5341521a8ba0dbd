"""Work that nobody waits for gives way to requests, where both share one process and so one interpreter."""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST_S: Final = 1.0
"""Background work goes on this slowly at the least, however many requests come."""


class RequestsInHand:
    """An application that knows whether anybody waits for it just now."""

    def __init__(self, app: "WSGIApplication", *, longest_s: float = LONGEST_S) -> None:
        self._app = app
        self._longest_s = longest_s
        self._count = 0
        self._changed = threading.Condition()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """The application's answer."""
        with self._changed:
            self._count += 1
        try:
            return self._app(environ, start_response)
        finally:
            with self._changed:
                self._count -= 1
                if not self._count:
                    self._changed.notify_all()

    def give_way(self) -> None:
        """Returns once no request is in hand, and after a while in any case."""
        with self._changed:
            self._changed.wait_for(lambda: not self._count, timeout=self._longest_s)
