"""A network that loses words between hub and database: a commit whose answer is lost is done once, nothing hangs."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.app import create_app
from hub.demo import people as demo_people
from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.services.accounts import clients as client_deeds
from hub.services.evidence.evidence_files import sweep_orphans
from hub.services.operating.invariants import breaches
from hub.wiring import Hub
from storage import banks as bank_rows
from storage.clients import add_client
from tests.applications import BANK_NAMES, ICBC, application, pdf
from tests.jobs.waiting import PATIENTLY_S
from tests.weather.proxy import Proxy, Weather, proxy_of
from tests.weather.serving import settings_of
from tests.web.caller import Caller, made

pytestmark = pytest.mark.slow

# As the driver sends it, with the end of its message.
COMMIT = b"COMMIT\0"


@pytest.fixture
def proxy(postgresql_database: str) -> Iterator[Proxy]:
    """Stands in front of the PostgreSQL of this test."""
    port = sa.make_url(postgresql_database).port
    assert port is not None
    with proxy_of(port) as made_proxy:
        yield made_proxy


@pytest.fixture
def behind(proxy: Proxy, postgresql_database: str, tmp_path: Path, clock: FixedClock) -> Iterator[Hub]:
    """A hub whose database is behind the proxy."""
    address = sa.make_url(postgresql_database).set(port=proxy.port).render_as_string(hide_password=False)
    made_hub = Hub(settings_of(tmp_path, address), clock=clock)
    with made_hub.writing(HUB) as tx:
        for code, (zh, en) in BANK_NAMES.items():
            bank_rows.add_bank(tx, code=code, name_zh=zh, name_en=en, adapter="portal", settings={})
    yield made_hub
    made_hub.close()


@pytest.fixture
def program(behind: Hub) -> Caller:
    """A host app of that hub."""
    with behind.writing(HUB) as tx:
        scopes = ("applications:write", "applications:read")
        client, _ = add_client(tx, name="a host app", scopes=scopes, bank_code=None)
        token = client_deeds.grant_token(tx, client, sorted(scopes), at=behind.real_clock.now())
        demo_people.add_accounts(tx)
    app = create_app(behind, demo_is_open=True)
    app.testing = True
    return Caller(app.test_client(), token, client)


def test_an_application_whose_commit_was_not_answered_is_made_once(proxy: Proxy, behind: Hub, program: Caller) -> None:
    body = application(ICBC)
    program.get("/banks")
    with proxy.during(Weather(loses_answer_to=COMMIT)):
        refused = program.post("/applications", body, key="one")
        assert (refused.status_code, refused.get_json()["code"]) == (503, "unavailable")
    assert proxy.lost_answers == 1
    with behind.reading(HUB) as tx:
        [there] = tx.session.connection().exec_driver_sql("SELECT id FROM application").scalars()
    again = program.post("/applications", body, key="one")
    assert (made(again)["id"], again.headers["Idempotency-Replayed"]) == (there, "true")


def test_a_file_whose_commit_was_not_answered_keeps_its_bytes(proxy: Proxy, behind: Hub, program: Caller) -> None:
    # The uploads that the limit allows are counted some at a time: those of this file are counted already.
    program.upload()
    with proxy.during(Weather(loses_answer_to=COMMIT)):
        assert program.upload(key="one").status_code == 503
    again = program.upload(key="one")
    evidence_id = made(again)["id"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert program.get(f"/evidence/{evidence_id}/content").data == pdf()
    # The bytes of the second call belong to nobody, and those of the first to the row that is there.
    later = behind.real_clock.now() + timedelta(hours=25)
    sweep_orphans(behind, behind.store, real_now=later)
    assert program.get(f"/evidence/{evidence_id}/content").data == pdf()
    with behind.reading(HUB) as tx:
        assert list(breaches(tx, behind.store)) == []
    assert len(list(behind.store.list_names(later))) == 2


def test_a_file_whose_commit_never_happened_is_swept(proxy: Proxy, behind: Hub, program: Caller) -> None:
    # The uploads that the limit allows are counted some at a time: those of this file are counted already.
    program.upload()
    later = behind.real_clock.now() + timedelta(hours=25)
    [kept] = behind.store.list_names(later)
    # Cut before the database heard of the commit: whoever asked cannot tell this from the other.
    with proxy.during(Weather(loses=COMMIT)):
        assert program.upload().status_code == 503
    assert len(list(behind.store.list_names(later))) == 2
    sweep_orphans(behind, behind.store, real_now=later)
    assert list(behind.store.list_names(later)) == [kept]


def test_a_server_that_says_nothing_is_given_up(proxy: Proxy, behind: Hub, program: Caller) -> None:
    behind.database.close()
    with proxy.during(Weather(stalls=True)), ThreadPoolExecutor(1) as pool:
        assert pool.submit(program.web.get, "/readyz").result(PATIENTLY_S).status_code == 503
        assert program.web.get("/healthz").status_code == 200
    assert program.web.get("/readyz").status_code == 200


@pytest.mark.parametrize("path", ["/", "/apply/", "/my/", "/sign-in/", "/sign-in/staff", "/portal/", "/ops/", "/demo/"])
def test_a_page_without_its_database_says_so_in_words_or_does_without(proxy: Proxy, program: Caller, path: str) -> None:
    program.web.get("/demo/")
    # As every visitor has one, who was here before.
    program.web.post("/demo/sign-in", data={"person": "operator"})
    with proxy.during(Weather(refuses=True)):
        answer = program.web.get(path, headers={"Accept-Language": "zh-CN"})
        assert answer.status_code in {200, 302, 303, 404, 503}
        if answer.status_code == 503:
            assert answer.headers["Retry-After"] == "2"
            assert "请稍后再试" in answer.get_data(as_text=True)
