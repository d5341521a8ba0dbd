"""Who looks whether there is work: one thread for all, with cheap questions, while those that do the work sleep."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.pool import PoolProxiedConnection

_JOINED_WITHIN_S: Final = 10.0

Question = Callable[[], Iterable[str]]
"""Gives the names of the work that may be there. The rows alone decide: without a writer the answer stays the same."""


class Turn(threading.Event):
    """Set to end a thread, which otherwise goes on when there may be work for it."""

    def __init__(self) -> None:
        super().__init__()
        self._has_come = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        """True once the thread is to end; False when `timeout` seconds are over and then, or meanwhile, work came."""
        self._has_come.clear()
        if not super().wait(timeout):
            self._has_come.wait()
        return self.is_set()

    def come(self) -> None:
        """There may be work."""
        self._has_come.set()

    def end(self) -> None:
        """The thread that waits ends."""
        self.set()
        self._has_come.set()


class Lookout:
    """Keeps threads that sleep, and gives each its turn when there may be work for it.

    The questions are asked each `interval_s` seconds, on SQLite only if somebody has written since. Where they cannot
    be asked, all have their turns: whoever does the work will say what is wrong.
    """

    def __init__(self, engine: sa.Engine, *, interval_s: float) -> None:
        self._interval_s = interval_s
        self._writers = Writers(engine) if engine.dialect.name == "sqlite" else None
        self._turns: dict[str, list[Turn]] = {}
        self._questions: Sequence[Question] = ()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, name="hub-lookout", daemon=True)

    def keep(self, name: str, work: Callable[[Turn], object], *, at_once: int = 1) -> Sequence[threading.Thread]:
        """`work` goes on in so many threads; an answer that names `name` is a turn for each of them."""
        turns = self._turns[name] = [Turn() for _ in range(at_once)]
        threads = [threading.Thread(target=work, args=(turn,), name=f"hub-{name}", daemon=True) for turn in turns]
        for thread in threads:
            thread.start()
        return threads

    def begin(self, *questions: Question) -> None:
        """The questions are asked from now on. Nobody else is kept afterwards."""
        self._questions = questions
        self._thread.start()

    def end(self) -> None:
        """Whoever waits for a turn ends."""
        self._ended.set()
        for turns in self._turns.values():
            for turn in turns:
                turn.end()
        self._thread.join(_JOINED_WITHIN_S)
        if self._writers is not None:
            self._writers.close()

    def _look(self) -> None:
        found = set(self._turns)
        while not self._ended.wait(self._interval_s):
            # Asked before the questions are, so that whoever writes meanwhile is noticed at the next look.
            is_new = self._writers is None or self._writers.have_written()
            if is_new or found:
                found = self._found()
            for name in found:
                for turn in self._turns[name]:
                    turn.come()

    def _found(self) -> set[str]:
        try:
            return {name for ask in self._questions for name in ask()}
        except Exception:  # noqa: BLE001 - whatever it was, a lookout that ended would wake nobody any more
            return set(self._turns)


class Writers:
    """Who writes to a SQLite file: any connection of any process but this one's own."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._connection: PoolProxiedConnection | None = None
        self._version: int | None = None

    def have_written(self) -> bool:
        """Whether anybody has since this was last asked; True where that is not known."""
        before = self._version
        try:
            if self._connection is None:
                self._connection = self._engine.raw_connection()
            cursor = self._connection.cursor()
            [self._version] = cursor.execute("PRAGMA data_version").fetchone()
            cursor.close()
        except (sqlite3.Error, sa.exc.SQLAlchemyError):
            return True
        return self._version != before

    def close(self) -> None:
        """Its connection is given back."""
        if self._connection is not None:
            self._connection.close()
