"""Printing and sealing an agreement of 60 instalments with the child process warm, beside bare WeasyPrint."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from hub.documents import printing
from hub.documents.agreement_document import html_of
from hub.documents.pades import PadesSigner
from hub.documents.seal_files import own_seal_text, parse_own_seal
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
    pdf = printing.print_pdf(html)
    signer = PadesSigner(parse_own_seal(own_seal_text(datetime.now(UTC)), Path("bench")), now=lambda: datetime.now(UTC))
    sealed = signer.sign(pdf)
    sealing, sealing_cpu = list[float](), list[float]()
    for _ in range(rounds):
        started, before = time.perf_counter(), time.process_time()
        signer.sign(pdf)
        sealing.append(time.perf_counter() - started)
        sealing_cpu.append(time.process_time() - before)
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
        (
            "the seal on it",
            middle(sealing, ".3f"),
            middle(sealing_cpu, ".3f"),
            middle([each * 1000 * rounds / bare_ms for each in sealing_cpu], ".2f"),
            len(sealed) - len(pdf),
            "-",
        ),
    ]
    return f"Printing, {rounds} rounds\n\n" + table(heads, rows)


def _cpu_s() -> float:
    return processes.cpu_ms(processes.tree(os.getpid())) / 1000
