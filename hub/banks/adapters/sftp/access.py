"""Where a bank's SFTP server is, who it must be, and how long it may take."""

from dataclasses import dataclass
from pathlib import Path

from hub.banks.adapters.sftp.keys import HostKey
from hub.domain.errors import TryAgain


class NotAllowed(TryAgain):
    """The server does not let our user at this file; what is asked of others it may do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long things may take, in seconds: connecting, all until files can be moved, one answer, and the whole.

    A batch takes minutes where its files are large.
    """

    connect_s: float = 10.0
    setup_s: float = 30.0
    answer_s: float = 30.0
    whole_s: float = 1200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where the server is and who it must be; `address` is what `host` was checked to lead to."""

    host: str
    address: str
    port: int
    user: str
    private_key: Path
    host_key: HostKey
