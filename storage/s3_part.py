"""The parts in which a file is sent to S3."""

import hashlib
import io
import time
from base64 import b64encode
from collections.abc import Iterator
from typing import Any, Final

PART_SIZE: Final = 5 * 1024 * 1024
"""The least that S3 takes of a part that is not the last, and so the most that is held in memory."""


class Part(io.BytesIO):
    """The part of a sealed file that is being sent: one buffer for all parts of a file.

    It can be read until an instant only, so that no slow server takes it for ever.
    """

    def __init__(self, *, until: float) -> None:
        super().__init__()
        self._until = until

    @property
    def size(self) -> int:
        return self.getbuffer().nbytes

    def digest(self, held: dict[str, Any]) -> dict[str, str]:
        """What S3 asks for beside an object that is held: its MD5."""
        if not held:
            return {}
        return {"ContentMD5": b64encode(hashlib.md5(self.getbuffer(), usedforsecurity=False).digest()).decode()}

    def fill(self, pieces: Iterator[bytes]) -> None:
        """The next pieces are in the buffer: 5 MiB and little more, less at the end, nothing after it."""
        self.seek(0)
        self.truncate()
        for piece in pieces:
            self.write(piece)
            if self.size >= PART_SIZE:
                break
        self.seek(0)

    def read(self, size: int | None = -1, /) -> bytes:
        if time.monotonic() > self._until:
            raise TimeoutError("the object store is too slow")
        return super().read(size)
