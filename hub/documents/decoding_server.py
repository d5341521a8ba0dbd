"""The server behind `hub.documents.inspection`: it forks a decoder for each file, and watches over those that run.

It holds no secret, and has loaded the libraries once. One decoder is always forked ahead and waits for its file, so
that nobody waits for the fork. Run as a program by `Inspector`; nothing else calls it.
"""

import gc
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.documents import decoding
from hub.documents.confinement import confine, die_with_parent, hide_memory
from hub.documents.inspection_messages import MESSAGE_SIZE, Answer, Task
from hub.documents.rejection import RejectedError
from hub.domain.evidence import MAX_COPY_SIZE, FileRejectionReason

NICENESS: Final = 5

# The file, where to answer, and where the clean copy and the thumbnail go.
_DESCRIPTORS: Final = 4


def serve(control: socket.socket) -> None:
    """Judges each file that comes through `control`, until its other end is closed and the last has its verdict.

    A message is a `Task` with four descriptors: the file, where to answer, and where the clean copy and the
    thumbnail go.
    """
    hide_memory()
    decoding.load_readers()
    # Whoever waits for an answer goes first; the verdict over a file can wait a moment.
    os.nice(NICENESS)
    decoding.rehearse()
    gc.collect()
    gc.freeze()
    _Server(control).run()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decoder:
    """A child process: `ended` is readable once it has, and through `line` it is told its task."""

    process: int
    ended: int
    line: socket.socket


@dataclass(frozen=True, slots=True, kw_only=True)
class _Running:
    """A decoder at work, until when it may be, and how long it had waited for a processor when it began."""

    process: int
    ended: int
    answer_to: int
    wall_s: float
    until: float
    had_waited_s: float


class _Server:
    def __init__(self, control: socket.socket) -> None:
        self._control: socket.socket | None = control
        self._running: dict[int, _Running] = {}
        self._next: _Decoder | None = None

    def run(self) -> None:
        self._next = self._forked()
        while self._control is not None or self._running:
            readable = self._readable()
            for ended in readable & self._running.keys():
                self._bury(self._running.pop(ended), in_time=True)
            now = time.monotonic()
            for late in [each for each in self._running.values() if each.until <= now]:
                self._bury(self._running.pop(late.ended), in_time=False)
            if self._control is not None and self._control.fileno() in readable:
                self._take(self._control)

    def _readable(self) -> set[int]:
        waiting = select.poll()
        for descriptor in (*self._running, *([] if self._control is None else [self._control.fileno()])):
            waiting.register(descriptor, select.POLLIN)
        first = min((each.until for each in self._running.values()), default=None)
        left_ms = None if first is None else max(0.0, first - time.monotonic()) * 1000
        return {descriptor for descriptor, _ in waiting.poll(left_ms)}

    def _take(self, control: socket.socket) -> None:
        message, descriptors, _, _ = socket.recv_fds(control, MESSAGE_SIZE, _DESCRIPTORS)
        if not message:
            control.close()
            self._control = None
            if self._next is not None:
                self._dismiss(self._next)
            return
        _, answer_to, *_ = descriptors
        try:
            decoder = self._given(message, descriptors)
            if decoder is not None:
                self._watch(decoder, Task.read(message), os.dup(answer_to))
        finally:
            _close(descriptors)
        self._next = self._forked()

    def _given(self, message: bytes, descriptors: list[int]) -> _Decoder | None:
        """The decoder that has the task now; None where the machine has none to spare, so that nobody answers."""
        for _ in range(2):
            decoder, self._next = self._next or self._forked(), None
            if decoder is None:
                return None
            try:
                socket.send_fds(decoder.line, [message], descriptors)
            except OSError:
                # The machine ended it while it waited.
                self._dismiss(decoder)
                continue
            decoder.line.close()
            return decoder
        return None

    def _watch(self, decoder: _Decoder, task: Task, answer_to: int) -> None:
        self._running[decoder.ended] = _Running(
            process=decoder.process,
            ended=decoder.ended,
            answer_to=answer_to,
            wall_s=task.wall_s,
            until=time.monotonic() + task.wall_s,
            had_waited_s=_waited_for_a_processor_s(decoder.process),
        )

    def _bury(self, running: _Running, *, in_time: bool) -> None:
        """A verdict was sent for the file, whatever became of its decoder; none if the machine is at fault."""
        starved = False
        if not in_time:
            # On a machine that had no processor to spare the time says nothing of the file, which is judged another
            # time.
            waited_s = _waited_for_a_processor_s(running.process) - running.had_waited_s
            starved = waited_s > 1 + running.wall_s / 4
            os.kill(running.process, signal.SIGKILL)
        status = os.waitpid(running.process, 0)[1]
        ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        if ended_by == signal.SIGXCPU or not (in_time or starved):
            _answer(running.answer_to, Answer(reason=FileRejectionReason.TOO_SLOW))
        elif ended_by is not None and ended_by != signal.SIGKILL:
            # The libraries below Python crash on some broken files. SIGKILL is the machine, short of memory.
            _answer(running.answer_to, Answer(reason=FileRejectionReason.UNREADABLE))
        _close([running.answer_to, running.ended])

    def _forked(self) -> _Decoder | None:
        """A decoder that waits for its file; None where the machine has no process to spare."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        server = os.getpid()
        try:
            process = os.fork()
        except OSError:
            ours.close()
            theirs.close()
            return None
        if process:
            theirs.close()
            return _Decoder(process=process, ended=os.pidfd_open(process), line=ours)
        status = 1
        try:
            die_with_parent(server)
            ours.close()
            self._forget_the_others()
            _wait_for_a_file(theirs)
            status = 0
        finally:
            os._exit(status)

    def _forget_the_others(self) -> None:
        # Who held where another file's verdict goes could give it.
        if self._control is not None:
            self._control.close()
        for each in self._running.values():
            _close([each.answer_to, each.ended])

    def _dismiss(self, decoder: _Decoder) -> None:
        decoder.line.close()
        os.waitpid(decoder.process, 0)
        os.close(decoder.ended)


def _wait_for_a_file(line: socket.socket) -> None:
    """In the decoder: all that it will need is its own by the time that its file comes."""
    decoding.rehearse()
    message, descriptors, _, _ = socket.recv_fds(line, MESSAGE_SIZE, _DESCRIPTORS)
    line.close()
    if message:
        _judge(Task.read(message), *descriptors)


def _judge(task: Task, file: int, answer_to: int, copy_to: int, thumbnail_to: int) -> None:
    # Libraries write what they think of a file to standard error.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with open(file, "rb", closefd=False) as stream:
        stream.seek(0)
        data = stream.read()
    # Opened while they can be; the process ends with them.
    copy, thumbnail = (open(each, "wb", closefd=False) for each in (copy_to, thumbnail_to))  # noqa: SIM115
    confine(task.cpu_s, most_written=MAX_COPY_SIZE)
    try:
        if task.page is None:
            answer = decoding.decode(data, task.media_type, copy, thumbnail)
        else:
            answer = decoding.draw(data, task.media_type, task.page, copy, thumbnail)
        copy.flush()
        thumbnail.flush()
    except RejectedError as rejected:
        answer = Answer(reason=rejected.reason)
    except Exception as error:  # noqa: BLE001 - told to the hub, which tries again
        answer = Answer(fault=type(error).__name__)
    _answer(answer_to, answer)


def _waited_for_a_processor_s(process: int) -> float:
    """How long the process stood ready to run, which is the second figure; 0.0 where the kernel does not count it."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def _answer(answer_to: int, answer: Answer) -> None:
    os.write(answer_to, answer.message())


def _close(descriptors: Iterable[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as inherited:
        serve(inherited)
