"""What seals this hub's papers, by its settings: the key that was given, or one that an embedded hub makes itself."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from hub.banks.outgoing import OutgoingHttp, Reach
from hub.documents.paper_seal import PaperSeal, PaperSigner
from hub.documents.seal_files import SealKey, own_seal_text, parse_own_seal, read_certificate, read_seal_key
from hub.documents.time_stamping import ANSWER_S, HttpTimeStampAuthority
from hub.settings import Settings
from storage import own_secret


class PaperSealing:
    """The seal and what signs with it. Files are read once, when it is first asked for.

    `now` gives the real time: certificates do not follow a clock that was moved for a demo.
    """

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now

    @property
    def is_made(self) -> bool:
        """False where the embedded default has still to make its own, which the others here do."""
        given = self._settings
        return given.paper_key_file is not None or not given.embedded or own_seal_of(given).exists()

    @property
    def seal(self) -> PaperSeal | None:
        """The certificate that papers are sealed with now; None where there is none, or none that is in force.

        Raises `Unusable` where its files cannot be used.
        """
        given = self.given
        return given if given is not None and given.is_valid_at(self._now()) else None

    def require(self) -> None:
        """The key was read, or made, and can be used; raises `Unusable` where one was given and cannot."""
        _ = self._key

    @property
    def given(self) -> PaperSeal | None:
        """The certificate, in force or not; raises as `seal` does."""
        return None if self._key is None else self._key.seal

    @property
    def shown(self) -> PaperSeal | None:
        """As `seal`, for a process that need not be able to read the key; makes nothing."""
        file = self._settings.paper_certificate_file
        if file is None:
            return self.seal if self.is_made else None
        seal = read_certificate(file)
        return seal if seal.is_valid_at(self._now()) else None

    @property
    def ending(self) -> PaperSeal | None:
        """The certificate where it has ended, or will within thirty days; raises as `seal` does."""
        given = self.given
        return given if given is not None and given.ends_soon(self._now()) else None

    @property
    def signer(self) -> PaperSigner | None:
        """What seals papers; None where `seal` is. Raises as it does."""
        return None if self.seal is None else self._signer

    @cached_property
    def _key(self) -> SealKey | None:
        given = self._settings
        if given.paper_key_file is not None:
            return read_seal_key(given.paper_key_file, given.paper_certificate_file, given.paper_password_file)
        if not given.embedded:
            return None
        path = own_seal_of(given)
        text = own_secret.read(path) or own_secret.make(path, own_seal_text(self._now()))
        return parse_own_seal(text, path)

    @cached_property
    def _signer(self) -> PaperSigner | None:
        from hub.documents.pades import PadesSigner  # noqa: PLC0415 - what it loads takes half a second

        url = self._settings.tsa_url
        authority = None if url is None else HttpTimeStampAuthority(url, _way_to_authority(url))
        return None if self._key is None else PadesSigner(self._key, now=self._now, authority=authority)


def own_seal_of(settings: Settings) -> Path:
    """Where the embedded default keeps the key and the certificate that it made itself."""
    return settings.home / "paper-seal.pem"


def _way_to_authority(url: str) -> OutgoingHttp:
    """Calls to the host that the operator named, wherever it is, and to no other."""
    host = urlsplit(url).hostname or ""
    return OutgoingHttp(Reach(loopback=True, allowed_hosts=frozenset({host})), answer_s=ANSWER_S)
