"""Ports that can be had, and what is said of one that cannot."""

import socket

import pytest

from hub.domain.errors import Unusable
from hub.server.ports import require_free


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host", "a" * 300])
def test_a_host_that_is_not_here_is_said(host: str) -> None:
    with pytest.raises(Unusable, match="--host"):
        require_free(host, 0)


def test_a_free_port_stays_free() -> None:
    require_free("127.0.0.1", 0)


def test_a_port_that_its_holder_gives_up_in_a_moment_is_waited_for() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        require_free("127.0.0.1", other.getsockname()[1], wait=lambda _: other.close())
        assert other.fileno() == -1
