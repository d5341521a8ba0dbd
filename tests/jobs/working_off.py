"""What a worker does, done here and now: every file that waits is judged and every job that waits has run."""

from collections import deque
from collections.abc import Callable, Iterable

from hub.documents.printing import print_pdf
from hub.services.documents.printing import Printer
from hub.services.evidence.judging import Inspection
from hub.wiring import Hub
from hub.work.jobs import jobs_of, watches_of
from tests.jobs.draining import run_waiting


def taken_for_clean(chunks: Iterable[bytes], _media_type: object) -> None:
    """An inspection that reads a file to its end and finds nothing."""
    deque(chunks, maxlen=0)


def working_off(hub: Hub, *, inspect: Inspection | None = None, printer: Printer = print_pdf) -> Callable[[], int]:
    """A way to have nothing wait any more; it says how many jobs ran."""
    jobs, watches = jobs_of(hub, printer=printer), watches_of(hub, inspect=inspect).values()

    def work() -> int:
        ran = 0
        while True:
            found = [watch.run() for watch in watches]
            done = run_waiting(hub.database.engine, jobs)
            ran += done
            if not (done or any(found)):
                return ran

    return work
