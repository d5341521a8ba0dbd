"""The far side of `sftp`: a server that takes batches once their control file agrees, and lays out responses."""

import hashlib
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from paramiko.sftp import SFTP_FAILURE, SFTP_PERMISSION_DENIED

from hub.banks.adapters.sftp.files import Control
from hub.banks.adapters.sftp.session import paramiko_key
from hub.banks.simulator.listening import ListeningBank
from hub.banks.simulator.port import Arrived, Desk, Does, Event, Heard, Joining, Place, Way
from hub.banks.simulator.sftp_side import Connection, SftpSide
from hub.domain.delivery import MessageKind

_HEADING = ("delivery_id", "type")
_FOLDERS = ("out_dir", "in_dir", "done_dir")


class SftpBank(ListeningBank[SftpSide]):
    """A bank with the folders out, in and done; what it was sent stays below `files/` in its own folder."""

    kind = "sftp"
    speaks = True
    does = frozenset({Does.TAKE, Does.FAIL, Does.REFUSE, Does.CUT})
    # Nobody can write in its folders who has no key: there is no signature to forge, and no stamp.
    ways: frozenset[Way] = frozenset({Way.HONEST, Way.GARBLED})

    def __init__(self, place: Place) -> None:
        """Keys are made at the first start; raises `TryAgain` where a private key was given that is none."""
        super().__init__(place)
        self._root = place.folder / "files"
        self._folders = {name: place.given.get(name, f"/{name.removesuffix('_dir')}") for name in _FOLDERS}
        self._host_key = paramiko_key(_own_key(place.folder / "host_key"))
        self._hub_key = Path(place.given.get("our_private_key") or _own_key(place.folder / "hub_key"))
        self._user = place.given.get("user", "hub")
        self._responses = 0
        self._lock = threading.Lock()

    @property
    def joining(self) -> Joining:
        """Where it listens, its public key, the hub's private one, and the folders."""
        host_key = f"{self._host_key.get_name()} {self._host_key.get_base64()}"
        return Joining(
            settings={
                "host": "127.0.0.1",
                "port": str(self._port),
                "user": self._user,
                "our_private_key": str(self._hub_key.absolute()),
                "host_key": host_key,
                **self._folders,
            }
        )

    def _listen(self) -> SftpSide:
        for name in _FOLDERS:
            self._folder(name).mkdir(mode=0o700, parents=True, exist_ok=True)
        return SftpSide(
            self._place.port,
            root=self._root,
            host_key=self._host_key,
            user=self._user,
            authorized=paramiko_key(self._hub_key),
            on_renamed=self._renamed,
        )

    def say(self, event: Event) -> Heard:
        """The response lies in `in_dir`, for the hub to pick up; what it makes of it is seen in `out_dir`."""
        fields = {"event": event.id, "type": event.type, **event.about, "data": event.data}
        data = json.dumps(fields, ensure_ascii=False).encode() + b"\n"
        folder = self._folder("in_dir")
        with self._lock:
            self._responses += 1
            name = f"RSP_{self._place.clock.now():%Y%m%d%H%M%S}_{self._responses:06d}"
        summed = b"garbled" if event.way is Way.GARBLED else data
        control = Control(lines=1, files={f"{name}.jsonl": hashlib.sha256(summed).hexdigest()})
        for ending, content in (("jsonl", data), ("ctl", control.content())):
            part = folder / f"{name}.{ending}.part"
            part.write_bytes(content)
            part.replace(folder / f"{name}.{ending}")
        return Heard(taken=True, detail=f"laid out as {name}")

    def _folder(self, name: str) -> Path:
        return self._root / self._folders[name].strip("/")

    def _renamed(self, connection: Connection, path: str, rename: Any) -> int:
        desk, listening = self._desk, self._listening
        name = path.rpartition("/")[2]
        if desk is None or listening is None:
            return SFTP_FAILURE
        if name.endswith(".rejected.jsonl"):
            status: int = rename()
            self._read_rejections(desk, self._root / path.lstrip("/"))
            return status
        if not (name.startswith("NEG_") and name.endswith(".ctl")):
            return int(rename())
        return self._take_batch(connection, desk, listening, self._root / path.lstrip("/"), rename)

    def _take_batch(self, connection: Connection, desk: Desk, listening: SftpSide, control: Path, rename: Any) -> int:
        messages = _agreeing(control)
        if messages is None:
            desk.notice("batch does not agree", name=control.name)
            return SFTP_FAILURE
        reactions = [desk.take(message) for message in messages]
        listening.wait(max((each.after_s for each in reactions), default=0.0))
        done = {each.does for each in reactions}
        if Does.FAIL in done:
            return SFTP_FAILURE
        if Does.REFUSE in done:
            return SFTP_PERMISSION_DENIED
        status = int(rename())
        if Does.CUT in done:
            connection.cut()
        return status

    def _read_rejections(self, desk: Desk, path: Path) -> None:
        for line in path.read_bytes().splitlines():
            fields = json.loads(line)
            desk.notice("refused by the hub", id=str(fields.get("event")), why=str(fields.get("code")))


def _agreeing(control: Path) -> list[Arrived] | None:
    """The messages of a batch, from the control file that is about to have that name; None unless all agrees."""
    folder = control.parent
    try:
        promised = json.loads((folder / f"{control.name}.part").read_bytes())
        for name, sha256 in promised["files"].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != sha256:
                return None
        lines = (folder / control.name).with_suffix(".jsonl").read_bytes().splitlines()
        return None if len(lines) != promised["lines"] else [_arrived(line) for line in lines]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _arrived(line: bytes) -> Arrived:
    fields: Mapping[str, Any] = json.loads(line)
    data = {name: value for name, value in fields.items() if name not in _HEADING}
    return Arrived(
        id=fields["delivery_id"], kind=MessageKind(fields["type"]), data=data, digest=hashlib.sha256(line).hexdigest()
    )


def _own_key(path: Path) -> Path:
    """A key in the bank's folder, made at the first start."""
    if not path.exists():
        path.touch(mode=0o600)
        made = Ed25519PrivateKey.generate()
        path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    return path


def make(place: Place) -> SftpBank:
    """The simulated bank."""
    return SftpBank(place)
