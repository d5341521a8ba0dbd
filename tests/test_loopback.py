"""That a test reaches this machine alone."""

import socket
import urllib.request

import pytest

from tests.loopback import OutsideWorldError


def test_no_other_machine_is_reached() -> None:
    # An address that documents use, and no machine has.
    for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with socket.socket(family) as line, pytest.raises(OutsideWorldError):
            line.connect((address, 80))


def test_nobody_is_asked_for_a_name() -> None:
    with pytest.raises(OutsideWorldError):
        urllib.request.urlopen("http://a-name-of-somebody.net/", timeout=1)
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("nobody.invalid", 80)


def test_this_machine_is_reached_by_each_of_its_names() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for name in ("127.0.0.1", "localhost"):
            socket.create_connection((name, port)).close()
