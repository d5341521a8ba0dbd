"""Who of several workers has which file in hand."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.claims import LOCK_SPACE, SILENT_FOR, SILENT_WHILE_SENDING, Claim, Claims
from storage.database import Database
from tests.jobs.waiting import wait_until
from tests.storage.owner import as_owner

IDS = ["a", "b", "c"]


def held(database: Database) -> int:
    """How many claims the server knows of."""
    query = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = :space AND granted")
    with database.reading() as session:
        return int(session.execute(query, {"space": LOCK_SPACE}).scalar_one())


def end_claims(database: str) -> None:
    """The server has ended the connections that claims are held by, and with them the claims."""
    query = sa.text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = :space")
    with as_owner(database) as connection:
        # Told to end, a connection goes on for a moment.
        wait_until(lambda: not connection.execute(query, {"space": LOCK_SPACE}).all(), what="the claims to end")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_nobody_has_what_another_has_in_hand_until_it_is_given_back(database: str) -> None:
    opened = Database(database)
    first, second = Claims(opened), Claims(opened)
    assert first.take("judge", IDS, 2) == ["a", "b"]
    assert second.take("judge", IDS, 2) == ["c"]
    # Another thing that is done to the same file is no matter of theirs.
    assert second.take("draw", IDS, 1) == ["a"]
    assert first.take("judge", [], 2) == []
    assert first.keep("judge", ["a", "b"])
    assert not first.keep("judge", ["a", "c"])
    first.give_back("judge", ["a", "b"])
    assert second.take("judge", ["a", "b"], 2) == ["a", "b"]
    second.give_back("judge", IDS)
    second.give_back("draw", ["a"])
    # Whoever has nothing in hand and finds nothing holds no connection.
    assert (first.take("judge", IDS, 3), second.take("judge", IDS, 3)) == (IDS, [])
    assert second._connection is None
    first.close()
    assert second.take("judge", IDS, 3) == IDS
    second.give_back("judge", IDS)
    assert (second.take("judge", [], 3), second._connection) == ([], None)
    opened.close()


def test_what_one_thread_of_a_process_has_in_hand_no_other_is_given(database: str) -> None:
    opened = Database(database)
    claims = Claims(opened)
    claim = Claim(claims=claims, what="form")
    with claim.of("a") as is_ours:
        assert is_ours
        with claim.of("a") as is_ours_too:
            assert not is_ours_too
        # Who was turned away takes nothing from who has it.
        assert claims.take("form", IDS, 3) == ["b", "c"]
    claims.give_back("form", IDS)
    with claim.of("a") as is_ours:
        assert is_ours
    # Who goes on and has nothing in hand holds no connection.
    claims.say_something()
    assert claims._connection is None
    opened.close()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_a_lost_connection_had_in_hand_is_anybodys(database: str) -> None:
    opened = Database(database)
    lost, other = Claims(opened), Claims(opened)
    lost.take("judge", ["a", "b"], 2)
    assert held(opened) == 2
    end_claims(database)
    assert other.take("judge", IDS, 3) == IDS
    # It finds out by asking.
    assert not lost.keep("judge", ["a"])
    assert lost.take("judge", [*IDS, "d"], 4) == ["d"]
    lost.give_back("judge", ["a", "b", "d"])
    other.give_back("judge", IDS)
    assert held(opened) == 0
    lost.close()
    other.close()
    opened.close()


def losses(caplog: pytest.LogCaptureFixture) -> list[dict[str, int]]:
    """How many claims to what were said to be lost, each time."""
    return [record.__dict__["claims"] for record in caplog.records if "claims was lost" in record.getMessage()]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_log_says_once_how_many_claims_to_what_were_lost(database: str, caplog: pytest.LogCaptureFixture) -> None:
    opened = Database(database)
    claims = Claims(opened)
    # What was given back, or was in hand at the end, was not lost.
    claims.take("judge", ["a"], 1)
    claims.give_back("judge", ["a"])
    claims.take("judge", ["a"], 1)
    claims.close()
    assert losses(caplog) == []
    ways = (claims.say_something, lambda: claims.give_back("draw", ["c"]), lambda: claims.take("read", IDS, 3))
    for find_out in ways:
        caplog.clear()
        claims.take("judge", ["a", "b"], 2)
        claims.take("draw", ["c"], 1)
        end_claims(database)
        find_out()
        claims.say_something()
        assert losses(caplog) == [{"judge": 2, "draw": 1}]
    claims.close()
    opened.close()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_worker_that_stands_still_does_not_hold_a_file_for_ever(database: str) -> None:
    opened = Database(database)
    claims = Claims(opened)
    claims.take("judge", ["a"], 1)
    assert claims._connection is not None
    assert claims._connection.execute(sa.text("SHOW idle_session_timeout")).scalar() == SILENT_FOR
    # Who says that it goes on is heard by the server, and what was taken away meanwhile is known to be lost.
    claims.say_something()
    last_words = (
        "SELECT query FROM pg_stat_activity JOIN pg_locks USING (pid) "
        "WHERE locktype = 'advisory' AND classid = :space AND datname = current_database()"
    )
    with as_owner(database) as connection:
        assert connection.execute(sa.text(last_words), {"space": LOCK_SPACE}).scalars().all() == ["SELECT 1"]
    assert claims.keep("judge", ["a"])
    end_claims(database)
    claims.say_something()
    assert not claims.keep("judge", ["a"])
    assert held(opened) == 0
    claims.close()
    patient = Claims(opened, silent_for=SILENT_WHILE_SENDING)
    patient.take("mail", ["a"], 1)
    assert patient._connection is not None
    assert patient._connection.execute(sa.text("SHOW idle_session_timeout")).scalar() == "10min"
    patient.close()
    opened.close()


def test_the_one_worker_of_a_file_has_all_it_asks_for(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "hub.db").close()
    opened = Database(f"sqlite:///{tmp_path / 'hub.db'}")
    claims = Claims(opened)
    assert claims.take("judge", IDS, 2) == ["a", "b"]
    assert claims.keep("judge", ["a", "b"])
    claims.give_back("judge", ["a", "b"])
    opened.close()
