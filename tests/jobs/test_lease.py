from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.domain.errors import Unusable
from hub.jobs.lease import KEPT_EVERY_S, LOCK_SPACE, SILENT_FOR_S, SlotLease, take_lease
from tests.jobs.waiting import wait_until
from tests.weather.proxy import Proxy, Weather, proxy_of


def test_a_file_has_one_worker(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    first = take_lease(url)
    with pytest.raises(Unusable, match="Another worker already runs"):
        take_lease(url)
    first.release()
    second = take_lease(url)
    assert second.executor_id == first.executor_id == "embedded"
    second.release()


def test_a_database_in_memory_has_no_worker() -> None:
    with pytest.raises(Unusable, match="needs a database that lasts"):
        take_lease("sqlite:///:memory:")


def test_workers_get_the_lowest_free_slots(postgres_url: str) -> None:
    first, second = take_lease(postgres_url), take_lease(postgres_url)
    assert (first.executor_id, second.executor_id) == ("slot-1", "slot-2")
    first.release()
    third = take_lease(postgres_url)
    assert third.executor_id == "slot-1"
    second.release()
    third.release()


def test_an_unreachable_database_is_named() -> None:
    with pytest.raises(Unusable, match="cannot be reached"):
        take_lease("postgresql+psycopg://nobody@127.0.0.1:1/none")


def test_only_dead_workers_are_borrowed(postgres_url: str) -> None:
    lease, living = SlotLease(sa.make_url(postgres_url)), SlotLease(sa.make_url(postgres_url))
    answers = {}
    for name in ("slot-1", "slot-2", "slot-3", "embedded"):
        with lease.borrow(name) as dead:
            answers[name] = dead
    assert answers == {"slot-1": False, "slot-2": False, "slot-3": True, "embedded": True}
    with living.borrow("slot-3") as dead:
        assert dead, "a slot must be given back after it was borrowed"
    lease.release()
    living.release()


def test_a_lost_connection_takes_the_same_slot_again(postgres_url: str) -> None:
    lease = SlotLease(sa.make_url(postgres_url))
    engine = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = :space"),
            {"space": LOCK_SPACE},
        )
    assert lease.keep()
    other = SlotLease(sa.make_url(postgres_url))
    assert other.executor_id == "slot-2"
    other.release()
    lease.release()
    engine.dispose()


@contextmanager
def behind_a_proxy(url: sa.URL) -> Iterator[tuple[SlotLease, Proxy]]:
    """A lease that is released at the end, and the proxy by which it reaches the server."""
    assert url.port is not None
    with proxy_of(url.port) as proxy:
        lease = SlotLease(url.set(port=proxy.port))
        yield lease, proxy
        lease.release()


def test_a_slot_is_taken_again_however_often_the_server_could_not_be_reached(postgres_url: str) -> None:
    url = sa.make_url(postgres_url)
    with behind_a_proxy(url) as (lease, proxy):
        with proxy.during(Weather(refuses=True)):
            assert [lease.keep() for _ in range(3)] == [True] * 3
            wait_until(lambda: next_slot(url) == "slot-1", what="the server to see that the worker is gone")
        assert lease.keep()
        assert (next_slot(url), lease.leads()) == ("slot-2", True)


def test_a_worker_that_ends_before_its_lost_connection_is_back_ends_in_order(postgres_url: str) -> None:
    with behind_a_proxy(sa.make_url(postgres_url)) as (lease, proxy), proxy.during(Weather(refuses=True)):
        assert lease.keep()


def next_slot(url: sa.URL) -> str:
    """That of the next worker."""
    lease = SlotLease(url)
    lease.release()
    return lease.executor_id


def test_one_worker_leads_until_it_is_gone(postgres_url: str) -> None:
    first, second = SlotLease(sa.make_url(postgres_url)), SlotLease(sa.make_url(postgres_url))
    assert [first.leads(), first.leads(), second.leads()] == [True, True, False]
    first.release()
    assert second.leads()
    second.release()


def test_a_worker_that_says_nothing_loses_its_slot_and_others_may_take_it(postgres_url: str) -> None:
    silent, other = SlotLease(sa.make_url(postgres_url)), SlotLease(sa.make_url(postgres_url))
    assert silent.leads()
    # Its own connection is told, as it was when it began, but of a shorter time.
    silent._connection.execute(sa.text("SET idle_session_timeout = 50"))

    def is_dead() -> bool:
        with other.borrow("slot-1") as dead:
            return dead

    wait_until(is_dead, what="the server to let go of the slot")
    assert other.leads()
    # It finds its name free, and that somebody else leads.
    assert silent.keep()
    assert not silent.leads()
    silent.release()
    other.release()


def test_a_lease_is_let_go_within_half_a_minute_of_silence(postgres_url: str) -> None:
    lease = SlotLease(sa.make_url(postgres_url))
    shown = lease._connection.execute(sa.text("SHOW idle_session_timeout")).scalar()
    assert (shown, SILENT_FOR_S + KEPT_EVERY_S < 30) == ("20s", True)
    lease.release()
