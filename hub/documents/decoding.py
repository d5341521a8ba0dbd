"""Decoding files that nobody trusts: what runs in the child processes of `hub.documents.inspection`.

A server without secrets loads the libraries once and forks for each file: a decoder, confined before it
decodes a byte, and its watcher. Run as a program by `Inspector`; nothing else calls it.
"""

import errno
import gc
import io
import json
import os
import resource
import select
import signal
import socket
import sys
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import pikepdf
import pillow_heif
from PIL import Image, JpegImagePlugin, MpoImagePlugin, PngImagePlugin

from hub.domain.evidence import MediaType, RejectionReason

# Room for phones of "50 megapixels" (8192 x 6144); a decoded picture then takes 200 MB.
MAX_PIXELS: Final = 50 * 1024 * 1024
MAX_PAGES: Final = 200
MEMORY_LIMIT: Final = 1024 * 1024 * 1024
MESSAGE_SIZE: Final = 4096
NICENESS: Final = 5

# Pillow imports the second one only when it meets such a picture, which a decoder could not.
PICTURE_READERS: Final = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin)


class RejectedError(Exception):
    """The file cannot be taken, for `reason`."""

    def __init__(self, reason: RejectionReason) -> None:
        super().__init__(reason)
        self.reason = reason


def decode(data: bytes, media_type: MediaType) -> int | None:
    """Every byte that makes the pictures and pages was decoded; gives the number of pages of a PDF.

    Raises RejectedError. Any other error is a fault of this program or of its machine, never of the file.
    """
    try:
        return _DECODERS[media_type](data)
    except RejectedError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise RejectedError(RejectionReason.TOO_LARGE_PICTURE) from error
    except ImportError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE}:
            raise
        raise RejectedError(RejectionReason.UNREADABLE) from error


def confine(cpu_s: int, *, most_written: int = 0) -> None:
    """This process can open no file and no connection, and has little memory and time.

    No file that it holds open grows over `most_written` bytes.
    """
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_LIMIT),
        (resource.RLIMIT_FSIZE, most_written),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    # The soft limit sends SIGXCPU, which tells this end from others; the hard one kills.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))


def serve(control: socket.socket) -> None:
    """Forks for each file that comes through `control`, until its other end is closed.

    A message is JSON (`media_type`, `cpu_s`, `wall_s`) with two descriptors: the file, and where to answer.
    """
    load_readers()
    # Whoever waits for an answer goes first; the verdict over a file can wait a moment.
    os.nice(NICENESS)
    # The kernel buries the watchers.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MESSAGE_SIZE, 2)
        if not message:
            return
        try:
            _fork(partial(_watch, control, json.loads(message), *descriptors))
        finally:
            for descriptor in descriptors:
                os.close(descriptor)


def load_readers() -> None:
    """All that the libraries open or import by themselves is loaded: a decoder can open no file."""
    Image.preinit()
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    # qpdf opens the source of chance for the first PDF under AES-256 it writes or reads, and keeps it open.
    with pikepdf.new() as document:
        document.save(io.BytesIO(), encryption=pikepdf.Encryption(owner="owner", user=""))


def _watch(control: socket.socket, task: dict[str, Any], file: int, answer_to: int) -> None:
    """A verdict was sent for the file, whatever became of its decoder; none if the machine is at fault."""
    control.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    decoder = _fork(partial(_judge, task, file, answer_to))
    ended = select.poll()
    ended.register(os.pidfd_open(decoder), select.POLLIN)
    in_time = bool(ended.poll(task["wall_s"] * 1000))
    starved = False
    if not in_time:
        # On a machine that had no processor to spare the time says nothing of the file, which is judged another time.
        starved = _waited_for_a_processor_s(decoder) > 1 + task["wall_s"] / 4
        os.kill(decoder, signal.SIGKILL)
    status = os.waitpid(decoder, 0)[1]
    ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    if ended_by == signal.SIGXCPU or not (in_time or starved):
        _answer(answer_to, reason=RejectionReason.TOO_SLOW)
    elif ended_by is not None and ended_by != signal.SIGKILL:
        # The libraries below Python crash on some broken files. SIGKILL is the machine, short of memory.
        _answer(answer_to, reason=RejectionReason.UNREADABLE)


def _waited_for_a_processor_s(process: int) -> float:
    """How long the process stood ready to run, which is the second figure; 0.0 where the kernel does not count it."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def _judge(task: dict[str, Any], file: int, answer_to: int) -> None:
    # Libraries write what they think of a file to standard error.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with open(file, "rb", closefd=False) as stream:
        stream.seek(0)
        data = stream.read()
    confine(task["cpu_s"])
    try:
        pages = decode(data, MediaType(task["media_type"]))
    except RejectedError as rejected:
        _answer(answer_to, reason=rejected.reason)
    except Exception as error:  # noqa: BLE001 - told to the hub, which tries again
        _answer(answer_to, fault=type(error).__name__)
    else:
        _answer(answer_to, pages=pages)


def _answer(
    answer_to: int,
    *,
    reason: RejectionReason | None = None,
    pages: int | None = None,
    fault: str | None = None,
) -> None:
    os.write(answer_to, json.dumps({"reason": reason, "pages": pages, "fault": fault}).encode())


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


def _decode_jpeg(data: bytes) -> None:
    stream = io.BytesIO(data)
    with Image.open(stream, formats=["JPEG"]) as picture:
        # libjpeg makes up grey for zeros in the place of data, but nothing makes up the end mark.
        if data.find(b"\xff\xd9", stream.tell()) < 0:
            raise RejectedError(RejectionReason.UNREADABLE)
        # At an eighth of the size every byte is still decoded, in half the time.
        picture.draft("RGB", (max(1, picture.width // 8), max(1, picture.height // 8)))
        picture.load()


def _decode_png(data: bytes) -> None:
    if b"IEND" not in data[-1024:]:
        raise RejectedError(RejectionReason.UNREADABLE)
    with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
        picture.load()


def _decode_heic(data: bytes) -> None:
    # libheif makes up what a broken download left at zero.
    if len(data.rstrip(b"\x00")) < len(data) * 15 // 16:
        raise RejectedError(RejectionReason.UNREADABLE)
    with Image.open(io.BytesIO(data), formats=["HEIF"]) as picture:
        picture.load()


def _decode_pdf(data: bytes) -> int:
    # Some programs pad a file with zeros; the end of a PDF is then too far up to be found.
    stream = io.BytesIO(data.rstrip(b"\x00"))
    try:
        with pikepdf.open(stream, access_mode=pikepdf.AccessMode.stream) as document:
            count = len(document.pages)
            if count > MAX_PAGES:
                raise RejectedError(RejectionReason.TOO_MANY_PAGES)
            if count == 0 or any("file is damaged" in str(warning) for warning in document.get_warnings()):
                raise RejectedError(RejectionReason.UNREADABLE)
            for page in document.pages:
                _read_contents(page.obj)
            return count
    except pikepdf.PasswordError as error:
        raise RejectedError(RejectionReason.PASSWORD) from error
    except MemoryError as error:
        raise RejectedError(RejectionReason.UNREADABLE) from error


def _read_contents(page: pikepdf.Object) -> None:
    contents = page.get("/Contents")
    for stream in contents if isinstance(contents, pikepdf.Array) else [contents]:
        if stream is not None:
            stream.read_bytes()


_DECODERS: Final[dict[MediaType, Callable[[bytes], int | None]]] = {
    MediaType.PDF: _decode_pdf,
    MediaType.JPEG: _decode_jpeg,
    MediaType.PNG: _decode_png,
    MediaType.HEIC: _decode_heic,
}


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as inherited:
        serve(inherited)
