"""An SFTP server in this process, over one folder: for simulated banks, never for anything that must hold.

Whoever has the one key may do in the folder what a batch needs; `on_renamed` decides whether a new name is given.
"""

import contextlib
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED, OPEN_SUCCEEDED
from paramiko.sftp import SFTP_FAILURE, SFTP_OK

_SETUP_S = 20.0
# A hub that has nothing to say for so long comes again when it has.
_IDLE_S = 1800.0

# The new path, from the folder on; gives a status of SFTP, and SFTP_OK means that the name was given.
OnRenamed = Callable[["Connection", str, Callable[[], int]], int]


class Connection(paramiko.ServerInterface):
    """One connection: who may sign in, and for what."""

    def __init__(self, side: "SftpSide", transport: paramiko.Transport) -> None:
        self.side = side
        self._transport = transport

    def cut(self) -> None:
        """The other side is told nothing more."""
        self._transport.sock.close()

    def get_allowed_auths(self, username: str) -> str:  # noqa: ARG002 - the library's signature
        """Keys alone."""
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        """Whether this is the user with the one key."""
        side = self.side
        return AUTH_SUCCESSFUL if (username, key) == (side.user, side.authorized) else AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:  # noqa: ARG002 - the library's signature
        """Sessions alone."""
        return OPEN_SUCCEEDED if kind == "session" else OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


class _Files(paramiko.SFTPServerInterface):
    """The folder as the other side sees it."""

    def __init__(self, server: Connection, *largs: Any, **kwargs: Any) -> None:
        super().__init__(server, *largs, **kwargs)
        self._connection = server

    def _real(self, path: str) -> Path:
        # Made canonical first, nothing leads out of the folder; and no link can be made in it.
        return self._connection.side.root / self.canonicalize(path).lstrip("/")

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
        """What is in the folder."""
        try:
            return [paramiko.SFTPAttributes.from_stat(each.stat(), each.name) for each in self._real(path).iterdir()]
        except OSError as error:
            return _status(error)

    def stat(self, path: str) -> paramiko.SFTPAttributes | int:
        """What is known of the file."""
        try:
            return paramiko.SFTPAttributes.from_stat(self._real(path).stat())
        except OSError as error:
            return _status(error)

    lstat = stat

    def open(self, path: str, flags: int, attr: paramiko.SFTPAttributes) -> paramiko.SFTPHandle | int:  # noqa: ARG002 - the library's signature
        """The file, opened as asked."""
        writes = flags & (os.O_WRONLY | os.O_RDWR)
        try:
            file = os.fdopen(os.open(self._real(path), flags, 0o600), "wb" if writes else "rb")
        except OSError as error:
            return _status(error)
        handle = paramiko.SFTPHandle(flags)
        handle.readfile = handle.writefile = file  # type: ignore[attr-defined]
        return handle

    def remove(self, path: str) -> int:
        """The file is gone."""
        return _done(self._real(path).unlink)

    def mkdir(self, path: str, attr: paramiko.SFTPAttributes) -> int:  # noqa: ARG002 - the library's signature
        """The folder is there."""
        return _done(self._real(path).mkdir)

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        """The file has its new name, where the bank has nothing against it."""
        old, new = self._real(oldpath), self._real(newpath)
        connection = self._connection
        return connection.side.on_renamed(
            connection, self.canonicalize(newpath), lambda: _done(lambda: old.replace(new))
        )

    rename = posix_rename


class SftpSide:
    """Listens on a port of 127.0.0.1 until it is closed; raises `OSError` where the port is taken."""

    def __init__(
        self,
        port: int,
        *,
        root: Path,
        host_key: paramiko.PKey,
        user: str,
        authorized: paramiko.PKey,
        on_renamed: OnRenamed,
    ) -> None:
        self.root = root
        self.user = user
        self.authorized = authorized
        self.on_renamed = on_renamed
        self._host_key = host_key
        self._ended = threading.Event()
        self._transports: set[paramiko.Transport] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """So much time has passed, or it is closed."""
        self._ended.wait(seconds)

    def close(self) -> None:
        """Nobody listens any more, and every connection is cut."""
        self._ended.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            left = list(self._transports)
        for transport in left:
            transport.close()
        self._thread.join(10)

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                connected, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connected,), daemon=True).start()

    def _serve(self, connected: socket.socket) -> None:
        try:
            transport = paramiko.Transport(connected)
        except (OSError, paramiko.SSHException):
            connected.close()
            return
        with self._lock:
            self._transports.add(transport)
        try:
            transport.add_server_key(self._host_key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files)
            begun = threading.Event()
            transport.start_server(event=begun, server=Connection(self, transport))
            # Held, since a channel that nobody holds closes itself.
            channel = transport.accept(_SETUP_S) if begun.wait(_SETUP_S) else None
            if channel is not None:
                transport.join(_IDLE_S)
        except (OSError, EOFError, paramiko.SSHException):
            # It went away, which is its own affair.
            return
        finally:
            transport.close()
            with self._lock:
                self._transports.discard(transport)


def _status(error: OSError) -> int:
    return paramiko.SFTPServer.convert_errno(error.errno) if error.errno else SFTP_FAILURE


def _done(action: Callable[[], object]) -> int:
    try:
        action()
    except OSError as error:
        return _status(error)
    return SFTP_OK
