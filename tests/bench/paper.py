"""Printing an agreement of 60 instalments with the child process warm, beside bare WeasyPrint."""

import os
import time

from hub.documents import printing
from hub.documents.agreement_document import html_of
from hub.domain.terms import Kind
from tests.bench import process_tree as processes
from tests.bench.bare_printing import print_all
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
    _, bare_ms = print_all([html] * rounds)
    heads = ("an agreement of 60 rows, warm", "s", "CPU s", "to floor", "bytes", "target s")
    rows = [
        ("bare WeasyPrint", "-", f"{bare_ms / 1000 / rounds:.2f}", "1", "-", "-"),
        (
            "hub",
            middle(times, ".2f"),
            middle(spent, ".2f"),
            middle([each * 1000 * rounds / bare_ms for each in spent], ".2f"),
            size,
            TARGET_S,
        ),
    ]
    return f"Printing, {rounds} rounds\n\n" + table(heads, rows)


def _cpu_s() -> float:
    return processes.cpu_ms(processes.tree(os.getpid())) / 1000
