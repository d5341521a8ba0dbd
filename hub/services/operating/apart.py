"""Steps that have nothing to do with each other, one after another."""

import logging
from collections.abc import Callable, Mapping

_log = logging.getLogger(__name__)


def run_apart(steps: Mapping[str, Callable[[], object]]) -> None:
    """Each step was taken, whichever others failed: these are logged, and the first error is raised at the end."""
    failed: list[Exception] = []
    for name, step in steps.items():
        try:
            step()
        except Exception as error:  # noqa: BLE001 - whatever it was, the others have nothing to do with it
            _log.error("a step failed", extra={"step": name, "error": type(error).__name__})
            failed.append(error)
    if failed:
        raise failed[0]
