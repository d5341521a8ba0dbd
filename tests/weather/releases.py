"""Two releases of the hub on one machine: this tree, and another one whose code lies in a folder of its own."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from storage import schema
from tests.dying_together import dying_with_us

ROOT = Path(__file__).parents[2]
VERSIONS = Path("storage/migrations/versions")
# What 0.3.0 knows: versions before it were never upgraded while they ran.
OLDEST_UPGRADED = "0077"
# What runs; catalogues of words are compiled and in no archive, and the API's own words need none.
PACKAGES = ("hub", "storage", "schemas", "templates")

_WIDER = '''"""Note something of a later release."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None
expands = {expands}


def upgrade() -> None:
    op.add_column("application", sa.Column("of_{name}", sa.String(length=32), nullable=True))
    op.create_table("thing_of_{name}", sa.Column("id", sa.String(length=32), primary_key=True))


def downgrade() -> None:
    op.drop_table("thing_of_{name}")
    op.drop_column("application", "of_{name}")
'''


def later_release(folder: Path, *, expands: bool) -> Path:
    """The folder with this tree's code and one migration more."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    before = schema.newest_revision()
    revision = f"{int(before) + 1:04}"
    text = migration_text(revision, before, expands=expands)
    (folder / VERSIONS / f"{revision}_of_a_later_version.py").write_text(text, encoding="utf-8")
    return folder


def migration_text(revision: str, before: str, *, expands: bool, name: str = "a_later_version") -> str:
    """A migration behind the one `before`, whose table and column end in that name."""
    return _WIDER.format(revision=revision, before=before, expands=expands, name=name)


def release_before(folder: Path) -> tuple[Path, str]:
    """The folder with the code of the newest version that knows fewer migrations, and the newest that it knows.

    The test is skipped where the history is not there, or has none but versions before 0.3.0.
    """
    for commit in _git("log", "--format=%H", "-G^version = ", "--", "pyproject.toml").decode().split():
        names = _git("ls-tree", "--name-only", commit, f"{VERSIONS}/").decode().split()
        newest = max(name.rpartition("/")[2].partition("_")[0] for name in names if name.endswith(".py"))
        if newest < OLDEST_UPGRADED:
            break
        if newest != schema.newest_revision():
            with tarfile.open(fileobj=io.BytesIO(_git("archive", commit, *PACKAGES))) as archive:
                archive.extractall(folder, filter="data")
            return folder, newest
    pytest.skip("the release before is in the history alone, and this copy has none (a shallow clone, an archive)")


def _git(*words: str) -> bytes:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        return b""
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True).stdout


class Release:
    """The code in a folder, run with the settings of one hub."""

    def __init__(self, code: Path, place: Path, settings: Mapping[str, str]) -> None:
        self._place = place
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        self._environment = kept | dict(settings) | {"PYTHONPATH": str(code)}

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A `hub` command, and what it said."""
        return subprocess.run(
            [sys.executable, "-m", "hub", *words],
            cwd=self._place, env=self._environment, text=True, capture_output=True, check=False, timeout=600,
        )  # fmt: skip

    def start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        """A `hub` command that goes on; it says what it says in the log of that name."""
        with self.log(name).open("wb") as log:
            return subprocess.Popen(
                dying_with_us([sys.executable, "-u", "-m", "hub", *words], signal.SIGTERM),
                cwd=self._place, env=self._environment, stdout=log, stderr=log,
            )  # fmt: skip

    def log(self, name: str) -> Path:
        """What that one said."""
        return self._place / f"{name}.log"
