"""Where serving commands listen: addresses as they are written, and what is said of one that cannot be had."""

import socket
from pathlib import Path

import pytest

from hub.commands.addresses import address_of, last_served, note_served
from hub.server import ports
from tests.commands.conftest import RunHub


@pytest.mark.parametrize(
    ("host", "address"),
    [("::1", "http://[::1]:8000"), ("127.0.0.1", "http://127.0.0.1:8000"), ("localhost", "http://localhost:8000")],
)
def test_an_address_is_one_that_can_be_opened(host: str, address: str) -> None:
    assert address_of(host, 8000) == address


@pytest.mark.parametrize("command", ["up", "web"])
def test_a_port_in_use_is_one_line_that_says_what_to_do(
    run_hub: RunHub, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "HELD_FOR_S", 0.0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        port = other.getsockname()[1]
        said = run_hub(command, "--port", str(port))
    assert (said.status, said.out, len(said.error.splitlines())) == (1, "", 1)
    assert f"port {port}" in said.error
    assert "--port" in said.error


def test_commands_lead_links_to_where_the_hub_was_served_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    monkeypatch.delenv("HUB_PUBLIC_URL", raising=False)
    assert last_served() is None
    note_served(tmp_path, "http://127.0.0.1:8123")
    note_served(tmp_path, None)
    assert last_served() == "http://127.0.0.1:8123"
    monkeypatch.setenv("HUB_PUBLIC_URL", "https://hub.example")
    assert last_served() is None
