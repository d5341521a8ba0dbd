"""What a worker does, done here and now: every file that waits is judged and every job that waits has run."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from PIL import Image

from hub.documents.inspection import Drawing
from hub.documents.printing import print_pdf
from hub.domain.evidence import CleanCopy, MediaType
from hub.domain.viewing import ViewingPage
from hub.services.documents.printing import Printer
from hub.services.evidence.judging import Inspection
from hub.wiring import Hub
from hub.work.jobs import jobs_of, watches_of
from tests.documents.pictures import written
from tests.jobs.draining import run_waiting


def taken_for_clean(chunks: Iterable[bytes], media_type: MediaType | None) -> CleanCopy | None:
    """An inspection that reads a file to its end and finds nothing; its copy is as the file is."""
    content = b"".join(chunks)
    return None if media_type is None else CleanCopy(media_type=media_type, content=content)


def drawn_as_one_page(chunks: Iterable[bytes], _media_type: object) -> Iterator[Drawing]:
    """A drawing that reads a file to its end and shows a grey page."""
    deque(chunks, maxlen=0)
    page = ViewingPage(width=16, height=23, content=written(Image.new("L", (16, 23), "gray"), "JPEG"))
    yield Drawing(reason=None, pages=(page,), count=1, thumbnail=page.content)


def working_off(hub: Hub, *, inspect: Inspection | None = None, printer: Printer = print_pdf) -> Callable[[], int]:
    """A way to have nothing wait any more; it says how many jobs ran."""
    # Where files are not really looked into, their pages are not really drawn either.
    draw = None if inspect is None else drawn_as_one_page
    jobs, watches = jobs_of(hub, printer=printer), watches_of(hub, inspect=inspect, draw=draw).values()

    def work() -> int:
        ran = 0
        while True:
            found = [watch.run() for watch in watches]
            done = run_waiting(hub.database.engine, jobs)
            ran += done
            if not (done or any(found)):
                return ran

    return work
