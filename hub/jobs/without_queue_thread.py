"""The worker looks itself where jobs wait, so the engine does not.

The engine has a thread that looks each second which queues there are, and into one of its own, and no setting to leave
that. A test counts what an idle worker asks.
"""

from typing import Any

from dbos import _dbos


def _ends_at_once(*_: object) -> None:
    pass


def leave_queue_thread_out() -> None:
    """From now on the engine starts none in this process."""
    engines_own: Any = _dbos
    engines_own.queue_thread = _ends_at_once
