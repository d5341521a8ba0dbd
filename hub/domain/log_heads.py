"""Heads of the log: what the hub signs of all its chains at one moment, for others to keep.

Whoever holds an old head can tell later whether anything that it covers was changed, cut off or written anew, also by
people who hold the hub's keys. A head says nothing of any person.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from enum import StrEnum
from typing import Any, Final

from hub.domain import merkle
from hub.domain.errors import InvalidValue
from hub.domain.log_chain import NO_PREVIOUS
from hub.domain.plain import Plain, canonical, instant

ACCESSES: Final = "access"
AUDIT: Final = "audit"
"""Names of the two chains that are no negotiation's; that of a negotiation is its id."""

_KEYS = frozenset({"number", "at", "entries", "root", "previous", "key_id", "signature"})
_SHA256_HEX = re.compile(r"[0-9a-f]{64}")
_KEY_ID = re.compile(r"[0-9a-f]{16}")
_SIGNATURE = re.compile(r"[0-9a-f]{128}")
_PRINTED = re.compile(r"([1-9][0-9]{0,8}):([0-9a-f]{64})")
# A head holds no braces of its own.
_OBJECT = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainEnd:
    """Where a chain ended when a head was signed: its name, how many entries it had, and the digest of the last."""

    chain: str
    length: int
    head: str

    @property
    def leaf(self) -> bytes:
        """The node that stands for it in the tree of every head from then on."""
        return merkle.leaf_hash(canonical({"chain": self.chain, "length": self.length, "head": self.head}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsigned:
    """What is signed. `at` is RFC 3339; `entries`: of all chains together; `root`: hex, over the ends of all chains.

    The tree's leaves are the ends of chains in the order in which heads covered them. Each head adds, sorted by the
    chain's name, the end of every chain that has grown since the head before. `previous` is the digest of that head,
    and 64 zeros in the first.
    """

    number: int
    at: str
    entries: int
    root: str
    previous: str
    key_id: str

    def __post_init__(self) -> None:
        holds = (
            type(self.number) is int
            and self.number >= 1
            and type(self.entries) is int
            and self.entries >= 0
            and all(isinstance(each, str) for each in (self.at, self.root, self.previous, self.key_id))
            and _SHA256_HEX.fullmatch(self.root)
            and _SHA256_HEX.fullmatch(self.previous)
            and (self.number == 1) == (self.previous == NO_PREVIOUS)
            and _KEY_ID.fullmatch(self.key_id)
        )
        if not holds:
            raise InvalidValue("log_head")
        try:
            whole = datetime.fromisoformat(self.at).tzinfo is not None
        except ValueError:
            whole = False
        if not whole:
            raise InvalidValue("log_head")

    @property
    def plain(self) -> Plain:
        """The head without its signature, as the JSON object whose one spelling is signed."""
        names = ("number", "at", "entries", "root", "previous", "key_id")
        return {name: getattr(self, name) for name in names}

    @property
    def signed_bytes(self) -> bytes:
        """What the signature is made over."""
        return canonical(self.plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head(Unsigned):
    """A head with its Ed25519 signature in hex. That the signature holds is for who has the key to say."""

    signature: str

    def __post_init__(self) -> None:
        # Named whole: a dataclass with slots is made anew, and `super()` would ask the one before it.
        Unsigned.__post_init__(self)
        if not isinstance(self.signature, str) or not _SIGNATURE.fullmatch(self.signature):
            raise InvalidValue("log_head")

    @property
    def whole(self) -> Plain:
        """The head as it is given out."""
        return {**self.plain, "signature": self.signature}

    @property
    def digest(self) -> str:
        """The hex SHA-256 that the next head names as its `previous`; it covers the signature too."""
        return hashlib.sha256(canonical(self.whole)).hexdigest()

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> "Head":
        """The head that `whole` wrote; raises `InvalidValue` for anything else."""
        if set(data) != _KEYS:
            raise InvalidValue("log_head")
        return cls(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedHead:
    """What a paper shows of a head: enough to tell it from any other, not to check its signature."""

    number: int
    root: str

    @classmethod
    def parse(cls, text: str) -> "PrintedHead":
        """From `NUMBER:ROOT` as it is copied from a paper, blanks and line ends and all; raises `InvalidValue`."""
        match = _PRINTED.fullmatch("".join(text.split()).lower())
        if match is None:
            raise InvalidValue("log_head")
        return cls(number=int(match[1]), root=match[2])

    @classmethod
    def of(cls, head: Head) -> "PrintedHead":
        """What a paper would show of that head."""
        return cls(number=head.number, root=head.root)

    def __str__(self) -> str:
        return f"{self.number}:{self.root}"


def unsigned(*, number: int, at: datetime, entries: int, root: bytes, previous: str, key_id: str) -> Unsigned:
    """The head of that moment, to the second, ready to be signed."""
    return Unsigned(number=number, at=instant(at), entries=entries, root=root.hex(), previous=previous, key_id=key_id)


def heads_in(content: bytes) -> list[Head]:
    """Every head in a file that somebody kept, in its order: a mail, an answer of the API, lines of JSON.

    Raises `InvalidValue` for something that has the keys of a head and is none.
    """
    found = [Head.parse(data) for text in _texts_in(content) for data in _objects_in(text) if set(data) == _KEYS]
    # The same head stands in the words of a mail and in the file that is enclosed.
    return list(dict.fromkeys(found))


def _texts_in(content: bytes) -> Iterator[str]:
    message = message_from_bytes(content, policy=policy.default)
    if "Content-Type" not in message:
        yield content.decode("utf-8", "replace")
        return
    for part in message.walk():
        payload = part.get_payload(decode=True)
        if part.get_content_type() in {"text/plain", "application/json"} and isinstance(payload, bytes):
            yield payload.decode("utf-8", "replace")


def _objects_in(text: str) -> Iterator[dict[str, Any]]:
    for found in _OBJECT.finditer(text):
        try:
            data = json.loads(found[0])
        except ValueError:
            continue
        if isinstance(data, dict):
            yield data


def row_digest(*, log: str, sequence: int, previous: str, row: Mapping[str, Any]) -> str:
    """The digest of a row of the access log or of the audit at its place: it covers all of the row and what was before.

    The zero byte keeps it apart from digests over several entries.
    """
    header = {"log": log, "sequence": sequence, "previous": previous, "row": dict(row)}
    return hashlib.sha256(b"\x00" + canonical(header)).hexdigest()


class HeadFault(StrEnum):
    """What is wrong with a head, or with what it covers."""

    SIGNATURE = "signature"  # nobody who holds the hub's keys signed it, or it was changed since
    KEY = "key"  # signed with a key that the hub does not hold
    NUMBER = "number"  # a head is missing, or the hub has none of that number
    PREVIOUS = "previous"  # does not follow the head before it
    OTHER = "other"  # the hub has another head of that number
    ROOT = "root"  # not the root over the ends that the hub has noted
    ENTRIES = "entries"  # not the number of entries that those ends come to


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenHead:
    """A head that does not hold."""

    number: int
    fault: HeadFault


@dataclass(frozen=True, slots=True, kw_only=True)
class LostHead:
    """A head from outside that a restore lost, as it is on record: no fault."""

    number: int


LOST_BY_RESTORING: Final = frozenset({HeadFault.NUMBER, HeadFault.OTHER})
"""What is found of a sound head that the log of a restored hub does not hold any more."""


def signature_fault(*, holds: bool | None) -> HeadFault | None:
    """What is wrong with a head by itself.

    `holds` says of its signature whether it does; None where it was made with a key that is not the hub's.
    """
    if holds is None:
        return HeadFault.KEY
    return None if holds else HeadFault.SIGNATURE


def outside_fault(head: Head, own: Head | None, *, holds: bool | None) -> HeadFault | None:
    """What is wrong with a head from outside, where `own` is the hub's of its number; `holds` as above."""
    by_itself = signature_fault(holds=holds)
    if by_itself is not None or own == head:
        return by_itself
    return HeadFault.NUMBER if own is None else HeadFault.OTHER
