"""How long a caller may take over a request, on both servers. Whoever is slower holds no thread and loses the line.

An overall bound, not one a piece: who sends one byte each second is slow as well.
"""

import resource
from typing import Final

HEAD_WITHIN_S: Final = 20.0
"""From the first byte to the end of the headers; a kept connection without a request is closed after it, too."""
BODY_WITHIN_S: Final = 20.0
BODY_BYTES_A_SECOND: Final = 65_536
"""Half a megabit a second: slower than a line on which anybody would send a photograph."""
ANSWER_COUNTED_S: Final = 60.0
"""An answer on its way counts against the memory for bodies this long; when it has been taken whole, nobody says."""
MOST_CONNECTIONS: Final = 2_000
"""Of one process; further callers wait in the system's queue."""
_FILES_BESIDE: Final = 500
FINISH_WITHIN_S: Final = 20
"""Of a process that is asked to end, for what it has in hand."""


def body_within_s(size: int) -> float:
    """How long a body of `size` bytes may take."""
    return BODY_WITHIN_S + size / BODY_BYTES_A_SECOND


def allow_connections() -> None:
    """This process and those it forks may have all those connections open, where the system's hard limit lets them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _FILES_BESIDE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
