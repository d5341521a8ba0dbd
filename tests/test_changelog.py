"""`docs/CHANGELOG.md` goes by version, the newest first, and the version of the sources is the newest there."""

import re
import tomllib
from datetime import date

from tests.test_law_document import ROOT

TEXT = (ROOT / "docs" / "CHANGELOG.md").read_text(encoding="utf-8")
HEADINGS = re.findall(r"^## (.+)$", TEXT, flags=re.MULTILINE)
RELEASED = re.compile(r"(\d+)\.(\d+)\.(\d+) \((\d{4}-\d\d-\d\d)\)")


def test_what_is_not_released_stands_above_versions_that_fall_with_their_days() -> None:
    found = [RELEASED.fullmatch(each) for each in HEADINGS if each != "Unreleased"]
    versions = [(*map(int, each.groups()[:3]), date.fromisoformat(each[4])) for each in found if each is not None]
    assert len(versions) == len(found)
    assert versions == sorted(versions, reverse=True)
    assert "Unreleased" not in HEADINGS[1:]


def test_the_version_of_the_sources_is_the_newest() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    newest = next(each for each in HEADINGS if each != "Unreleased")
    assert newest.startswith(f"{declared} (")


def test_no_heading_and_no_line_stands_twice() -> None:
    for version in re.split(r"^## .+$", TEXT, flags=re.MULTILINE)[1:]:
        headings = re.findall(r"^### (.+)$", version, flags=re.MULTILINE)
        assert len(headings) == len(set(headings))
    lines = re.findall(r"^- (.+)$", TEXT, flags=re.MULTILINE)
    assert sorted(each for each in set(lines) if lines.count(each) > 1) == []


def test_each_version_says_something_of_each_of_its_parts() -> None:
    for section in re.split(r"^### .+$", TEXT, flags=re.MULTILINE)[1:]:
        assert section.lstrip().startswith("- ")
