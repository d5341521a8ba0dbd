"""What is said of files that people choose, on whatever page."""

from hub.domain.errors import Fault
from hub.web.pages.tongue import told


def not_taken(file_name: str, code: str, **params: int) -> Fault:
    """The fault of a chosen file that was not kept: its name, and why."""
    return Fault("/file", "file_not_taken", {"name": file_name, "why": told(code, {**params})})
