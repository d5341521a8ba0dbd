"""One locked PDF of an application form and its evidence, bound in a child process that holds no secret of the hub.

The child's side is `hub.documents.binding`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, BinaryIO, Final

from hub.banks.port import Bundle, Enclosure
from hub.domain.errors import EvidenceDamaged, StoreFull, TryAgain
from hub.domain.evidence import MediaType
from hub.domain.labels import EVIDENCE_KINDS

# With Base64 and the mail around it just under 20 MiB, which mail servers commonly take.
MOST_BYTES: Final = 14 * 1024 * 1024
CPU_LIMIT_S: Final = 60
WALL_LIMIT_S: Final = 120.0


def bind(
    files: Sequence[Enclosure],
    password: str,
    *,
    most_bytes: int = MOST_BYTES,
    wall_limit_s: float = WALL_LIMIT_S,
) -> Bundle:
    """The files in their order as one PDF of at most `most_bytes` that `password` opens.

    A file that is damaged or that no reader takes is left out; where the whole is too large, or the reading ends in no
    time and memory that is due to it, all of them are. Raises `TryAgain` where the store or the machine is at fault.
    """
    with _in_memory("files") as contents, _in_memory("bundle") as out:
        taken = [each for each in files if each.media_type in set(MediaType)]
        listed = [copied for each in taken if (copied := _copied(each, contents)) is not None]
        if not listed:
            return Bundle(content=None, left_out=len(files))
        contents.seek(0)
        task = {
            "password": password,
            "files": listed,
            "cpu_s": CPU_LIMIT_S,
            "most_written": most_bytes,
        }
        if not _bound(task, contents, out, wall_limit_s):
            return Bundle(content=None, left_out=len(files))
        out.seek(0)
        header = json.loads(out.readline())
        return Bundle(content=out.read(), left_out=len(files) - len(listed) + int(header["left_out"]))


def _in_memory(name: str) -> BinaryIO:
    # Never on a disk: what is enciphered in the store is in the clear here.
    return os.fdopen(os.memfd_create(name), "w+b")


def _copied(file: Enclosure, contents: BinaryIO) -> dict[str, Any] | None:
    begins = contents.tell()
    try:
        contents.writelines(file.read())
    except EvidenceDamaged:
        contents.seek(begins)
        contents.truncate()
        return None
    except StoreFull as error:
        raise TryAgain("the evidence store does not answer") from error
    kind = EVIDENCE_KINDS.get(file.kind, "申请表")
    title = kind if file.kind not in EVIDENCE_KINDS else f"{kind}：{file.file_name}"
    return {"title": title, "media_type": file.media_type, "size": contents.tell() - begins}


def _bound(task: dict[str, Any], contents: BinaryIO, out: BinaryIO, wall_limit_s: float) -> bool:
    contents.flush()
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "hub.documents.binding", str(contents.fileno())],
            input=json.dumps(task).encode(),
            stdout=out,
            stderr=subprocess.DEVNULL,
            pass_fds=[contents.fileno()],
            # Nothing of the environment: it holds the hub's keys.
            env={},
            start_new_session=True,
            timeout=wall_limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    except OSError as error:
        raise TryAgain(f"binding the files cannot start: {error.strerror}") from error
    return done.returncode == 0
