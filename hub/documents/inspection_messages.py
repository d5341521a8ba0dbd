"""What `inspection` and its child `decoding` tell each other: a task with descriptors beside it, and an answer.

Both are one packet of a socket that keeps packets apart.
"""

import json
from dataclasses import asdict, dataclass
from typing import Final, Self

from hub.domain.evidence import FileRejectionReason, MediaType

MESSAGE_SIZE: Final = 4096
"""No message is longer, in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A file to decode, in at most so many seconds of the processor and of the clock."""

    media_type: MediaType
    cpu_s: int
    wall_s: float

    def message(self) -> bytes:
        """The task as it travels."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def read(cls, message: bytes) -> Self:
        """The task that `message` made."""
        given = json.loads(message)
        return cls(media_type=MediaType(given["media_type"]), cpu_s=given["cpu_s"], wall_s=given["wall_s"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What decoding showed: why a file is not taken, or what failed that is not the file's fault.

    Of what is sound the `pages` of a PDF, or the type of a picture's clean copy.
    """

    reason: FileRejectionReason | None = None
    pages: int | None = None
    copied_as: MediaType | None = None
    fault: str | None = None

    def message(self) -> bytes:
        """The answer as it travels."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def read(cls, message: bytes) -> Self:
        """The answer that `message` made."""
        given = json.loads(message)
        reason, copied_as = given["reason"], given["copied_as"]
        return cls(
            reason=None if reason is None else FileRejectionReason(reason),
            pages=given["pages"],
            copied_as=None if copied_as is None else MediaType(copied_as),
            fault=given["fault"],
        )
