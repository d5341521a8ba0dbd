"""The floor of printing: WeasyPrint with nothing around it, a process a processor, each warm."""

import multiprocessing
import os
import time
from collections.abc import Sequence

from tests.bench import process_tree as processes

_WARM_UP = 4


def _print(html: str) -> int:
    # Late, so that the bench itself, which starts other processes, does not carry it.
    from weasyprint import HTML  # noqa: PLC0415

    return len(HTML(string=html).write_pdf(pdf_variant="pdf/ua-1"))


def print_all(documents: Sequence[str]) -> tuple[float, float]:
    """The seconds that all processors together take to print the documents, and the processor time in ms."""
    processors = os.cpu_count() or 1
    with multiprocessing.get_context("spawn").Pool(processors) as pool:
        pool.map(_print, [documents[0]] * processors * _WARM_UP, chunksize=1)
        started, before = time.perf_counter(), processes.cpu_ms(processes.tree(os.getpid()))
        pool.map(_print, documents, chunksize=1)
        return time.perf_counter() - started, processes.cpu_ms(processes.tree(os.getpid())) - before
