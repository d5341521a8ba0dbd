"""Markdown tables, and the figures in them."""

from collections.abc import Iterable, Sequence
from statistics import median


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with its cells as they are."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def middle(values: Sequence[float], form: str = ".1f") -> str:
    """The median, with the range behind it where there is one."""
    if len(values) == 1:
        return format(values[0], form)
    return f"{median(values):{form}} ({min(values):{form}}-{max(values):{form}})"
