"""A database that is away for a while: what fails meanwhile did not fail by itself."""

import threading
from collections.abc import Callable

import sqlalchemy as sa

from hub.jobs.failures import JobFailedError


def outlasting(waited_out: Callable[[], bool], run: Callable[[], None]) -> None:
    """`run` is done, over again after each outage; raises the JobFailedError of one that failed without."""
    while True:
        try:
            return run()
        except JobFailedError:
            # The attempts of a job last seconds: each outage would leave dead letters to be looked after.
            if not waited_out():
                raise


def waited_out(engine: sa.Engine, ended: threading.Event, *, look_every_s: float) -> bool:
    """True once a database that was away answers again; False where it does already, or when `ended` is set."""
    was_away = False
    while not ended.is_set():
        try:
            with engine.connect():
                return was_away
        except sa.exc.TimeoutError:
            # All of the pool's connections are in use: then it is there.
            return was_away
        except sa.exc.DBAPIError:
            was_away = True
            ended.wait(look_every_s)
    return False
