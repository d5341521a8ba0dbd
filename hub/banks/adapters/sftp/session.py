"""A session with a bank's SFTP server: files appear whole or not at all, and every wait has an end.

The only module that knows paramiko; `hub.banks.adapters.sftp` loads it when the first file is to be moved.
"""

import errno
import hashlib
import hmac
import io
import logging
import socket
import stat
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import paramiko
import paramiko.sftp_client
from cryptography.hazmat.primitives import serialization

from hub.banks.adapters.sftp.access import Access, Limits, NotAllowed
from hub.banks.adapters.sftp.keys import read_private_key
from hub.banks.adapters.sftp.names import PART, Entry
from hub.domain.errors import HostNotTrusted, TryAgain

_CHUNK = 32 * 1024
_SHOWN = 150
# What fails is raised here; the library would report it a second time from its own thread.
logging.getLogger("paramiko").setLevel(logging.CRITICAL)


class _Packet(paramiko.Message):
    """A packet in which a name may be of any bytes: the library fails over one that is no UTF-8, as on Windows."""

    def get_text(self) -> str:
        """The text; bytes that are no UTF-8 stand in it as lone surrogates."""
        return self.get_string().decode("utf-8", "surrogateescape")


paramiko.sftp_client.Message = _Packet  # type: ignore[attr-defined]


class Session:
    """Files on the server by their paths. Each call raises `TryAgain` where the server did not do it in time.

    `NotAllowed`, which is one, says that it was this file alone.
    """

    def __init__(self, sftp: paramiko.SFTPClient, host: str) -> None:
        self._sftp = sftp
        self._host = host

    def entries(self, folder: str, *, most: int) -> list[Entry]:
        """What is in the folder, but for folders; raises `TryAgain` for more than `most` of all."""
        found: list[Entry] = []
        with _sorted_errors(self._host, f"list {folder}"):
            for seen, each in enumerate(self._sftp.listdir_iter(_wire(folder)), start=1):
                if seen > most:
                    raise TryAgain(f"{self._host}: more than {most} files in {folder}")
                if each.st_mode is None or not stat.S_ISDIR(each.st_mode):
                    is_file = each.st_mode is None or stat.S_ISREG(each.st_mode)
                    found.append(Entry(name=each.filename, is_file=is_file, modified_at=_instant(each.st_mtime)))
        return found

    def names(self, folder: str, *, most: int) -> list[str]:
        """The names of the plain files in the folder, in alphabetical order; raises `TryAgain` for more than `most`."""
        return sorted(each.name for each in self.entries(folder, most=most) if each.is_file)

    def size(self, path: str) -> int | None:
        """How many bytes the file has, None where there is none."""
        with _sorted_errors(self._host, f"look at {path}"):
            try:
                return self._sftp.stat(_wire(path)).st_size
            except OSError as error:
                if error.errno != errno.ENOENT:
                    raise
                return None

    def chunks(self, path: str) -> Iterator[bytes]:
        """The bytes of the file, a piece at a time; none where there is no such file."""
        with _sorted_errors(self._host, f"read {path}"):
            file = self._opened(path)
            if file is None:
                return
            with file:
                while piece := file.read(_CHUNK):
                    yield piece

    def digest(self, path: str) -> str:
        """The SHA-256 of the file in hexadecimal digits, or that of nothing where there is none."""
        digest = hashlib.sha256()
        for chunk in self.chunks(path):
            digest.update(chunk)
        return digest.hexdigest()

    def content(self, path: str, *, most: int) -> bytes | None:
        """The bytes of the file, cut one behind the limit of `most`; None where there is none."""
        found = bytearray()
        with _sorted_errors(self._host, f"read {path}"):
            # Not looked at before: it may be moved aside between the two, and would seem to be empty.
            file = self._opened(path)
            if file is None:
                return None
            with file:
                while len(found) <= most and (piece := file.read(_CHUNK)):
                    found += piece
        return bytes(found[: most + 1])

    def write(self, path: str, chunks: Iterable[bytes]) -> None:
        """The file is there under its name, whole; whatever had that name before is gone.

        What `chunks` raises comes out, and then nothing is there under the name that was not before.
        """
        part, written = path + PART, 0
        with _sorted_errors(self._host, f"write {path}"):
            # A new file, not the old one emptied: somebody else may still be writing to that.
            self._remove(part)
            with self._sftp.open(_wire(part), "wx") as file:
                file.set_pipelined(True)
                for chunk in chunks:
                    file.write(chunk)
                    written += len(chunk)
        # Errors of single writes are seen in nothing but the size.
        if self.size(part) != written:
            raise TryAgain(f"{self._host}: {path} did not arrive whole")
        if not self.move(part, path):
            raise TryAgain(f"{self._host}: {path} was taken away while it was written")

    def make_folder(self, path: str) -> None:
        """The folder is there."""
        with _sorted_errors(self._host, f"make folder {path}"):
            try:
                self._sftp.mkdir(_wire(path))
            except OSError:
                # Servers name no reason that says "there already".
                if not stat.S_ISDIR(self._sftp.stat(_wire(path)).st_mode or 0):
                    raise

    def move(self, old: str, new: str) -> bool:
        """The file has its new name, in place of any other; False where it is not there."""
        with _sorted_errors(self._host, f"move {old}"):
            try:
                self._sftp.posix_rename(_wire(old), _wire(new))
            except OSError as error:
                if error.errno == errno.ENOENT:
                    return False
                if "unsupported" not in str(error).lower():
                    raise
                # A server without the extension renames to free names only.
                self._remove(new)
                self._sftp.rename(_wire(old), _wire(new))
        return True

    def remove(self, path: str) -> None:
        """The file is not there."""
        with _sorted_errors(self._host, f"remove {path}"):
            self._remove(path)

    def _opened(self, path: str) -> paramiko.SFTPFile | None:
        try:
            return self._sftp.open(_wire(path), "rb")
        except OSError as error:
            if error.errno != errno.ENOENT:
                raise
            return None

    def _remove(self, path: str) -> None:
        try:
            self._sftp.remove(_wire(path))
        except OSError as error:
            if error.errno != errno.ENOENT:
                raise


@contextmanager
def opened(access: Access, limits: Limits | None = None) -> Iterator[Session]:
    """A session with exactly the server whose key is pinned.

    Raises `TryAgain`; `HostNotTrusted` where the server shows another key, before anything is said to it.
    """
    bounds = limits or Limits()
    with _sorted_errors(access.host, "connect"):
        connected = socket.create_connection((access.address, access.port), timeout=bounds.connect_s)
        transport = _transport(connected, bounds)
    try:
        with _ended_after(bounds.setup_s, transport):
            sftp = _introduced(transport, access, bounds)
        with _ended_after(bounds.whole_s, transport):
            yield Session(sftp, access.host)
    finally:
        transport.close()


def _wire(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _instant(seconds: int | None) -> datetime | None:
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _transport(connected: socket.socket, bounds: Limits) -> paramiko.Transport:
    try:
        transport = paramiko.Transport(connected)
    except BaseException:
        connected.close()
        raise
    transport.banner_timeout = bounds.connect_s
    transport.handshake_timeout = bounds.connect_s
    transport.auth_timeout = bounds.connect_s
    transport.channel_timeout = bounds.connect_s
    return transport


def _introduced(transport: paramiko.Transport, access: Access, bounds: Limits) -> paramiko.SFTPClient:
    # A server may have keys of several kinds, and shows one of the kind that it is asked for.
    transport.get_security_options().key_types = access.host_key.algorithms
    with _sorted_errors(access.host, "shake hands"):
        try:
            transport.start_client(timeout=bounds.connect_s)
        except paramiko.ssh_exception.IncompatiblePeer as error:
            raise HostNotTrusted(f"{access.host} has no host key of the kind {access.host_key.kind}") from error
        shown = transport.get_remote_server_key()
    if not hmac.compare_digest(shown.asbytes(), access.host_key.blob):
        raise HostNotTrusted(f"{access.host} shows another host key than the one that is set: {shown.fingerprint}")
    with _sorted_errors(access.host, "sign in"):
        transport.auth_publickey(access.user, paramiko_key(access.private_key))
    with _sorted_errors(access.host, "begin SFTP"):
        channel = transport.open_session()
        channel.settimeout(bounds.answer_s)
        channel.invoke_subsystem("sftp")
        return paramiko.SFTPClient(channel)


def paramiko_key(path: Path) -> paramiko.PKey:
    """The private key in the file, as the library takes it; raises `TryAgain`."""
    key = read_private_key(path)
    # The library reads one form of each kind, cryptography all of them.
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    kinds: dict[str, type[paramiko.PKey]] = {"Ed25519": paramiko.Ed25519Key, "RSA": paramiko.RSAKey}
    name = type(key).__name__.removesuffix("PrivateKey")
    return kinds.get(name, paramiko.ECDSAKey).from_private_key(io.StringIO(text.decode()))


@contextmanager
def _ended_after(seconds: float, transport: paramiko.Transport) -> Iterator[None]:
    """Whatever still waits for the server after so long fails, even where it sends a byte now and then."""
    timer = threading.Timer(seconds, partial(transport.close))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _sorted_errors(host: str, doing: str) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, paramiko.SSHException, paramiko.SFTPError) as error:
        is_of_the_file = isinstance(error, OSError) and error.errno == errno.EACCES
        raise (NotAllowed if is_of_the_file else TryAgain)(f"{host}: {doing}: {_named(error)}") from error


def _named(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, EOFError):
        return "the connection ended"
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    # The library's kinds of errors are few, and its words say which step of a handshake it was.
    return f"{type(error).__name__}: {' '.join(str(error).split())[:_SHOWN]}".removesuffix(": ")
