"""Decoding files that nobody trusts: what runs in the child processes of `hub.documents.inspection`.

A server without secrets loads the libraries once and forks for each file: a decoder, confined before it
decodes a byte, and its watcher. Run as a program by `Inspector`; nothing else calls it.
"""

import errno
import gc
import io
import os
import select
import signal
import socket
import sys
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

import pikepdf
import pillow_heif
from PIL import Image, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin

from hub.documents import pdfs, pictures
from hub.documents.confinement import confine
from hub.documents.inspection_messages import MESSAGE_SIZE, Answer, Task
from hub.documents.rejection import RejectedError
from hub.domain.evidence import MAX_COPY_SIZE, FileRejectionReason, MediaType

NICENESS: Final = 5

# Pillow imports some of them only when it meets such a picture, which a decoder could not.
PICTURE_READERS: Final = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)


def decode(data: bytes, media_type: MediaType, copy: BinaryIO, thumbnail: BinaryIO) -> Answer:
    """Every byte that makes the pictures and pages was decoded; a picture's clean copy and thumbnail are in theirs.

    Raises RejectedError. Any other error is a fault of this program or of its machine, never of the file.
    """
    try:
        if media_type == MediaType.PDF:
            return Answer(pages=pdfs.count_pages(data))
        picture = pictures.read(data, media_type)
        thumbnail.write(pictures.thumbnail(picture))
        return Answer(copied_as=pictures.write_copy(picture, media_type, copy))
    except RejectedError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise RejectedError(FileRejectionReason.TOO_LARGE_PICTURE) from error
    except ImportError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE}:
            raise
        raise RejectedError(FileRejectionReason.UNREADABLE) from error


def serve(control: socket.socket) -> None:
    """Forks for each file that comes through `control`, until its other end is closed.

    A message is a `Task` with four descriptors: the file, where to answer, and where the clean copy of a picture and
    its thumbnail go.
    """
    load_readers()
    # Whoever waits for an answer goes first; the verdict over a file can wait a moment.
    os.nice(NICENESS)
    # The kernel buries the watchers.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MESSAGE_SIZE, 4)
        if not message:
            return
        try:
            _fork(partial(_watch, control, Task.read(message), *descriptors))
        finally:
            for descriptor in descriptors:
                os.close(descriptor)


def load_readers() -> None:
    """All that the libraries open or import by themselves is loaded: a decoder can open no file."""
    Image.preinit()
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = pictures.MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    # qpdf opens the source of chance for the first PDF under AES-256 it writes or reads, and keeps it open.
    with pikepdf.new() as document:
        document.save(io.BytesIO(), encryption=pikepdf.Encryption(owner="owner", user=""))


def _watch(control: socket.socket, task: Task, file: int, answer_to: int, copy_to: int, thumbnail_to: int) -> None:
    """A verdict was sent for the file, whatever became of its decoder; none if the machine is at fault."""
    control.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    decoder = _fork(partial(_judge, task, file, answer_to, copy_to, thumbnail_to))
    ended = select.poll()
    ended.register(os.pidfd_open(decoder), select.POLLIN)
    in_time = bool(ended.poll(task.wall_s * 1000))
    starved = False
    if not in_time:
        # On a machine that had no processor to spare the time says nothing of the file, which is judged another time.
        starved = _waited_for_a_processor_s(decoder) > 1 + task.wall_s / 4
        os.kill(decoder, signal.SIGKILL)
    status = os.waitpid(decoder, 0)[1]
    ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    if ended_by == signal.SIGXCPU or not (in_time or starved):
        _answer(answer_to, Answer(reason=FileRejectionReason.TOO_SLOW))
    elif ended_by is not None and ended_by != signal.SIGKILL:
        # The libraries below Python crash on some broken files. SIGKILL is the machine, short of memory.
        _answer(answer_to, Answer(reason=FileRejectionReason.UNREADABLE))


def _waited_for_a_processor_s(process: int) -> float:
    """How long the process stood ready to run, which is the second figure; 0.0 where the kernel does not count it."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


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
        answer = decode(data, task.media_type, copy, thumbnail)
        copy.flush()
        thumbnail.flush()
    except RejectedError as rejected:
        answer = Answer(reason=rejected.reason)
    except Exception as error:  # noqa: BLE001 - told to the hub, which tries again
        answer = Answer(fault=type(error).__name__)
    _answer(answer_to, answer)


def _answer(answer_to: int, answer: Answer) -> None:
    os.write(answer_to, answer.message())


def _fork(work: Callable[[], None]) -> int:
    """The id of a new process that does `work` and ends, without running anything of this one's."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as inherited:
        serve(inherited)
