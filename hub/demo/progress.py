"""How far the demo data have come while they are being filled in, for the pages that are served meanwhile.

A small file in HUB_HOME, because another process fills and the demo exists on the embedded default alone.
"""

import json
from pathlib import Path

_NAME = "demo-progress.json"


def note(home: Path, *, done: int, of: int) -> None:
    """`done` of the demo's `of` applications are there; with all of them nothing is being filled any more."""
    file = home / _NAME
    if done >= of:
        file.unlink(missing_ok=True)
        return
    part = file.with_suffix(".part")
    part.write_text(json.dumps({"done": done, "of": of}))
    part.replace(file)


def find(home: Path) -> tuple[int, int] | None:
    """(done, of) while demo data are being filled in, otherwise None."""
    try:
        noted = json.loads((home / _NAME).read_text())
    except FileNotFoundError:
        return None
    return noted["done"], noted["of"]
