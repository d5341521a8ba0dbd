"""One figure of how the hub does, whatever it is counted from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A gauge: its name, what it says, the names of its labels, and a value for each set of their values."""

    name: str
    says: str
    labels: tuple[str, ...]
    values: Sequence[tuple[tuple[str, ...], float]]


def one(name: str, says: str, value: float) -> Figure:
    """A figure without labels."""
    return Figure(name=name, says=says, labels=(), values=[((), value)])


def of_each(name: str, says: str, label: str, known: Iterable[str], found: Mapping[str, float]) -> Figure:
    """A figure with a value for each that is known, 0 where nothing was found, and for whatever else was found."""
    values = {**dict.fromkeys(known, 0.0), **found}
    return Figure(name=name, says=says, labels=(label,), values=[((each,), values[each]) for each in sorted(values)])


def seconds_since(at: datetime | None, now: datetime) -> float:
    """How long ago that was; 0 for what was never, or is still to come."""
    return 0.0 if at is None else max(0.0, (now - at).total_seconds())
