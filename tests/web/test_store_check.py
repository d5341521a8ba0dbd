"""The check of the evidence store behind readiness."""

import pytest
from flask.testing import FlaskClient

from hub.domain.clock import FixedClock
from hub.domain.errors import Unusable
from hub.web.store_check import StoreCheck
from hub.wiring import Hub


def test_a_hub_without_its_store_is_not_ready(web: FlaskClient, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def check() -> None:
        raise Unusable("no store")

    monkeypatch.setattr(hub.store, "check", check)
    answer = web.get("/readyz")
    assert (answer.status_code, answer.get_json()["failing"]) == (503, ["evidence"])


def test_a_store_that_was_fine_is_not_tried_for_each_who_asks(
    web: FlaskClient, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    trials: list[str] = []
    monkeypatch.setattr(hub.store, "check", lambda: trials.append("tried"))
    monkeypatch.setattr(hub, "real_clock", FixedClock(hub.real_clock.now()))
    assert [web.get("/readyz").status_code for _ in range(5)] == [200] * 5
    assert len(trials) == 1
    hub.real_clock = FixedClock(hub.real_clock.now() + StoreCheck.FRESH_FOR)
    assert web.get("/readyz").status_code == 200
    assert len(trials) == 2


def test_a_store_that_is_back_is_found_at_once(web: FlaskClient, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def check() -> None:
        raise Unusable("no store")

    with monkeypatch.context() as broken_store:
        broken_store.setattr(hub.store, "check", check)
        assert web.get("/readyz").status_code == 503
    assert web.get("/readyz").status_code == 200
