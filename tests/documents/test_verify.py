"""The shipped check: a whole record passes, and a change of any field of any line is named."""

import ast
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hub.documents import verify
from hub.documents.record import write_record
from hub.domain import log_chain
from tests.documents.records import FORM_PDF, log_lines, record_parts

SOURCE = Path(verify.__file__)
KEYS = sorted(log_chain.LINE_KEYS)


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    path = tmp_path / "record.zip"
    with path.open("wb") as out:
        write_record(out, record_parts())
    return path


@pytest.fixture
def folder(packed: Path, tmp_path: Path) -> Path:
    shutil.unpack_archive(packed, tmp_path / "record")
    return tmp_path / "record"


def write_lines(folder: Path, lines: list[dict[str, object]]) -> None:
    log = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (folder / "log.jsonl").write_bytes(log.encode("utf-8", "surrogatepass"))


def verdict(place: Path, *more: str) -> int:
    return verify.main([str(place), *more])


def test_it_needs_nothing_but_python_3_8() -> None:
    tree = ast.parse(SOURCE.read_text(), feature_version=(3, 8))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {node.module for node in imports if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    assert {str(name).split(".")[0] for name in names} <= sys.stdlib_module_names


def test_it_runs_by_itself_in_the_unpacked_folder(folder: Path) -> None:
    command = [sys.executable, "-I", "-S", str(folder / "verify.py")]
    run = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", cwd="/")
    assert (run.returncode, run.stderr) == (0, "")
    last = run.stdout.splitlines()[-1]
    assert last.startswith("OK  5 条全部相符")
    assert last.endswith(f"all 5 entries hold, head 5:{log_lines()[-1]['digest']}")


def test_a_packed_record_passes(packed: Path) -> None:
    assert verdict(packed) == 0


def test_an_erased_text_is_a_note(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verdict(folder) == 0
    assert "--  第 3 条的文字已按规定删除，摘要仍在" in capsys.readouterr().out


def test_a_text_that_is_missing_though_no_entry_says_it_was_erased_is_named(folder: Path) -> None:
    lines = log_lines()
    lines[4] |= {"text": None, "salt": None}
    write_lines(folder, lines)
    assert log_chain.verify(lines) == log_chain.Broken(sequence=5, reason=log_chain.BreakReason.ERASED)
    with pytest.raises(verify.BrokenError, match="entry 5 is broken: its text is missing"):
        verify.check(folder, {})


def other_character(text: str, place: int) -> str:
    place %= max(len(text), 1)
    return text[:place] + ("1" if text[place : place + 1] != "1" else "2") + text[place + 1 :]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=3 * settings().max_examples // 2)
@given(st.integers(0, 4), st.sampled_from(KEYS), st.integers(0, 63))
def test_one_character_changed_in_any_field_is_named(folder: Path, line: int, key: str, place: int) -> None:
    lines = log_lines()
    spelled = json.dumps(lines[line][key], ensure_ascii=False)
    assume(not (key == "text" and spelled == "null"))
    # Inside the quotes of a text, anywhere in a number; a list or null becomes something else.
    inner = spelled[1:-1] if spelled.startswith('"') else spelled
    changed = other_character(inner, place)
    value: object = changed if spelled.startswith('"') else changed + " "
    if isinstance(lines[line][key], int):
        value = int(changed)
    lines[line][key] = value
    write_lines(folder, lines)
    with pytest.raises(verify.BrokenError, match=rf"entry {line + 1} is broken"):
        verify.check(folder, {})
    assert verdict(folder) == 1


def test_a_salt_spelled_otherwise_is_named(folder: Path) -> None:
    lines = log_lines()
    lines[1]["salt"] = str(lines[1]["salt"]).upper()
    write_lines(folder, lines)
    with pytest.raises(verify.BrokenError, match="entry 2 is broken"):
        verify.check(folder, {})


def test_an_entry_forged_with_a_digest_of_its_own_breaks_the_next(folder: Path) -> None:
    lines = log_lines()
    header = {key: lines[1][key] for key in log_chain.HEADER_KEYS} | {"party": "bank"}
    lines[1] |= header | {"digest": log_chain.entry_digest(header)}
    write_lines(folder, lines)
    with pytest.raises(verify.BrokenError, match="entry 3 is broken: it does not follow"):
        verify.check(folder, {})


@pytest.mark.parametrize("key", ["id", "kind", "sha256", "size"])
@pytest.mark.parametrize("line", [0, 1, 2, 4])
def test_a_changed_attachment_is_named(folder: Path, line: int, key: str) -> None:
    lines = json.loads(json.dumps(log_lines()))
    file = lines[line]["attachments"][0]
    file[key] = file[key] + 1 if key == "size" else other_character(file[key], 3)
    write_lines(folder, lines)
    with pytest.raises(verify.BrokenError, match=rf"entry {line + 1} is broken"):
        verify.check(folder, {})


def test_the_hub_and_the_shipped_check_agree_on_every_change(folder: Path) -> None:
    for line in range(5):
        for key in KEYS:
            lines = log_lines()
            lines[line][key] = "x"
            write_lines(folder, lines)
            broken = log_chain.verify(lines)
            assert broken is not None
            with pytest.raises(verify.BrokenError, match=rf"entry {broken.sequence} is broken"):
                verify.check(folder, {})


@pytest.mark.parametrize(
    "damage",
    [
        b"not json\n",
        b"[1]\n",
        b"\n",
        b"\xff\n",
        b"[" * 100_000 + b"\n",
        b'{"text":"a","text":"b"}\n',
    ],
)
def test_a_line_that_is_no_entry_is_named(folder: Path, damage: bytes) -> None:
    log = folder / "log.jsonl"
    lines = log.read_bytes().split(b"\n")
    log.write_bytes(b"\n".join(lines[:2]) + b"\n" + damage + b"\n".join(lines[2:]))
    with pytest.raises(verify.BrokenError, match="entry 3 is broken"):
        verify.check(folder, {})


def test_a_key_given_twice_is_refused(folder: Path) -> None:
    log = folder / "log.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"text":', b'"text":"another",\n"text":'.replace(b"\n", b""), 1))
    assert verdict(folder) == 1


def test_half_a_character_is_named_not_a_traceback(folder: Path) -> None:
    lines = log_lines()
    lines[1]["text"] = "\ud800"
    log = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / "log.jsonl").write_text(log)
    assert verdict(folder) == 1


@pytest.mark.parametrize(
    ("name", "entry"),
    [("evidence/e-1.pdf", 1), ("application-form.pdf", 2), ("evidence/e-2.jpg", 3), ("agreement.pdf", 5)],
)
def test_a_changed_file_is_named_with_its_entry(
    folder: Path, name: str, entry: int, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    assert verdict(folder) == 1
    assert f"entry {entry} is broken: the file {name} is not the one it names" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["evidence/e-1.pdf", "application-form.pdf", "agreement.pdf"])
def test_an_absent_file_is_a_note(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / name).unlink()
    assert verdict(folder) == 0
    noted = [line for line in capsys.readouterr().out.splitlines() if line.startswith("--")]
    assert any(Path(name).stem in line or name in line for line in noted)


def test_a_file_that_was_never_logged_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "evidence" / "e-9.pdf").write_bytes(b"planted")
    assert verdict(folder) == 1
    assert "evidence/e-9.pdf was never entered in the log" in capsys.readouterr().out


def test_what_a_file_manager_leaves_behind_is_no_evidence(folder: Path) -> None:
    (folder / "evidence" / ".DS_Store").write_bytes(b"litter")
    (folder / "evidence" / "Thumbs.db").write_bytes(b"litter")
    assert verdict(folder) == 0


def test_an_older_form_cannot_pass_for_the_newest(folder: Path) -> None:
    lines = log_lines()
    lines = [*lines, again(lines[1], lines[4], hashlib.sha256(b"newer").hexdigest())]
    write_lines(folder, lines)
    assert (folder / "application-form.pdf").read_bytes() == FORM_PDF
    with pytest.raises(verify.BrokenError, match="entry 6 is broken"):
        verify.check(folder, {})


def test_a_form_that_a_newer_one_replaced_is_checked_by_its_id(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = log_lines()
    newer = again(lines[1], lines[-1], hashlib.sha256(b"%PDF-1.7 newer").hexdigest())
    write_lines(folder, [*lines, newer])
    (folder / "application-form.pdf").write_bytes(b"%PDF-1.7 newer")
    earlier = folder / "earlier-documents" / "d-1.pdf"
    earlier.parent.mkdir()
    earlier.write_bytes(FORM_PDF)
    assert verdict(folder) == 0
    assert "不在本记录里" not in capsys.readouterr().out
    earlier.write_bytes(FORM_PDF + b"x")
    assert verdict(folder) == 1
    assert "earlier-documents/d-1.pdf 有改动" in capsys.readouterr().out
    earlier.rename(earlier.with_name("d-9.pdf"))
    assert verdict(folder) == 1
    assert "earlier-documents/d-9.pdf 没有记入日志" in capsys.readouterr().out


def again(line: dict[str, object], last: dict[str, object], sha256: str) -> dict[str, object]:
    """`line` once more after `last`, its file another one."""
    file = {"id": "d-3", "kind": "application_form", "sha256": sha256, "size": 5}
    header = {key: line[key] for key in log_chain.HEADER_KEYS}
    header |= {"sequence": 6, "previous": last["digest"], "attachments": [file]}
    kept = {"text": line["text"], "salt": line["salt"]}
    return {**header, **kept, "digest": log_chain.entry_digest(header)}


def test_a_cut_tail_is_seen_by_the_head_on_paper(folder: Path) -> None:
    lines = log_lines()
    head = f"5:{lines[4]['digest']}"
    assert verdict(folder, "--head", head) == 0
    assert verdict(folder, "--head", f"2:{str(lines[1]['digest'])[:12]}", "--head", head) == 0
    assert verdict(folder, "--head", "5:" + "0" * 64) == 1
    (folder / "agreement.pdf").unlink()
    write_lines(folder, lines[:4])
    assert verdict(folder) == 0
    assert verdict(folder, "--head", head) == 1


@pytest.mark.parametrize("name", ["log.jsonl", "empty"])
def test_a_record_without_entries_is_refused(folder: Path, name: str) -> None:
    (folder / "log.jsonl").unlink() if name == "log.jsonl" else write_lines(folder, [])
    assert verdict(folder) == 1


def test_a_damaged_zip_is_refused_without_a_traceback(packed: Path) -> None:
    content = packed.read_bytes()
    packed.write_bytes(content.replace(b"medical bill", b"medical bull"))
    assert verdict(packed) == 1
    packed.write_bytes(content[: len(content) // 2])
    assert verdict(packed) == 1
