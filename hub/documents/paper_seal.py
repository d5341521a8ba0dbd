"""The hub's seal on papers: whose certificate it is, what signs with it, and who stamps the time.

A sealed paper says so in words that are true of it: it is the hub's electronic signature over the document, and neither
the bank's nor the cardholder's. 电子签名法 (as of 2019) articles 13 and 14 say when such a signature is as good as a
stamp: its key is the signer's alone and in the signer's hands, and each change to signature or content can be found
out.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from hub.domain.china import china_day

WARN_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSeal:
    """The certificate that the hub seals with, as papers and pages name it.

    `serial` and `fingerprint`, the SHA-256 of the whole certificate, are in hex as `openssl x509` writes them, without
    colons.
    """

    subject: str
    serial: str
    fingerprint: str
    begins_at: datetime
    ends_at: datetime
    is_self_signed: bool

    @property
    def ends_on(self) -> date:
        """The day in China on which it ends."""
        return china_day(self.ends_at)

    def is_valid_at(self, at: datetime) -> bool:
        """Whether a signature made then is within the certificate's time."""
        return self.begins_at <= at < self.ends_at

    def ends_soon(self, at: datetime) -> bool:
        """Whether it has ended, or will within thirty days."""
        return at >= self.ends_at - WARN_BEFORE


class TimeStampAuthority(Protocol):
    """Who says when a signature was there, by RFC 3161."""

    def answer(self, query: bytes) -> bytes:
        """The DER of the answer to a query in DER; raises `TryAgain` where there is none just now."""


class PaperSigner(Protocol):
    """What seals a paper with the hub's key."""

    @property
    def seal(self) -> PaperSeal:
        """The certificate it signs with."""

    def sign(self, pdf: bytes, *, stamped: bool = True) -> bytes:
        """The paper with a PAdES signature over all its bytes, which are unchanged at the beginning.

        With a time stamp (level B-T) where there is an authority and `stamped` holds, otherwise without (B-B). Raises
        `TryAgain` where the authority gives none just now.
        """

    def check_stamps(self) -> None:
        """Raises `TryAgain` where an authority is asked for stamps and gives none just now."""
