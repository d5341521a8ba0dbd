"""The calendar by the command line."""

import errno
import json
import os
import pwd
from pathlib import Path

import pytest

from tests.commands.conftest import RunHub

NOTICE = {
    "year": 2027,
    "notice": "国办发明电〔2026〕9号",
    "published_on": "2025-12-25",
    "off": ["2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04"],
    "work": ["2027-01-09"],
}


def written(folder: Path, content: object) -> str:
    file = folder / "notice.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(file)


def test_each_day_is_shown_with_why_it_works_or_not(run_hub: RunHub) -> None:
    days = run_hub("calendar", "show", "--from", "2026-10-01", "--days", "10", "--json").json
    assert [each["date"] for each in days] == [f"2026-10-{day:02}" for day in range(1, 11)]
    assert [each["working"] for each in days] == [False] * 7 + [True, True, True]
    assert "国庆" in days[0]["why"]
    assert run_hub("calendar", "show", "--from", "2026-10-01", "--days", "1").out.startswith("2026-10-01")


def test_an_imported_notice_is_in_force_and_its_year_provisional_no_more(run_hub: RunHub, tmp_path: Path) -> None:
    def status() -> dict[int, bool]:
        return {each["year"]: each["provisional"] for each in run_hub("calendar", "status", "--json").json}

    assert status()[2027] is True
    said = run_hub("calendar", "import", written(tmp_path, NOTICE))
    assert (said.status, said.error) == (0, "")
    assert status()[2027] is False
    days = run_hub("calendar", "show", "--from", "2027-01-04", "--days", "6", "--json").json
    assert [each["working"] for each in days] == [False, True, True, True, True, True]
    assert not any(each["provisional"] for each in days)


def test_a_notice_with_a_byte_order_mark_is_read(run_hub: RunHub, tmp_path: Path) -> None:
    file = tmp_path / "notice.json"
    file.write_text(json.dumps(NOTICE), encoding="utf-8-sig")
    assert run_hub("calendar", "import", str(file)).status == 0


def test_a_file_in_a_folder_that_is_shut_is_not_said_to_be_missing(
    run_hub: RunHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, NOTICE)
    look = Path.stat

    def shut(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if str(path) == file:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), file)
        return look(path, follow_symlinks=follow_symlinks)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", shut)
        said = run_hub("calendar", "import", file)
    name = pwd.getpwuid(os.getuid()).pw_name
    assert said.status == 2
    assert f"File '{file}' is not there, or {name} may not read it." in said.error
    assert "does not exist" in run_hub("calendar", "import", f"{file}.x").error


def test_a_dry_run_says_what_would_change_and_changes_nothing(run_hub: RunHub, tmp_path: Path) -> None:
    before = run_hub("calendar", "status", "--json").json
    said = run_hub("calendar", "import", written(tmp_path, NOTICE), "--dry-run")
    assert (said.status, said.error) == (0, "")
    assert "2027-01-09  Sat  would work" in said.out
    assert "2027-01-04  Mon  would be off" in said.out
    assert "0 of 0 open clocks would move" in said.out
    assert run_hub("calendar", "status", "--json").json == before
    assert run_hub("calendar", "import", written(tmp_path, {**NOTICE, "off": []}), "--dry-run").status == 1


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_a_notice_of_a_day_that_has_not_come_is_refused(run_hub: RunHub, tmp_path: Path, dry: tuple[str, ...]) -> None:
    said = run_hub("calendar", "import", written(tmp_path, {**NOTICE, "published_on": "2126-11-25"}), *dry)
    assert (said.status, said.out) == (1, "")
    assert "/published_on" in said.error
    status = {each["year"]: each["provisional"] for each in run_hub("calendar", "status", "--json").json}
    assert status.get(2027, True) is True


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not json",
        "[]",
        '{"year": 2027}',
        {**NOTICE, "off": ["2027-13-01"]},
        {**NOTICE, "work": ["2027-01-06"]},
        {**NOTICE, "colour": "red"},
        {**NOTICE, "off": []},
        r'{"year": 2027, "notice": "\ud800", "published_on": "2026-11-25", "off": ["2027-01-01"], "work": []}',
        "[" * 100_000,
    ],
    ids=range(10),
)
def test_a_broken_notice_is_one_line_and_changes_nothing(run_hub: RunHub, tmp_path: Path, content: object) -> None:
    said = run_hub("calendar", "import", written(tmp_path, content))
    assert (said.status, len(said.error.splitlines()), said.out) == (1, 1, "")
    assert {each["year"]: each["provisional"] for each in run_hub("calendar", "status", "--json").json}[2027]


def test_days_beyond_the_calendar_are_one_line(run_hub: RunHub) -> None:
    for first in ("9999-12-30", "1899-01-01"):
        said = run_hub("calendar", "show", "--from", first, "--days", "10")
        assert (said.status, said.error) == (1, "Error: The calendar covers the years 1950 to 2100.\n")
