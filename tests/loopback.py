"""A test process reaches this machine alone: a call to anywhere else is an error of the test that makes it."""

import os
import re
import socket
import sys
from ipaddress import IPv4Address, IPv6Address, ip_address

# Names that stand for nobody, by RFC 6761 and 2606: no server is asked for them.
_NOBODY = (".invalid", ".example", ".test", ".example.com", ".example.org", ".example.net")

# What is no name at all is no question to a server either.
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,253}")


class OutsideWorldError(RuntimeError):
    """A test wanted to look up or to reach a host that is not this machine."""


def shut_sockets() -> None:
    """From now on this process connects to the loopback alone, and asks no server for a name; there is no way back."""
    # boto3 looks for credentials at a machine that a cloud would have.
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        _look_up(arguments[0])
    elif event in ("socket.connect", "socket.sendto"):
        line, address = arguments
        if isinstance(line, socket.socket) and line.family != socket.AF_UNIX and isinstance(address, tuple):
            _reach(str(address[0]))


def _look_up(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in ("", "localhost", socket.gethostname()) or _address(name) is not None:
        return
    if f".{name}".endswith(_NOBODY) or not _NAME.fullmatch(name):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    raise OutsideWorldError(name)


def _reach(host: str) -> None:
    address = _address(host)
    if address is None:
        _look_up(host)
    elif not (address.is_loopback or address.is_unspecified):
        raise OutsideWorldError(host)


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name.partition("%")[0])
    except ValueError:
        return None
