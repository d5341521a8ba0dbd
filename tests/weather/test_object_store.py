"""An object store that is down, slow or cut off: nothing is called stored, nobody waits for ever, the rest goes on."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.evidence import evidence_files
from hub.services.operating import sweeps
from hub.services.operating.invariants import breaches
from hub.wiring import Hub
from hub.work.jobs import schedules_of
from storage.s3_store import S3Store
from tests.applications import ICBC, application, pdf
from tests.jobs.waiting import wait_until
from tests.jobs.working_off import taken_for_clean, working_off
from tests.services.conftest import OpenCase
from tests.storage.bodies import MIB, names_of
from tests.storage.s3_server import BUCKET, S3Server
from tests.weather.proxy import Proxy, Weather, http_answer, proxy_of
from tests.web.caller import Caller, made

pytestmark = pytest.mark.slow

SLOW_DOWN = http_answer(
    503, b"<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>",
    "Content-Type: application/xml",
)  # fmt: skip
# Past one part of 5 MiB, so that it is sent in several.
LARGE = 6 * MIB


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Whatever the store does, the database has no part in it."""
    return sqlite_database


@pytest.fixture
def proxy(s3_server: S3Server) -> Iterator[Proxy]:
    """Stands in front of the object store."""
    with proxy_of(int(s3_server.endpoint_url.rpartition(":")[2])) as made_proxy:
        yield made_proxy


@pytest.fixture
def prefix() -> str:
    return secrets.token_hex(8)


@pytest.fixture
def behind(s3_server: S3Server, prefix: str) -> S3Store:
    """The same store, seen past the proxy."""
    return S3Store(BUCKET, prefix, endpoint_url=s3_server.endpoint_url)


@pytest.fixture
def hub(hub: Hub, proxy: Proxy, prefix: str) -> Hub:
    """A hub whose evidence is in the object store behind the proxy."""
    hub.store = S3Store(BUCKET, prefix, endpoint_url=proxy.url)
    return hub


Storm = Callable[[Weather], AbstractContextManager[None]]


@pytest.fixture
def storm(hub: Hub, proxy: Proxy, prefix: str) -> Storm:
    """A way to have bad weather, in which the hub waits for its store a short while only."""

    @contextmanager
    def during(weather: Weather) -> Iterator[None]:
        patient = hub.store
        hub.store = S3Store(BUCKET, prefix, endpoint_url=proxy.url, timeout_s=3, answer_within_s=1)
        with proxy.during(weather):
            yield
        hub.store = patient

    return during


def is_refused(answer: TestResponse) -> bool:
    """Whether the answer says that the file was not kept, and what to do."""
    told = answer.get_json()
    return (answer.status_code, told.get("code")) == (507, "store_full") and "请稍后重新上传" in told["detail"]


BAD_WEATHER = {
    "down": Weather(refuses=True),
    "silent": Weather(stalls=True),
    "overloaded": Weather(answers=SLOW_DOWN),
    "at 1 KiB a second": Weather(bytes_a_second=1024),
    "cut before it answers": Weather(cut_down_after=1),
}


@pytest.mark.parametrize("weather", BAD_WEATHER.values(), ids=BAD_WEATHER.keys())
def test_a_file_is_refused_in_bad_weather_and_taken_afterwards(
    hub: Hub, storm: Storm, behind: S3Store, host_app: Caller, weather: Weather
) -> None:
    first, content = pdf(size=8_000), pdf(size=40_000)
    kept = made(host_app.upload(first))["id"]
    with storm(weather):
        assert is_refused(host_app.upload(content, key="one"))
        refused = host_app.get(f"/evidence/{kept}/content")
        assert (refused.status_code, refused.get_json()["code"]) == (507, "store_full")
        # What needs no store works on.
        assert made(host_app.post("/applications", application(ICBC)))["id"]
        # The few bytes of its own trial come through a trickle.
        if weather.bytes_a_second is None:
            ready = host_app.web.get("/readyz")
            assert (ready.status_code, ready.get_json()["failing"]) == (503, ["evidence"])
    again = made(host_app.upload(content, key="one"))
    assert host_app.get(f"/evidence/{again['id']}/content").data == content
    assert host_app.get(f"/evidence/{kept}/content").data == first
    assert host_app.web.get("/readyz").status_code == 200
    with hub.reading(HUB) as tx:
        assert list(breaches(tx, hub.store)) == []
    sweep_a_day_later(hub, behind)
    assert len(names_of(behind)) == 2


def sweep_a_day_later(hub: Hub, behind: S3Store) -> None:
    """Whatever a storm left behind belongs to nobody and is gone."""
    evidence_files.sweep_orphans(hub, behind, real_now=hub.real_clock.now() + timedelta(hours=25))


@pytest.mark.parametrize(("size", "cut_after"), [(40_000, 3000), (LARGE, 4 * MIB)])
def test_a_file_that_is_cut_on_its_way_is_refused(
    hub: Hub, storm: Storm, behind: S3Store, host_app: Caller, size: int, cut_after: int
) -> None:
    with storm(Weather(cut_up_after=cut_after)):
        assert is_refused(host_app.upload(pdf(size=size)))
    sweep_a_day_later(hub, behind)
    assert names_of(behind) == set()


def test_a_part_that_is_cut_on_its_way_once_is_sent_again(hub: Hub, proxy: Proxy, host_app: Caller) -> None:
    content = pdf(size=LARGE)
    # The second part comes over the connection of the first, and once more over one of its own.
    with proxy.during(Weather(cut_up_after=5 * MIB + 200_000)):
        evidence_id = made(host_app.upload(content))["id"]
    assert host_app.get(f"/evidence/{evidence_id}/content").data == content


def test_a_file_of_which_the_store_got_the_head_alone_is_sent_again(
    proxy: Proxy, behind: S3Store, host_app: Caller
) -> None:
    content = pdf(size=40_000)
    # The server keeps an empty object, and its name is taken when the second try comes.
    with proxy.during(Weather(ends_after=b"PUT /")):
        evidence_id = made(host_app.upload(content))["id"]
        assert proxy.lost_answers == 1
    assert host_app.get(f"/evidence/{evidence_id}/content").data == content
    assert len(names_of(behind)) == 1


def test_an_object_whose_arrival_was_not_confirmed_is_swept(
    hub: Hub, storm: Storm, behind: S3Store, host_app: Caller
) -> None:
    # Each answer is cut once the server has said that it waits for the body, and nothing can be taken back.
    first_words = len(b"HTTP/1.1 100 Continue\r\n\r\n")
    with storm(Weather(cut_down_after=first_words + 1, loses=b"DELETE /")):
        assert is_refused(host_app.upload())
    assert names_of(behind)
    sweep_a_day_later(hub, behind)
    assert names_of(behind) == set()


def test_a_store_that_hangs_takes_a_few_threads_and_no_more(
    hub: Hub, app: Flask, proxy: Proxy, host_app: Caller
) -> None:
    callers = [Caller(app.test_client(), host_app.token, host_app.client) for _ in range(8)]
    hub.store = S3Store(BUCKET, "", endpoint_url=proxy.url, timeout_s=600, answer_within_s=600)
    refused: list[bool] = []

    def upload(caller: Caller) -> None:
        refused.append(is_refused(caller.upload()))

    with ThreadPoolExecutor(len(callers)) as pool, proxy.during(Weather(stalls=True)):
        for each in callers:
            pool.submit(upload, each)
        # Three wait for the store longer than this test does; the other five threads are free again soon.
        wait_until(lambda: len(refused) == 5, what="the others to be refused")
        assert host_app.get("/banks").status_code == 200
    assert refused[:5] == [True] * 5
    made(host_app.upload())


def test_papers_and_verdicts_that_a_storm_held_up_come_by_themselves(
    hub: Hub, clock: FixedClock, proxy: Proxy, open_case: OpenCase
) -> None:
    work_off = working_off(hub, inspect=taken_for_clean, printer=lambda _: pdf())
    agreed = open_case(worked_off=False)
    work_off()
    waiting = open_case(worked_off=False)
    offer = agreed.offer()
    with proxy.during(Weather(refuses=True)):
        agreed.accept(offer)
        for _ in range(3):
            clock.at += timedelta(minutes=3)
            sweeps.run_due(hub)
            schedules_of(hub)["print_missing"].run(clock.at)
            work_off()
        assert waiting.status == "screening"
        assert "document_printed" not in agreed.kinds()
    # Nothing was given up: an operator has nothing to do.
    assert hub.jobs.list_dead() == []
    clock.at += timedelta(minutes=3)
    sweeps.run_due(hub)
    schedules_of(hub)["print_missing"].run(clock.at)
    # A worker that was started later: the one before leaves the file alone for half a minute.
    work_off = working_off(hub, inspect=taken_for_clean, printer=lambda _: pdf())
    work_off()
    assert waiting.status == "awaiting_bank"
    assert agreed.kinds().count("document_printed") == 1
    schedules_of(hub)["print_missing"].run(clock.at)
    assert work_off() == 0


def test_a_deleted_object_is_found_and_said(hub: Hub, behind: S3Store, host_app: Caller) -> None:
    evidence_id = made(host_app.upload())["id"]
    [name] = names_of(behind)
    behind.delete(name)
    answer = host_app.get(f"/evidence/{evidence_id}/content")
    assert (answer.status_code, answer.get_json()["code"]) == (500, "evidence_damaged")
    with hub.reading(HUB) as tx:
        [breach] = breaches(tx, hub.store)
    assert (breach.invariant, breach.subject) == ("evidence_bytes", evidence_id)
    assert "missing" in breach.detail
