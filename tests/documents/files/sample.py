"""A file of the set, and what is to become of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hub.domain.active_content import ActiveContent

MARK: Final = "planted-7c41e0"
"""Stands in whatever must not reach a bank."""
TAKEN: Final = "taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A file called `name`, with its ending.

    `verdict`: `TAKEN`, a reason for rejecting it, or the code with which an upload refuses it. `removed`: what the log
    says of the copy. `looks`: whether the copy can be compared with the file, which PDFium or Pillow can draw.
    """

    name: str
    make: Callable[[], bytes]
    verdict: str = TAKEN
    removed: frozenset[ActiveContent] | None = None
    was_signed: bool = False
    looks: bool = True
