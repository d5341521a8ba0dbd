"""Judging a file by decoding every byte of it, in a child process that can be killed and holds no secret.

The child's side is `hub.documents.decoding`. multiprocessing's fork server is not used: it hands the hub's
environment, with its keys, to the decoder, and imports the hub's main program anew for each file.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import BinaryIO, Final, Self

from hub.documents.inspection_messages import MESSAGE_SIZE, Answer, Task
from hub.domain.errors import TryAgain
from hub.domain.evidence import MAX_COPY_SIZE, MAX_THUMBNAIL_SIZE, PICTURES, CleanCopy, FileRejectionReason, MediaType

CPU_LIMIT_S: Final = 10
WALL_LIMIT_S: Final = 20
# A picture is made anew after it was read; the largest that are taken need most of it.
_PICTURES_TAKE: Final = 2
# What forking and answering may take beside the decoding, on a machine that is busy.
_GRACE_S: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What decoding a file showed: either it is `ok`, or there is a `reason`.

    Of what is ok `pages` of a PDF, and of a picture its clean copy.
    """

    ok: bool
    reason: FileRejectionReason | None
    pages: int | None
    copy: CleanCopy | None = field(default=None, compare=False, repr=False)


class Inspector:
    """Judges files, each in a process of its own. Safe to share between threads.

    The limits are those of a PDF; a picture has twice as much.

    To be closed, or used as a context. The server is started with the first file, and again if it has died.
    """

    def __init__(self, *, cpu_limit_s: int = CPU_LIMIT_S, wall_limit_s: float = WALL_LIMIT_S) -> None:
        self._cpu_limit_s = cpu_limit_s
        self._wall_limit_s = wall_limit_s
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._server: subprocess.Popen[bytes] | None = None

    def inspect(self, chunks: Iterable[bytes], media_type: MediaType) -> Verdict:
        """The verdict over the file that `chunks` make; at most twice `wall_limit_s` and a little later.

        The whole file is held in memory meanwhile: the caller has bounded it. Raises TryAgain when the
        machine and not the file is at fault, and whatever `chunks` raises.
        """
        with _in_memory("evidence") as file, _in_memory("clean-copy") as copy, _in_memory("thumbnail") as thumbnail:
            file.writelines(chunks)
            file.flush()
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with ours:
                with theirs:
                    descriptors = [each.fileno() for each in (file, theirs, copy, thumbnail)]
                    task = self._task(media_type)
                    self._hand_over(task.message(), descriptors)
                ours.settimeout(task.wall_s + _GRACE_S)
                return _verdict(ours, copy, thumbnail)

    def _task(self, media_type: MediaType) -> Task:
        times = _PICTURES_TAKE if media_type in PICTURES else 1
        return Task(media_type=media_type, cpu_s=self._cpu_limit_s * times, wall_s=self._wall_limit_s * times)

    def close(self) -> None:
        """The server has ended; files in hand are still judged. The next file would start another."""
        with self._lock:
            self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _hand_over(self, message: bytes, descriptors: list[int]) -> None:
        with self._lock:
            control = self._control or self._start()
            try:
                socket.send_fds(control, [message], descriptors)
            except OSError:
                # The server died since the last file; one that dies again is not the file's fault either.
                self._stop()
                try:
                    socket.send_fds(self._start(), [message], descriptors)
                except OSError as error:
                    raise TryAgain("the inspection server does not stay up") from error

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._server = subprocess.Popen(
                [sys.executable, "-I", "-m", "hub.documents.decoding", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                # Nothing of the environment: it holds the hub's keys.
                env={},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # Ctrl-C at the terminal is the hub's to hear; the server ends when the hub's end is closed.
                start_new_session=True,
            )
        self._control = ours
        return ours

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._server is not None:
            self._server.wait()
        self._control = self._server = None


def _in_memory(name: str) -> BinaryIO:
    # Never on a disk: what is enciphered in the store is in the clear here.
    return os.fdopen(os.memfd_create(name), "w+b")


def _verdict(answers: socket.socket, copy: BinaryIO, thumbnail: BinaryIO) -> Verdict:
    try:
        message = answers.recv(MESSAGE_SIZE)
    except OSError as error:
        raise TryAgain("the inspection did not answer") from error
    if not message:
        raise TryAgain("the inspection ended without a verdict")
    answer = Answer.read(message)
    if answer.fault is not None:
        raise TryAgain(f"the inspection failed: {answer.fault}")
    made: CleanCopy | None = None
    if answer.copied_as is not None:
        copy.seek(0)
        thumbnail.seek(0)
        made = CleanCopy(
            media_type=answer.copied_as,
            content=copy.read(MAX_COPY_SIZE),
            thumbnail=thumbnail.read(MAX_THUMBNAIL_SIZE),
        )
    return Verdict(ok=answer.reason is None, reason=answer.reason, pages=answer.pages, copy=made)
