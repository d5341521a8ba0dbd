"""A wheel and an sdist of the hub, each installed into an empty environment, start a hub from an empty folder."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from tests.dying_together import dying_with_us
from tests.jobs.waiting import wait_until
from tests.test_law_document import ROOT

pytestmark = pytest.mark.slow

SOURCES = ("hub", "schemas", "storage", "templates")
BESIDE = ("pyproject.toml", "README.md", "LICENSE")
VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
BUILD = "import sys; from setuptools import build_meta; print(getattr(build_meta, sys.argv[1])(sys.argv[2]))"
WITHIN_S = 150.0
_AT = re.compile(r"http://127\.0\.0\.1:([1-9]\d*)")


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both kinds, made of a copy of the sources, so that nothing is left among these."""
    tree, made = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("made")
    for name in SOURCES:
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    for name in BESIDE:
        shutil.copy(ROOT / name, tree)
    for hook in ("build_sdist", "build_wheel"):
        subprocess.run([sys.executable, "-c", BUILD, hook, str(made)], cwd=tree, check=True, capture_output=True)
    [wheel], [sdist] = made.glob("*.whl"), made.glob("*.tar.gz")
    return {"wheel": wheel, "sdist": sdist}


@pytest.fixture(scope="module", params=["wheel", "sdist"])
def installed(
    request: pytest.FixtureRequest, distributions: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of the programs of an environment with nothing in it but the distribution and the libraries."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, symlinks=True)
    python = place / "bin" / "python"
    [libraries] = place.glob("lib/python*/site-packages")
    # A line here makes libraries importable, and does nothing that other lines over there do: no editable hub.
    (libraries / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    words = ["install", "--no-index", "--no-deps", "--no-build-isolation", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), *words, str(distributions[request.param])],
        check=True, capture_output=True, cwd=place,
    )  # fmt: skip
    return place / "bin"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "PYTHON"))}


def said_by(installed: Path, word: str, *, cwd: Path) -> str:
    """What the installed `hub` answers to the word."""
    words = [str(installed / "hub"), word]
    done = subprocess.run(words, cwd=cwd, env=environment(), stdout=subprocess.PIPE, text=True, check=False)
    return str(done.stdout)


@pytest.fixture
def address(installed: Path, empty: Path, tmp_path: Path) -> Iterator[str]:
    """Where `hub up`, started in an empty folder, answers."""
    log = tmp_path / "log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            dying_with_us([str(installed / "hub"), "up", "--port", "0"], signal.SIGTERM),
            cwd=empty, env=environment(), stdout=said, stderr=said,
        )  # fmt: skip
    wait_until(lambda: _AT.search(log.read_text()) or process.poll() is not None, what="an address", within_s=WITHIN_S)
    found = _AT.search(log.read_text())
    assert found is not None, log.read_text()
    yield found[0]
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


def test_it_starts_from_an_empty_folder_and_speaks_english(address: str, installed: Path, empty: Path) -> None:
    pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(60))
    page = pool.request("GET", f"{address}/sign-in/?lang=en", redirect=False, headers={"Accept-Language": "en"})
    shown = page.data.decode()
    assert (page.status, 'lang="en"' in shown) == (200, True)
    assert "Sign in" in shown
    assets = set(re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js|svg)[^"#]*)', shown))
    assert assets
    assert {pool.request("GET", address + each).status for each in assets} == {200}
    assert pool.request("GET", f"{address}/api/v1/openapi.json").status == 200
    assert said_by(installed, "--version", cwd=empty).strip() == f"hub, version {VERSION}"
    # Papers are printed by a process of its own, which must find the hub too.
    assert re.search(r"\d s for a small page", said_by(installed, "doctor", cwd=empty))


def test_nothing_of_tests_and_nothing_compiled_is_in_it(distributions: dict[str, Path]) -> None:
    names = subprocess.run(
        [sys.executable, "-m", "zipfile", "-l", str(distributions["wheel"])], capture_output=True, text=True, check=True
    ).stdout
    assert "templates/base.html" in names
    assert "hub/web/static/icons.svg" in names
    assert not re.findall(r"^(?:tests/|docs/).*|\S+\.(?:pyc|mo)\b", names, flags=re.MULTILINE)
