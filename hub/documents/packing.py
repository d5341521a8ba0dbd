"""Members of a ZIP: the same parts give the same bytes, since none carries the time it was packed."""

import zipfile
from collections.abc import Iterable
from typing import Final

# The earliest time a ZIP can hold: the times that matter are in what is packed.
_PACKED_AT: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3


def add_member(archive: zipfile.ZipFile, name: str, chunks: Iterable[bytes], *, packed: bool = True) -> None:
    """The archive holds `chunks` under `name`, one after another; compressed unless they are so already."""
    info = zipfile.ZipInfo(name, _PACKED_AT)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    info.create_system = _UNIX
    info.external_attr = 0o644 << 16
    with archive.open(info, "w") as member:
        for chunk in chunks:
            member.write(chunk)
