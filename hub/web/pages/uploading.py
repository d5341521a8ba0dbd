"""What is said of files that people choose, on whatever page."""

from typing import Final

from hub.domain.errors import Fault
from hub.domain.evidence import MAX_FILE_SIZE
from hub.web.pages.tongue import told

NOT_LOOKED_AT: Final = Fault("/file", "file_too_large", {"limit": MAX_FILE_SIZE})
"""The fault of a form whose file was too large to be looked at."""


def not_taken(file_name: str, code: str, **params: int) -> Fault:
    """The fault of a chosen file that was not kept: its name, and why."""
    return Fault("/file", "file_not_taken", {"name": file_name, "why": told(code, {**params})})
