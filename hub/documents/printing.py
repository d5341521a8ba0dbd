"""HTML to PDF, in a child process that stays warm: this process neither imports WeasyPrint nor dies with it.

The child is `hub.documents.print_server`.
"""

import atexit
import os
import queue
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO

from hub.domain.errors import Unusable

TIMEOUT_S = 60.0
PRINT_SERVER = ("-m", "hub.documents.print_server")
DOCUMENTS_A_CHILD = 50  # WeasyPrint's memory grows with every document.
_ROOT = Path(__file__).parents[2]
_LENGTH = struct.Struct(">I")
_PRINTED = b"P"
# A record of a whole negotiation is a tenth of it.
MOST_PRINTED = 64 * 1024 * 1024
# The child has no business with the hub's secrets, which also live in the environment.
_PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
_PROBE = '<!doctype html><html lang="zh-CN"><title>试印</title><h1>协商还款</h1><p>还款协议 1,234.56 元</p></html>'
_APT_FIXES = (
    ("pango", "apt-get install libpango-1.0-0 libpangoft2-1.0-0"),
    ("gobject", "apt-get install libpango-1.0-0 libpangoft2-1.0-0"),
    ("harfbuzz", "apt-get install libharfbuzz-subset0"),
)


class ChildGoneError(Exception):
    """The child ended before it answered; the text is the last line it wrote."""


class Child:
    """One printing process, from its start to its end."""

    def __init__(self) -> None:
        self.printed = 0
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, *PRINT_SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            # Ctrl-C is for the hub, which lets a print end; the child goes when its pipe closes. It has no terminal.
            start_new_session=True,
        )

    def ask(self, request: bytes, timeout_s: float) -> bytes:
        """The answer to `request`; raises ChildGoneError when the child dies or takes too long."""
        watchdog = threading.Timer(timeout_s, self._process.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            return self._exchange(request)
        except BrokenPipeError as error:
            raise ChildGoneError(self._last_words()) from error
        finally:
            watchdog.cancel()

    def _exchange(self, request: bytes) -> bytes:
        pipe_in, pipe_out = self._process.stdin, self._process.stdout
        if pipe_in is None or pipe_out is None:
            raise ChildGoneError("it has no pipes")
        pipe_in.write(_LENGTH.pack(len(request)) + request)
        pipe_in.flush()
        head = pipe_out.read(_LENGTH.size)
        length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else 1
        if length > MOST_PRINTED:
            raise Unusable(f"the printer answers with {length} bytes")
        body = pipe_out.read(length)
        if len(body) < length:
            raise ChildGoneError(self._last_words())
        self.printed += 1
        return body

    def _last_words(self) -> str:
        self._process.wait()
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), f"exit {self._process.returncode}")

    def end(self) -> None:
        """The process is gone and nothing of it is left open."""
        self._process.kill()
        with self._process, self._complaints:
            # Leaving closes the pipes; bytes that a dead child did not take are dropped with them.
            pass


class Printer:
    """Prints one document at a time for any number of threads, with at most one child."""

    def __init__(self, *, timeout_s: float = TIMEOUT_S, documents_a_child: int = DOCUMENTS_A_CHILD) -> None:
        self._timeout_s = timeout_s
        self._documents_a_child = documents_a_child
        self.forget()

    def forget(self) -> None:
        """The printer is as new. For a forked process: the child belongs to the parent."""
        self._turn = threading.Lock()
        self._child: Child | None = None

    def close(self) -> None:
        """No child is left; the next print starts one."""
        with self._turn:
            self._end_child()

    def print_pdf(self, html: str) -> bytes:
        """The PDF of `html`; raises Unusable where it cannot be printed."""
        printed = self.ask(html.encode())
        if not printed.startswith(b"%PDF-"):
            raise Unusable("the printer answers with something else than a PDF")
        return printed

    def ask(self, request: bytes) -> bytes:
        """The child's answer. A child that dies is replaced once: the machine may have killed it."""
        with self._turn:
            try:
                return self._ask_child(request)
            except ChildGoneError:
                pass
            try:
                return self._ask_child(request)
            except ChildGoneError as error:
                raise Unusable(_advice(str(error))) from error

    def _ask_child(self, request: bytes) -> bytes:
        child = self._child
        if child is None:
            child = self._child = Child()
        try:
            answer = child.ask(request, self._timeout_s)
        except BaseException:
            # After a broken exchange nobody knows which answer comes next.
            self._end_child()
            raise
        printed = answer[:1] == _PRINTED
        # A child that failed may be short of memory for the next document.
        if not printed or child.printed >= self._documents_a_child:
            self._end_child()
        if not printed:
            raise Unusable(f"the document cannot be printed: {answer[1:].decode(errors='replace')}")
        return answer[1:]

    def _end_child(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class Printers:
    """Prints `count` documents at once, each with a child of its own that starts when it is first needed."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._all = [Printer() for _ in range(count)]
        # The one used last is taken first: its child is warm, and one that is not needed never starts.
        self._free: queue.LifoQueue[Printer] = queue.LifoQueue()
        for each in reversed(self._all):
            self._free.put(each)

    def print_pdf(self, html: str) -> bytes:
        """The PDF of `html`, once a printer is free; raises Unusable where it cannot be printed."""
        printer = self._free.get()
        try:
            return printer.print_pdf(html)
        finally:
            self._free.put(printer)

    def close(self) -> None:
        """No child is left; a print in hand is waited for."""
        for each in self._all:
            each.close()


def _advice(last_words: str) -> str:
    fix = next((fix for name, fix in _APT_FIXES if name in last_words.lower()), None)
    return f"printing does not work, {fix or 'see hub doctor'} ({last_words[:200]})"


_printer = Printer()
atexit.register(_printer.close)
os.register_at_fork(after_in_child=_printer.forget)


def print_pdf(html: str) -> bytes:
    """The PDF of `html`, the same bytes for the same input on the same machine.

    One document at a time, others wait. Raises Unusable where the document or the machine cannot print.
    """
    return _printer.print_pdf(html)


def fonts_ready() -> list[str]:
    """What keeps this machine from printing Chinese well and quickly; empty when nothing does."""
    try:
        fast = _printer.ask(b"") == b"True"
        _printer.print_pdf(_PROBE)
    except Unusable as error:
        return [str(error)]
    slow = "printing is twenty times too slow, apt-get install libharfbuzz-subset0"
    return [] if fast else [slow]


def print_seconds() -> float:
    """How long a small page takes once the child is warm."""
    _printer.print_pdf(_PROBE)
    started = time.perf_counter()
    _printer.print_pdf(_PROBE)
    return time.perf_counter() - started
