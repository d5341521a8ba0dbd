"""The communications log as a chain: what an entry's digest covers, and the check of a whole chain.

The text enters only as a salted digest, so erasing text and salt later leaves the chain whole.
`hub/documents/verify.py` is a second, independent implementation of the same rules.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from hub.domain.errors import InvalidValue
from hub.domain.plain import canonical

SALT_BYTES = 32
NO_PREVIOUS = "0" * 64
HEADER_KEYS = frozenset(
    {"negotiation", "sequence", "at", "channel", "party", "kind", "event", "from", "to"}
    | {"attachments", "content", "previous"}
)
LINE_KEYS = HEADER_KEYS | {"text", "salt", "digest"}
ERASED = "erased"
"""The kind of an entry that tells of an erasure, and of each attachment of it: see `erasure_of`."""
FILE = "evidence"
"""The kind of an attachment that is a file: the log is kept for ever, and never says that it is a diagnosis.

Entries of before name the kind that the file was given as.
"""

_SHA256_HEX = re.compile(r"[0-9a-f]{64}")
_SALT_HEX = re.compile(rf"[0-9a-f]{{{2 * SALT_BYTES}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that an entry carries, by what identifies its bytes. `size` in bytes."""

    id: str
    kind: str
    sha256: str
    size: int

    def __post_init__(self) -> None:
        _require_digest(self.sha256)
        if self.size < 0:
            raise InvalidValue("log_size")


def erasure_of(id_: str, digest: str) -> Attachment:
    """What an entry of the kind `ERASED` names of each thing that is gone: its id, and the digest the log has of it.

    Of the words of an entry these are its sequence number, in decimal, and its `content`; of a file, a paper or other
    contents the `id` and `sha256` of the attachment. What is missing and not named so was taken away unlawfully.
    """
    return Attachment(id=id_, kind=ERASED, sha256=digest, size=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """An entry's place and digest: who holds it can tell later whether the chain up to it was changed."""

    sequence: int
    digest: str

    def __post_init__(self) -> None:
        _require_digest(self.digest)
        if self.sequence < 1:
            raise InvalidValue("log_sequence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry's header: everything its digest covers, the text only by `content`."""

    negotiation: str
    sequence: int
    at: datetime
    channel: str
    party: str
    kind: str
    content: str
    previous: str
    event: str | None = None
    from_status: str | None = None
    to_status: str | None = None
    attachments: tuple[Attachment, ...] = ()

    def __post_init__(self) -> None:
        _require_digest(self.content)
        _require_digest(self.previous)
        if self.sequence < 1 or (self.sequence == 1) != (self.previous == NO_PREVIOUS):
            raise InvalidValue("log_sequence")
        if self.at.tzinfo is None:
            raise InvalidValue("log_time_without_offset")

    @property
    def header(self) -> dict[str, object]:
        """The header as the JSON object that is digested."""
        return {
            "negotiation": self.negotiation,
            "sequence": self.sequence,
            "at": utc_instant(self.at),
            "channel": self.channel,
            "party": self.party,
            "kind": self.kind,
            "event": self.event,
            "from": self.from_status,
            "to": self.to_status,
            "attachments": [
                {"id": file.id, "kind": file.kind, "sha256": file.sha256, "size": file.size}
                for file in self.attachments
            ],
            "content": self.content,
            "previous": self.previous,
        }

    @property
    def digest(self) -> str:
        """The digest that the next entry names as its `previous`."""
        return entry_digest(self.header)

    @property
    def head(self) -> Head:
        """The chain's head when this entry is its last."""
        return Head(sequence=self.sequence, digest=self.digest)

    def line(self, *, text: str | None, salt: bytes | None) -> dict[str, object]:
        """This entry as a line of `log.jsonl`; `text` and `salt` are both None once erased."""
        return {
            **self.header,
            "text": text,
            "salt": None if salt is None else salt.hex(),
            "digest": self.digest,
        }


class BreakReason(StrEnum):
    """What is wrong with a broken entry."""

    FORM = "form"  # not the keys or types a line has
    NEGOTIATION = "negotiation"  # an entry of another negotiation
    SEQUENCE = "sequence"  # an entry is missing, doubled, or out of place
    PREVIOUS = "previous"  # does not follow the entry before it
    CONTENT = "content"  # the text is not the one that was logged
    DIGEST = "digest"  # the header is not the one that was logged
    HEAD = "head"  # the chain is not the one whose head was noted
    SIGNED = "signed"  # nobody who holds the hub's keys wrote the chain's end
    COVERED = "covered"  # not the chain that a signed head covers
    ERASED = "erased"  # the text is missing, and no entry tells of its erasure


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The first entry that does not hold: `sequence` is the place where it should stand."""

    sequence: int
    reason: BreakReason


def content_digest(salt: bytes, text: str) -> str:
    """The hex SHA-256 of salt and text. The salt has a fixed length, so no byte can pass for the other's."""
    if len(salt) != SALT_BYTES:
        raise InvalidValue("log_salt_length", bytes=SALT_BYTES)
    return hashlib.sha256(salt + text.encode()).hexdigest()


def header_bytes(header: Mapping[str, object]) -> bytes:
    """The header in its one spelling: keys sorted, no blanks, UTF-8."""
    return canonical(header)


def entry_digest(header: Mapping[str, object]) -> str:
    """The hex SHA-256 of the header. The zero byte keeps it apart from digests over several entries."""
    return hashlib.sha256(b"\x00" + header_bytes(header)).hexdigest()


def verify(lines: Iterable[Mapping[str, object]], *, heads: Sequence[Head] = ()) -> Broken | None:
    """The first broken entry of one negotiation's chain, oldest first; None when every entry holds.

    A cut-off tail cannot be seen from the lines alone: give the `heads` that were noted elsewhere.
    """
    noted = {head.sequence: head.digest for head in heads}
    previous, negotiation, sequence = NO_PREVIOUS, None, 0
    missing: dict[int, object] = {}
    erased: set[object] = set()
    for sequence, line in enumerate(lines, start=1):
        reason = _break_of(line, sequence, previous, negotiation)
        if reason is None and noted.pop(sequence, line["digest"]) != line["digest"]:
            reason = BreakReason.HEAD
        if reason is not None:
            return Broken(sequence=sequence, reason=reason)
        previous, negotiation = str(line["digest"]), line["negotiation"]
        erased |= erased_in(line)
        if line["text"] is None:
            missing[sequence] = line["content"]
    if noted:
        return Broken(sequence=sequence + 1, reason=BreakReason.HEAD)
    unlawful = (place for place, content in missing.items() if content not in erased)
    return next((Broken(sequence=place, reason=BreakReason.ERASED) for place in unlawful), None)


def erased_in(line: Mapping[str, object]) -> set[object]:
    """The digests of what the entry says was erased; `line` is one that holds."""
    files = line["attachments"]
    if line["kind"] != ERASED or not isinstance(files, list):
        return set()
    return {file["sha256"] for file in files if file["kind"] == ERASED}


def _break_of(line: Mapping[str, object], sequence: int, previous: str, negotiation: object) -> BreakReason | None:
    if set(line) != LINE_KEYS or not _form_holds(line):
        return BreakReason.FORM
    header = {key: line[key] for key in HEADER_KEYS}
    try:
        digest = entry_digest(header)
    except (TypeError, ValueError):  # Not JSON, or half of a surrogate pair.
        return BreakReason.FORM
    checks = (
        (BreakReason.NEGOTIATION, negotiation in {None, line["negotiation"]}),
        (BreakReason.SEQUENCE, line["sequence"] == sequence),
        (BreakReason.PREVIOUS, line["previous"] == previous),
        (BreakReason.CONTENT, _content_holds(line)),
        (BreakReason.DIGEST, line["digest"] == digest),
    )
    return next((reason for reason, holds in checks if not holds), None)


def _form_holds(line: Mapping[str, object]) -> bool:
    texts = ("negotiation", "at", "channel", "party", "kind", "content", "previous", "digest")
    erasable = (line["text"], line["salt"])
    return (
        all(isinstance(line[key], str) for key in texts)
        and type(line["sequence"]) is int
        and isinstance(line["attachments"], list)
        and (erasable == (None, None) or all(isinstance(value, str) for value in erasable))
    )


def _content_holds(line: Mapping[str, object]) -> bool:
    text, salt = line["text"], line["salt"]
    if text is None:
        return True
    if not isinstance(text, str) or not isinstance(salt, str) or not _SALT_HEX.fullmatch(salt):
        return False
    try:
        return content_digest(bytes.fromhex(salt), text) == line["content"]
    except UnicodeEncodeError:
        return False


def utc_instant(at: datetime) -> str:
    """`at` as the log spells it: RFC 3339 in UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _require_digest(value: str) -> None:
    if not _SHA256_HEX.fullmatch(value):
        raise InvalidValue("log_digest")
