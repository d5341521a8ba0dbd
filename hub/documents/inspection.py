"""Judging a file by decoding every byte of it, in a child process that can be killed and holds no secret.

The child's side is `hub.documents.decoding_server`. multiprocessing's fork server is not used: it hands the hub's
environment, with its keys, to the decoder, and imports the hub's main program anew for each file.
"""

import fcntl
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import BinaryIO, Final, Self

from hub.documents.answer_checks import ForgedAnswerError, clean_copy_of, pages_of, thumbnail_of
from hub.documents.inspection_messages import MESSAGE_SIZE, Answer, Task
from hub.domain.errors import TryAgain
from hub.domain.evidence import PICTURES, CleanCopy, FileRejectionReason, MediaType
from hub.domain.viewing import ViewingPage

_log = logging.getLogger(__name__)

CPU_LIMIT_S: Final = 10
WALL_LIMIT_S: Final = 20
# A picture is made anew after it was read; the largest that are taken need most of it.
_PICTURES_TAKE: Final = 2
SERVER: Final = ("-I", "-m", "hub.documents.decoding_server")
# Memory for pictures in large pages, kept once it is there: a decoder that asks the kernel for each page of 4 KiB takes
# half as long again. Other C libraries pass over it.
SERVER_ENVIRONMENT: Final = {
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=1073741824"
}
_MOST_OF_A_FAULT: Final = 60
# What forking and answering may take beside the decoding, on a machine that is busy.
_GRACE_S: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What decoding a file showed: either it is `ok`, or there is a `reason`.

    Of what is ok its clean copy, and of a PDF how many `pages` it has.
    """

    ok: bool
    reason: FileRejectionReason | None
    pages: int | None
    copy: CleanCopy | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What became of one page of a PDF, or of a picture: the pages to look at, or a `reason` why there are none.

    `count`: how many pages the PDF has, or the picture makes; 0 where it is not known.
    """

    reason: FileRejectionReason | None
    pages: tuple[ViewingPage, ...]
    count: int
    thumbnail: bytes | None


class Inspector:
    """Judges files, and draws their pages, each in a process of its own. Safe to share between threads.

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
            _fill(file, chunks)
            try:
                answer = self._answer(self._task(media_type), file, copy, thumbnail)
                made = clean_copy_of(answer, media_type, copy, thumbnail)
            except ForgedAnswerError:
                _tell_of_a_forgery()
                return Verdict(ok=False, reason=FileRejectionReason.UNREADABLE, pages=None)
            return Verdict(ok=answer.reason is None, reason=answer.reason, pages=answer.pages, copy=made)

    def draw(self, chunks: Iterable[bytes], media_type: MediaType) -> Iterator[Drawing]:
        """The pages of the file that `chunks` make, each page of a PDF by itself, a picture at once.

        The whole file is held in memory meanwhile, and no page but those given. A page may take as long as a file may
        for its verdict. Raises as `inspect` does.
        """
        with _in_memory("evidence") as file:
            _fill(file, chunks)
            number, count = 1, 1
            while number <= count:
                with _in_memory("page") as out, _in_memory("thumbnail") as thumbnail:
                    drawing = self._drawing(self._task(media_type, number), file, out, thumbnail)
                count = drawing.count if media_type == MediaType.PDF and drawing.count else count
                yield drawing
                number += 1

    def _drawing(self, task: Task, file: BinaryIO, out: BinaryIO, thumbnail: BinaryIO) -> Drawing:
        try:
            answer = self._answer(task, file, out, thumbnail)
            pages, small = pages_of(answer, task.media_type, out), thumbnail_of(thumbnail)
        except ForgedAnswerError:
            _tell_of_a_forgery()
            return Drawing(reason=FileRejectionReason.UNREADABLE, pages=(), count=0, thumbnail=None)
        return Drawing(reason=answer.reason, pages=pages, count=answer.pages or 0, thumbnail=small)

    def _task(self, media_type: MediaType, page: int | None = None) -> Task:
        times = _PICTURES_TAKE if media_type in PICTURES else 1
        return Task(
            media_type=media_type, cpu_s=self._cpu_limit_s * times, wall_s=self._wall_limit_s * times, page=page
        )

    def _answer(self, task: Task, file: BinaryIO, out: BinaryIO, thumbnail: BinaryIO) -> Answer:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours:
            with theirs:
                self._hand_over(task.message(), [each.fileno() for each in (file, theirs, out, thumbnail)])
            ours.settimeout(task.wall_s + _GRACE_S)
            return _received(ours)

    def close(self) -> None:
        """The server has ended, once the files in hand were judged. The next file would start another."""
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
                [sys.executable, *SERVER, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                # Nothing of the hub's environment: it holds the keys.
                env=SERVER_ENVIRONMENT,
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
    return os.fdopen(os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), "w+b")


def _fill(file: BinaryIO, chunks: Iterable[bytes]) -> None:
    """The file is written, and nobody changes it any more: the next page's decoder reads what this one's read."""
    file.writelines(chunks)
    file.flush()
    fcntl.fcntl(file, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK)


def _received(answers: socket.socket) -> Answer:
    try:
        message = answers.recv(MESSAGE_SIZE)
    except OSError as error:
        raise TryAgain("the inspection did not answer") from error
    if not message:
        raise TryAgain("the inspection ended without a verdict")
    try:
        answer = Answer.read(message)
    except ValueError as error:
        raise ForgedAnswerError from error
    if answer.fault is not None:
        raise TryAgain(f"the inspection failed: {answer.fault[:_MOST_OF_A_FAULT]}")
    return answer


def _tell_of_a_forgery() -> None:
    _log.warning("a decoder gave an answer that none gives: its file is not taken")
