"""What is kept and logged of work that failed: which error and where, and nothing of what it was about."""

import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from dbos import DBOS

from hub.domain.errors import HubError

_log = logging.getLogger(__name__)
_Given = TypeVar("_Given")


class JobFailedError(Exception):
    """A job raised; the text names the error and its place, and nothing of the data it was working on."""


def described(name: str, run: Callable[[], _Given]) -> _Given:
    """What `run` gives; an error comes out as a JobFailedError that may be stored and logged."""
    try:
        return run()
    except Exception as error:  # noqa: BLE001 - a job may raise anything, and it is raised again below
        text = _describe(error)
        stack = "".join(traceback.format_tb(error.__traceback__))
        _log.warning("a job failed", extra={"job": name, "key": DBOS.workflow_id, "error": text, "stack": stack})
        # Without its cause, whose message may quote a person's data.
        raise JobFailedError(text) from None


def _describe(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    # Only the hub's own errors are known to carry nothing but codes and what is safe to log.
    text = f": {error}" if isinstance(error, HubError) else ""
    return f"{type(error).__name__}{text} ({Path(frame.filename).name}:{frame.lineno})"
