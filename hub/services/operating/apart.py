"""Steps that have nothing to do with each other, one after another."""

import logging
from collections.abc import Callable, Mapping
from typing import TypeVar

_log = logging.getLogger(__name__)
_Given = TypeVar("_Given")


def run_apart(steps: Mapping[str, Callable[[], _Given]]) -> list[_Given]:
    """What the steps gave; each was taken, whichever others failed: these are logged, and the first error is raised."""
    given: list[_Given] = []
    failed: list[Exception] = []
    for name, step in steps.items():
        try:
            given.append(step())
        except Exception as error:  # noqa: BLE001 - whatever it was, the others have nothing to do with it
            _log.error("a step failed", extra={"step": name, "error": type(error).__name__})
            failed.append(error)
    if failed:
        raise failed[0]
    return given
