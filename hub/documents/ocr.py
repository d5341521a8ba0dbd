"""What is written on a page, read by Tesseract in a child process that can only compute and holds no secret.

The child's side is `hub.documents.ocr_child`, and there is one for each page: a page that took its reader over has
nobody else's page to read.
"""

import os
import subprocess
import sys
from typing import BinaryIO, Final

from hub.documents.ocr_child import MOST_TEXT, NOT_THERE
from hub.domain.errors import TryAgain, Unusable

CHILD: Final = ("-I", "-m", "hub.documents.ocr_child")
WALL_LIMIT_S: Final = 30.0
"""A page of print takes one second of a processor."""
_PASSED_ON: Final = ("TESSDATA_PREFIX", "LD_LIBRARY_PATH")
_INSTALL: Final = "Tesseract does not read Chinese here: apt-get install tesseract-ocr tesseract-ocr-chi-sim"


def read_page(page: bytes, *, wall_limit_s: float = WALL_LIMIT_S) -> str:
    """The text of a JPEG, line by line; empty where there is none, or it cannot be read in that time.

    Raises Unusable where Tesseract is not installed, TryAgain where the machine has no process to spare.
    """
    return _answer(page, wall_limit_s) or ""


def version() -> str:
    """Which Tesseract reads Chinese here; raises Unusable where none does, TryAgain as `read_page`."""
    found = _answer(b"", WALL_LIMIT_S)
    if not found:
        raise Unusable("Tesseract does not start")
    return found


def _answer(page: bytes, wall_limit_s: float) -> str | None:
    """What the child wrote; None where it did not come to its end."""
    with _in_memory("page") as asked, _in_memory("text") as answered:
        asked.write(page)
        asked.seek(0)
        try:
            status = subprocess.run(
                [sys.executable, *CHILD],
                stdin=asked,
                stdout=answered,
                # What the library thinks of a page may quote it.
                stderr=subprocess.DEVNULL,
                # Nothing of the hub's environment: it holds the keys. One page has one processor.
                env={"OMP_THREAD_LIMIT": "1"} | {name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                start_new_session=True,
                timeout=wall_limit_s,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            return None
        except OSError as error:
            raise TryAgain("no process to read a page with") from error
        if status == NOT_THERE:
            raise Unusable(_INSTALL)
        answered.seek(0)
        return answered.read(MOST_TEXT).decode(errors="replace") if status == 0 else None


def _in_memory(name: str) -> BinaryIO:
    # Never on a disk: what is enciphered in the store is in the clear here.
    return os.fdopen(os.memfd_create(name, os.MFD_CLOEXEC), "w+b")
