"""Printing an agreement of 60 instalments with the child process warm."""

import time

from hub.documents import printing
from hub.documents.agreement_document import html_of
from hub.domain.terms import Kind
from tests.bench.tables import middle, table
from tests.documents.samples import agreement, terms_of

TARGET_S = 1.0


def measure(rounds: int) -> str:
    """The table."""
    html = html_of(agreement(terms=terms_of(Kind.INSTALMENTS, instalments=60)))
    printing.print_pdf(html)
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        size = len(printing.print_pdf(html))
        times.append(time.perf_counter() - started)
    heads = ("", "s", "bytes", "target s")
    return "Printing\n\n" + table(heads, [("an agreement of 60 rows, warm", middle(times, ".2f"), size, TARGET_S)])
