"""What the web writes about itself: one JSON line a request, and where in the code an unknown error came from.

No line holds a body, a name, a number of a person, a path of ours with its ids, or the text of an error. Where nothing
is, the path says what was looked for, and the address by whom.
"""

import logging
import re
import time
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue

# What a line may say. Whatever else is handed in by mistake is left out.
_TAKEN = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "request_id",
        "method",
        "route",
        "status",
        "duration_ms",
        "client",
        "address",
        "path",
        "error",
        "where",
    }
)
# Cards, identity numbers and mobiles have eleven digits or more in a row; an id of ours has letters between.
_LONG_NUMBER = re.compile(r"(?<![0-9a-f])\d{11,}(?![0-9a-f])")

# Of what a caller called a place or a method that is not there.
_LONGEST_PATH = 100
_LONGEST_METHOD = 20

Line = MutableMapping[str, Any]


def _only_what_is_taken(_logger: Any, _method: str, line: Line) -> Line:
    kept = {name: value for name, value in line.items() if name in _TAKEN}
    return {name: _LONG_NUMBER.sub("…", value) if isinstance(value, str) else value for name, value in kept.items()}


log = structlog.wrap_logger(
    logging.getLogger("hub.web"),
    processors=[
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _only_what_is_taken,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ],
    wrapper_class=structlog.stdlib.BoundLogger,
)


class LoggedFlask(Flask):
    """A Flask whose log never quotes an error: its text may hold what a person wrote.

    An answer to an error may meet another one, as where the page to be shown again is nobody's: that is answered then.
    """

    def handle_user_exception(self, e: Exception) -> ResponseReturnValue:
        """The answer to the error, or to the one that came up while it was answered."""
        try:
            answer: ResponseReturnValue = super().handle_user_exception(e)
        except Exception as another:
            if another is e:
                raise
            answer = super().handle_user_exception(another)
        return answer

    def log_exception(
        self, exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> None:
        """A line says which kind of error it was and through which places of the code it came."""
        if exc_info[1] is not None:
            failure(exc_info[1])


def failure(error: BaseException) -> None:
    """An unknown error is in the log, by its kinds and places alone."""
    frames = traceback.extract_tb(error.__traceback__)
    log.error(
        "failed",
        request_id=g.get("request_id"),
        route=_route(),
        error=" < ".join(_kinds(error)),
        where=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    )


def _kinds(error: BaseException | None) -> list[str]:
    kinds: list[str] = []
    while error is not None and len(kinds) < 10:
        kinds.append(f"{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or error.__context__
    return kinds


def _route() -> str:
    return request.url_rule.rule if request.url_rule is not None else "unknown"


def install(app: Flask) -> None:
    """Every request leaves one line."""

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        log.info(
            "request",
            request_id=g.get("request_id"),
            method=request.method[:_LONGEST_METHOD],
            route=_route(),
            status=response.status_code,
            duration_ms=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
            client=g.get("client_id"),
            address=request.remote_addr,
            **({} if request.url_rule is not None else {"path": request.path[:_LONGEST_PATH]}),
        )
        return response
