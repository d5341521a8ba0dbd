"""Who looks for work, and those who sleep until there is some."""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.jobs.lookout import Lookout, Turn, Writers
from tests.jobs.waiting import wait_until


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    """A SQLite file with one table."""
    made = sa.create_engine(f"sqlite:///{tmp_path / 'file.db'}")
    with made.begin() as connection:
        connection.execute(sa.text("CREATE TABLE note (text VARCHAR(20))"))
    yield made
    made.dispose()


def write(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO note VALUES ('one')"))


def test_a_turn_comes_with_work_and_with_the_end() -> None:
    turn, told = Turn(), list[bool]()

    def wait() -> None:
        told.append(turn.wait(0.0))
        told.append(turn.wait(3600.0))

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()

    def has_come() -> bool:
        turn.come()
        return bool(told)

    wait_until(has_come, what="a turn")
    turn.end()
    waiting.join(30.0)
    assert (told, turn.wait(0.0)) == ([False, True], True)


def test_a_file_tells_once_that_somebody_else_has_written(engine: sa.Engine) -> None:
    writers = Writers(engine)
    assert [writers.have_written(), writers.have_written()] == [True, False]
    write(engine)
    assert [writers.have_written(), writers.have_written()] == [True, False]
    writers.close()


def test_where_a_file_cannot_be_asked_somebody_may_have_written(tmp_path: Path) -> None:
    writers = Writers(sa.create_engine(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'file.db'}"))
    assert [writers.have_written(), writers.have_written()] == [True, True]
    writers.close()


@pytest.mark.parametrize(("answer", "woken"), [("one", {"one"}), (None, {"one", "other"})])
def test_those_are_woken_who_have_work_and_all_where_nobody_can_tell(
    engine: sa.Engine, answer: str | None, woken: set[str]
) -> None:
    lookout, worked, asked = Lookout(engine, interval_s=0.01), list[str](), list[str]()

    def question() -> list[str]:
        asked.append("asked")
        if answer is None:
            raise LookupError
        return [answer]

    def work(name: str, turn: Turn) -> None:
        while not turn.wait(0.0):
            worked.append(name)

    for name in ("one", "other"):
        lookout.keep(name, partial(work, name))
    # At first nobody knows, and all have their turns.
    lookout.begin(question)
    wait_until(lambda: len(asked) >= 2, what="a second question")
    worked.clear()
    wait_until(lambda: set(worked) >= woken and len(asked) >= 5, what="turns")
    lookout.end()
    assert set(worked) == woken
