"""What is said of files that people choose, on whatever page."""

import os

from flask import request
from werkzeug.datastructures import FileStorage

from hub.domain.errors import Fault
from hub.domain.evidence import MAX_FILE_SIZE
from hub.web.bodies import announced_length
from hub.web.pages.translation import fault_text
from hub.web.uploads import unread_file


def not_taken(file_name: str, code: str, **params: int) -> Fault:
    """The fault of a chosen file that was not kept: its name, and why."""
    return Fault("/file", "file_not_taken", {"name": file_name, "why": fault_text(code, {**params})})


def too_large(file: FileStorage, file_name: str) -> Fault:
    """The fault of a chosen file with more bytes than are taken."""
    return not_taken(file_name, "file_too_large", size=file.stream.seek(0, os.SEEK_END), limit=MAX_FILE_SIZE)


def form_too_large() -> Fault:
    """The fault of the file that made the present form too large to be read; by its name, where that can be seen.

    Its size is that of the form, which holds hardly anything beside it.
    """
    size, name = announced_length(request), unread_file()
    if name is None:
        return Fault("/file", "file_too_large", {"size": size, "limit": MAX_FILE_SIZE})
    return not_taken(name, "file_too_large", size=size, limit=MAX_FILE_SIZE)
