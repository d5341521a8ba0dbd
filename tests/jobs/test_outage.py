"""A database that is away for longer than the attempts of a job last."""

import threading

import sqlalchemy as sa

from hub.jobs.engine import DbosQueue
from hub.jobs.worker import ATTEMPTS
from storage.database import Database
from tests.jobs.conftest import StartWorker, put
from tests.jobs.waiting import wait_until
from tests.weather.proxy import FAIR, Weather, proxy_of


def test_a_database_that_is_away_for_a_while_costs_a_job_no_attempt(
    postgres_url: str, start_worker: StartWorker
) -> None:
    url, desk, before = sa.make_url(postgres_url), DbosQueue(postgres_url), set(threading.enumerate())
    assert url.port is not None
    ran, done = list[str](), list[str]()
    with proxy_of(url.port) as proxy:
        by_proxy = url.set(port=proxy.port).render_as_string(hide_password=False)
        own = Database(by_proxy)

        def work(argument: str) -> None:
            ran.append(argument)
            if len(ran) == 1:
                proxy.weather = Weather(refuses=True)
                proxy.cut_all()
            with own.reading() as session:
                session.execute(sa.text("SELECT 1"))
            done.append(argument)

        worker = start_worker(by_proxy, {"work": work})
        direct = Database(postgres_url)
        put(direct, desk, "work")
        wait_until(lambda: ran, what="the first attempt")
        so_far = proxy.connections
        # Each attempt and each look is a connection that is refused.
        wait_until(lambda: proxy.connections > so_far + 5 * ATTEMPTS, what="more than all attempts")
        proxy.weather = FAIR
        wait_until(lambda: done, what="the job")
        # With the proxy gone the engine's threads would try for ever, each after a longer sleep.
        wait_until(lambda: worker.stop(0.0), what="the worker to stop")
        wait_until(lambda: not _engine_threads() - before, what="the engine's threads to wake up and see it")
        own.close()
        direct.close()
    assert desk.list_dead() == []
    desk.close()


def _engine_threads() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if each.name.startswith(("hub-", "dbos-executor"))}
