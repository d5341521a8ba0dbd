"""Who may look at `/metrics`, and that nobody can make it grow."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from hub.app import create_app
from hub.web.metrics import OWN_PORT
from hub.wiring import Hub


def test_unknown_methods_and_paths_are_one_to_the_figures(web: FlaskClient) -> None:
    for number in range(50):
        web.open(f"/nowhere/{number}", method=f"M{number}")
        web.open("/healthz", method=f"M{number}")
    figures = web.get("/metrics").get_data(as_text=True)
    assert 'hub_requests_total{method="other",route="unknown",status="404"} 50.0' in figures
    assert "M1" not in figures
    assert "nowhere" not in figures


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_a_proxy_on_this_machine_hands_on_is_not_from_this_machine(web: FlaskClient, header: str) -> None:
    assert web.get("/metrics").status_code == 200
    assert web.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 404)])
def test_without_a_port_of_its_own_it_is_shown_on_this_machine_alone(
    web: FlaskClient, address: str, status: int
) -> None:
    assert web.get("/metrics", environ_base={"REMOTE_ADDR": address}).status_code == status


@pytest.mark.parametrize("changes", [{"trusted_proxies": 1}, {"metrics_port": 9100}])
def test_behind_a_proxy_or_with_a_port_of_its_own_it_is_shown_there_alone(hub: Hub, changes: dict[str, Any]) -> None:
    hub.settings = replace(hub.settings, **changes)
    web = create_app(hub).test_client()
    assert web.get("/metrics").status_code == 404
    assert web.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    assert web.get("/metrics", environ_overrides={OWN_PORT: True}).status_code == 200
