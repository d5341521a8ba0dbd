"""Ports for servers of tests, which take them a while after they were looked for."""

import socket

import pytest

from tests.storage.postgres_server import free_port


def test_a_port_is_given_once_and_not_where_somebody_listens() -> None:
    given = free_port()
    with socket.create_server(("127.0.0.1", given)):
        # Once round.
        others = [free_port() for _ in range(1_400)]
    assert given not in others
    assert len(set(others[:100])) == 100


def test_no_port_is_one_that_the_system_gives_to_connections_or_another_process_to_its_tests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = []
    for worker in range(16):
        monkeypatch.setenv("PYTEST_XDIST_WORKER", f"gw{worker}")
        given.append({free_port() for _ in range(3)})
    assert len(set.union(*given)) == 48
    assert max(set.union(*given)) < 32_768
    # Whole ranges apart, wherever in it a process begins.
    assert [{(port - 10_000) // 1_400 for port in ports} for ports in given] == [{each} for each in range(16)]
