"""Printing an agreement of 60 instalments with the child process warm."""

import os
import time

from hub.documents import printing
from hub.documents.agreement_document import html_of
from hub.domain.terms import Kind
from tests.bench import process_tree as processes
from tests.bench.tables import middle, table
from tests.documents.samples import agreement, terms_of

TARGET_S = 1.0


def measure(rounds: int) -> str:
    """The table."""
    html = html_of(agreement(terms=terms_of(Kind.INSTALMENTS, instalments=60)))
    printing.print_pdf(html)
    times, spent = list[float](), list[float]()
    for _ in range(rounds):
        started, before = time.perf_counter(), _cpu_s()
        size = len(printing.print_pdf(html))
        times.append(time.perf_counter() - started)
        spent.append(_cpu_s() - before)
    heads = ("", "s", "CPU s", "bytes", "target s")
    row = ("an agreement of 60 rows, warm", middle(times, ".2f"), middle(spent, ".2f"), size, TARGET_S)
    return f"Printing, {rounds} rounds\n\n" + table(heads, [row])


def _cpu_s() -> float:
    return processes.cpu_ms(processes.tree(os.getpid())) / 1000
