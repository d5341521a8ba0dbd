"""The Chinese documents keep step with the English ones."""

import re
from pathlib import Path

import pytest

from tests.chinese_documents import out_of_step
from tests.test_law_document import ROOT

PAIRS = {
    "README.md": "docs/README.zh-CN.md",
    "docs/joining.md": "docs/joining.zh-CN.md",
    "docs/gateway.md": "docs/gateway.zh-CN.md",
    "docs/host-apps.md": "docs/host-apps.zh-CN.md",
    "docs/operating.md": "docs/operating.zh-CN.md",
    "docs/faults.md": "docs/faults.zh-CN.md",
    "docs/deploy/README.md": "docs/deploy/README.zh-CN.md",
    "docs/deploy/alarms.md": "docs/deploy/alarms.zh-CN.md",
    "docs/deploy/capacity.md": "docs/deploy/capacity.zh-CN.md",
}
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize(("english", "chinese"), sorted(PAIRS.items()))
def test_a_chinese_document_has_the_headings_samples_and_tables_of_the_english_one(english: str, chinese: str) -> None:
    faults = out_of_step(text_of(english), text_of(chinese))
    assert not faults, f"{chinese} is behind {english}:\n" + "\n".join(faults)


@pytest.mark.parametrize(("english", "chinese"), sorted(PAIRS.items()))
def test_each_leads_to_the_other_in_its_first_lines(english: str, chinese: str) -> None:
    for from_, to in ((english, chinese), (chinese, english)):
        beginning = "\n".join(text_of(from_).splitlines()[:5])
        found = {(ROOT / from_).parent.joinpath(path).resolve() for path, _ in LINK.findall(beginning)}
        assert (ROOT / to).resolve() in found, from_


def anchors_of(path: Path) -> set[str]:
    """What a heading is called in an address."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).strip().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("path", sorted([*PAIRS, *PAIRS.values()]))
def test_every_link_leads_to_what_is_there(path: str) -> None:
    here = ROOT / path
    for target, anchor in LINK.findall(text_of(path)):
        file = here.parent / target if target else here
        assert file.exists(), target
        assert not anchor or anchor in anchors_of(file), f"{target}#{anchor}"


def test_pictures_are_small_and_each_is_shown_somewhere() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").iterdir())
    assert all(each.stat().st_size < 150_000 for each in pictures)
    shown = {Path(target).name for path in PAIRS.items() for each in path for target, _ in LINK.findall(text_of(each))}
    assert {each.name for each in pictures} <= shown


ENGLISH = "# A\n\nUse `one`.\n\n## B\n\n```sh\nhub up\n```\n\n| a | b |\n| --- | --- |\n| `x` | y |\n"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("", ""), None),
        (("Use", "请用"), None),
        (("## B\n", ""), "there is no heading for “## B”"),
        (("# A", "# A\n\n## C"), "the heading “## C” is of nothing in the English document"),
        (("hub up", "hub down"), "a sample is missing or other than in English, from the line “hub up” on"),
        (("| `x` | y |\n", ""), "a table has no line for “`x`”"),
        (("| `x` | y |", "| `x` |"), "the line “`x`” has 1 columns and in English 2"),
        (("| `x` |", "| `z` |"), "“x” is missing; “z” is too much"),
        (("`one`", "one"), "the word “one” is missing"),
    ],
)
def test_whatever_is_out_of_step_is_told_by_its_name(change: tuple[str, str], told: str | None) -> None:
    faults = out_of_step(ENGLISH, ENGLISH.replace(*change) if change[0] else ENGLISH)
    assert (faults == []) if told is None else any(told in each for each in faults), faults
