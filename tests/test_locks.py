"""The locks are the bill of materials: what runs here is in them, to the byte, and nothing else can be installed."""

import re
from importlib.metadata import distributions

import pytest

from tests.test_law_document import ROOT

_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
_HASHED = re.compile(
    r"^[A-Za-z0-9._-]+==\S+(?: ; [^\\]+)? \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", re.MULTILINE
)


def locked(name: str) -> dict[str, str]:
    """Version by name, in the spelling of the index."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return {re.sub(r"[-_.]+", "-", library).lower(): version for library, version in _LOCKED.findall(text)}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_library_of_a_lock_has_its_version_and_hashes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert len(_LOCKED.findall(text)) == len(_HASHED.findall(text)) > 20
    # No address that somebody else could answer at, no file of this machine, no other index.
    assert not re.search(r"://|^-|@ |file:", text, re.MULTILINE)


def test_the_set_up_takes_nothing_that_is_not_in_the_lock() -> None:
    set_up = (ROOT / ".ci" / "setup").read_text(encoding="utf-8")
    installing = re.findall(r"-m pip install(?:[^\\\n]|\\\n)*", set_up)
    hashed = [each for each in installing if "--require-hashes" in each]
    assert hashed
    assert all("--no-deps" in each and "--only-binary :all:" in each for each in hashed)
    # The only other one is the hub itself, out of this tree and asking nobody.
    assert all(
        all(word in each for word in ("--no-index", "--no-deps", "--editable ."))
        for each in installing
        if each not in hashed
    )


def test_what_is_installed_is_what_the_locks_say() -> None:
    known = locked("requirements.txt") | locked("requirements-dev.txt")
    there = {re.sub(r"[-_.]+", "-", each.name).lower(): each.version for each in distributions()}
    assert len(there.keys() & locked("requirements.txt").keys()) > 20
    assert {name: version for name, version in there.items() if known.get(name, version) != version} == {}
