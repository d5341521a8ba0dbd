"""Bodies on their way in or out, while no thread is at them: in memory as long as there is room, then in a file."""

import tempfile
import threading
from io import BytesIO
from typing import IO


class Room:
    """Memory that all bodies of a process share."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._lock = threading.Lock()

    def take(self, size: int) -> bool:
        """Whether there was room for `size` bytes, which are taken then."""
        with self._lock:
            if size > self._left:
                return False
            self._left -= size
            return True

    def give_back(self, size: int) -> None:
        """Others may have those bytes."""
        with self._lock:
            self._left += size


class Body:
    """The bytes of one body. They are gone, and their room is free, once it is closed."""

    def __init__(self, room: Room) -> None:
        self.size = 0
        self._room = room
        self._taken = 0
        self._pieces: list[bytes] = []
        self._file: IO[bytes] | None = None

    def reserve(self, size: int) -> bool:
        """Whether there is room in memory for `size` bytes in all, which is kept for them."""
        if size > self._taken and self._room.take(size - self._taken):
            self._taken = size
        return size <= self._taken

    def add(self, piece: bytes) -> None:
        """`piece` comes last; raises `OSError` where it finds room neither in memory nor in a file."""
        self.size += len(piece)
        if self._file is None:
            if self.reserve(self.size):
                self._pieces.append(piece)
                return
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed with the body
            self._file.writelines(self._pieces)
            self._free()
        self._file.write(piece)

    def _free(self) -> None:
        self._pieces.clear()
        self._room.give_back(self._taken)
        self._taken = 0

    def opened(self) -> IO[bytes]:
        """The body as a file, read from its beginning. Nothing is added afterwards."""
        if self._file is None:
            return BytesIO(b"".join(self._pieces))
        self._file.seek(0)
        return self._file

    @property
    def path(self) -> str | None:
        """A path at which this process can open the body until it is closed; None where it is in memory."""
        if self._file is None:
            return None
        self._file.flush()
        return f"/dev/fd/{self._file.fileno()}"

    def close(self) -> None:
        """Gives back its room."""
        self._free()
        if self._file is not None:
            self._file.close()
