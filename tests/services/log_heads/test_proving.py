"""The whole record against signed heads, by the check that it ships and without the hub."""

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from hub.domain.log_heads import Head
from hub.services.documents import records
from tests.applications import CMB
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.services.log_heads.signed import sign


def export(case: Case, folder: Path, *heads: int) -> Path:
    out = io.BytesIO()
    with case.row() as (tx, row):
        gathered = records.gather(tx, case.hub.store, row, heads)
    gathered.write(out)
    with zipfile.ZipFile(out) as packed:
        packed.extractall(folder)
    return folder


def run_verify(folder: Path, *kept: Head, printed: str = "") -> tuple[int, str]:
    words = ["--printed", printed] if printed else []
    for number, head in enumerate(kept):
        file = folder.parent / f"kept-{number}.json"
        file.write_text(json.dumps(head.whole))
        words += ["--head", str(file)]
    run = subprocess.run(
        [sys.executable, "-I", "verify.py", *words], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert "Traceback" not in run.stderr, run.stderr
    return run.returncode, run.stdout + run.stderr


@pytest.fixture
def agreed(open_case: OpenCase) -> Case:
    case = open_case()
    case.accept(case.offer())
    case.work_off()
    case.pay(1)
    return case


def test_all_contents_are_enclosed_and_each_is_checked_against_the_log(agreed: Case, tmp_path: Path) -> None:
    folder = export(agreed, tmp_path / "record")
    [offer], [payment] = (list((folder / name).iterdir()) for name in ("offers", "payments"))
    enclosed = [folder / "submission.json", folder / "agreement.json", offer, payment]
    assert json.loads(offer.read_text())["terms"]["principal_fen"] == 1_850_000
    assert json.loads(enclosed[0].read_text())["applicant"]["subject"]
    assert {each.name for each in (folder / "consents").iterdir()} >= {
        "share_with_bank.2026-11.txt",
        "truthful.2026-11.txt",
    }
    assert run_verify(folder)[0] == 0
    for file in enclosed:
        whole = file.read_bytes()
        file.write_bytes(whole.replace(b"0", b"1", 1))
        code, said = run_verify(folder)
        assert (code, file.name in said) == (1, True), said
        file.write_bytes(whole)
    (folder / "offers" / "another.json").write_text("{}")
    assert run_verify(folder)[0] == 1


def test_without_the_salts_no_guess_at_the_contents_can_be_confirmed(agreed: Case, tmp_path: Path) -> None:
    folder = export(agreed, tmp_path / "record")
    (folder / "salts.json").unlink()
    # Whoever guesses every word of it right learns nothing from the log.
    code, said = run_verify(folder)
    assert (code, "submission.json" in said) == (1, True)


def test_heads_that_were_kept_hold_for_the_record_and_name_how_far_they_reach(agreed: Case, tmp_path: Path) -> None:
    first, length = sign(agreed), len(agreed.log())
    agreed.pay(2)
    second = sign(agreed)
    agreed.pay(3)
    folder = export(agreed, tmp_path / "record")
    code, said = run_verify(folder, first, second)
    assert code == 0, said
    assert f"head 1 holds, over the first {length} entries" in said
    assert f"head 2 holds, over the first {length + 1} entries" in said


def test_a_head_that_is_only_on_a_paper_is_compared_by_its_number_and_root(agreed: Case, tmp_path: Path) -> None:
    first = sign(agreed)
    agreed.pay(2)
    second = sign(agreed)
    folder = export(agreed, tmp_path / "record")
    for head in (first, second):
        code, said = run_verify(folder, printed=f"{head.number}: {head.root[:40]}\n {head.root[40:].upper()}")
        assert (code, f"head {head.number} holds" in said) == (0, True), said
    code, said = run_verify(folder, printed=f"1:{second.root}")
    assert (code, "head 1 is not that one: the log was rewritten" in said) == (1, True), said
    code, said = run_verify(folder, printed=f"7:{second.root}")
    assert (code, "ask for one that names this number" in said) == (1, True), said
    assert run_verify(folder, printed=f"1:{first.root[:-1]}")[0] == 2


def test_a_head_that_is_not_proven_is_asked_for_by_its_number(
    agreed: Case, open_case: OpenCase, tmp_path: Path
) -> None:
    sign(agreed)
    agreed.pay(2)
    sign(agreed)
    other = open_case(CMB)
    third = sign(other)
    other.acknowledge()
    sign(other)
    code, said = run_verify(export(agreed, tmp_path / "without"), third)
    assert (code, "ask for one that names this number" in said) == (1, True)
    code, said = run_verify(export(agreed, tmp_path / "with", third.number), third)
    assert code == 0, said


def test_a_record_of_a_log_that_was_rewritten_fails_against_a_kept_head(agreed: Case, tmp_path: Path) -> None:
    head = sign(agreed)
    folder = export(agreed, tmp_path / "record")
    for bent, word in (
        (replace(head, root="0" * 64), "signature"),
        (replace(head, key_id="0" * 16), "key"),
    ):
        code, said = run_verify(folder, bent)
        assert (code, word in said) == (1, True), said
    log = folder / "log.jsonl"
    log.write_text("".join(log.read_text().splitlines(keepends=True)[:-1]))
    code, said = run_verify(folder, head)
    assert (code, "a signed head covers" in said) == (1, True), said
    (folder / "log-proof.json").unlink()
    code, said = run_verify(folder, head)
    assert (code, "no proof" in said) == (1, True), said
