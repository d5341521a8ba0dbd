"""The record: a chained log that names whoever changed a row, and a ZIP that can be checked without the hub."""

import io
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.errors import DocumentNotReady, NotFound
from hub.domain.log_chain import ERASED, erasure_of
from hub.services.documents import records
from storage import communications
from storage.communications import End, NewEntry
from storage.records import LogContentRecord, LogEntryRecord, NegotiationRecord
from tests.applications import CMB
from tests.bent import bent
from tests.services.agreements.amending import DAY, Amending
from tests.services.breaking import broken
from tests.services.case import Case
from tests.services.conftest import OpenCase

ENTRY = LogEntryRecord.__table__
CONTENT = LogContentRecord.__table__
OTHER = "f" * 64


@pytest.fixture
def case(agreed: Case) -> Case:
    """A negotiation with an agreement and its paper."""
    return agreed


def found_broken(case: Case, *statements: sa.Executable) -> tuple[int, str] | None:
    """The entry that verifying names once the statements were run, and why."""
    with broken(case.hub, *statements) as tx:
        found = records.verify_log(tx, case.id)
    return None if found is None else (found.sequence, str(found.reason))


def change(case: Case, table: Any, number: int = 3, /, **values: Any) -> sa.Executable:
    return sa.update(table).where(table.c.negotiation_id == case.id, table.c.sequence == number).values(**values)


def remove(case: Case, table: Any, sequence: int) -> sa.Executable:
    return sa.delete(table).where(table.c.negotiation_id == case.id, table.c.sequence == sequence)


def test_the_log_of_a_whole_life_verifies(case: Case) -> None:
    assert found_broken(case) is None
    assert len(case.log()) > 8


def test_changing_any_one_column_of_an_entry_is_found_and_the_entry_named(case: Case) -> None:
    entries = case.log()
    number = next(each.header.sequence for each in entries if each.header.to_status == "awaiting_bank")
    at = entries[number - 1].header.at
    changes: dict[str, list[Any]] = {
        "negotiation_id": ["0" * 32],
        "sequence": [99],
        "bank_code": [CMB],
        "at": [at + timedelta(seconds=1)],
        "channel": ["api"],
        "party": ["bank"],
        "actor": ["bank:staff/somebody-else"],
        "kind": ["offered"],
        "event": ["offered", None],
        "from_status": ["offered", None],
        "to_status": ["offered", None],
        "attachments": [[{"id": "x", "kind": "payslip", "sha256": OTHER, "size": 1}], [{"id": "x"}], None, "x"],
        "content": [OTHER, "no digest"],
        "previous": [OTHER, "no digest", "0" * 64],
        "digest": [OTHER, "no digest"],
    }
    assert set(changes) == set(ENTRY.c.keys())
    for name, values in changes.items():
        for value in values:
            found = found_broken(case, change(case, ENTRY, number, **{name: value}))
            assert (name, value, found and found[0]) == (name, value, number)


def test_changing_the_words_or_their_salt_is_found(case: Case) -> None:
    with case.hub.reading(HUB) as tx:
        second, third = (tx.session.get_one(LogContentRecord, (case.id, sequence)) for sequence in (2, 3))
        other, this, salt = second.text_sealed, third.text_sealed, second.salt_sealed
    flipped = bent(this)
    for values in ({"text_sealed": flipped}, {"text_sealed": other}, {"text_sealed": b""}, {"salt_sealed": salt}):
        assert found_broken(case, change(case, CONTENT, **values)) == (3, "content")
    assert found_broken(case, change(case, CONTENT, salt_sealed=b"short")) == (3, "content")


def test_a_missing_entry_is_found_wherever_it_was(case: Case) -> None:
    last = len(case.log())
    for sequence, reason in ((1, "sequence"), (4, "sequence"), (last, "head")):
        assert found_broken(case, remove(case, CONTENT, sequence), remove(case, ENTRY, sequence)) == (sequence, reason)


def test_an_entry_that_was_never_chained_is_found(case: Case) -> None:
    last = len(case.log())
    copied = [each for each in ENTRY.c if each.name != "sequence"]
    insert = sa.insert(LogEntryRecord).from_select(
        ["sequence", *(each.name for each in copied)],
        sa.select(sa.literal(last + 1), *copied).where(ENTRY.c.negotiation_id == case.id, ENTRY.c.sequence == last),
    )
    found = found_broken(case, insert)
    assert found is not None
    assert found[0] == last + 1


def test_words_that_were_erased_by_an_entry_leave_the_chain_whole(case: Case) -> None:
    content = case.log()[2].header.content
    with case.hub.writing(HUB) as tx:
        row = tx.session.get_one(NegotiationRecord, case.id)
        end = End(negotiation_id=case.id, bank_code=row.bank_code, length=row.log_length, head=row.log_head)
        # The entry as whoever erases writes it.
        told = NewEntry(kind=ERASED, text="", actor=HUB, attachments=[erasure_of("3", content)])  # type: ignore[arg-type]
        chained = communications.chain(tx, end, told)
        communications.write(tx, [chained])
        row.log_length, row.log_head = chained.end.length, chained.end.head
        row.log_mac = communications.mac_of(tx, chained.end)
    assert found_broken(case, remove(case, CONTENT, 3)) is None
    assert found_broken(case, remove(case, CONTENT, 4)) == (4, "erased")


def test_words_that_are_gone_without_an_entry_are_found(case: Case) -> None:
    assert found_broken(case, remove(case, CONTENT, 3)) == (3, "erased")
    assert found_broken(case, sa.delete(LogContentRecord)) == (1, "erased")


# The ZIP.


def export(case: Case, folder: Path) -> Path:
    out = io.BytesIO()
    with case.row() as (tx, row):
        gathered = records.gather(tx, case.hub.store, row)
    gathered.write(out)
    with zipfile.ZipFile(out) as packed:
        packed.extractall(folder)
    return folder


def run_verify(folder: Path) -> tuple[int, str]:
    run = subprocess.run(
        [sys.executable, "-I", "verify.py"], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    return run.returncode, run.stdout + run.stderr


def test_a_record_is_whole_and_verifies_without_the_hub(case: Case, tmp_path: Path) -> None:
    file = case.upload()
    folder = export(case, tmp_path / "record")
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names >= {"application-form.pdf", "agreement.pdf", "log.jsonl", "verify.py"}
    assert f"evidence/{case.sent.evidence[0]}.pdf" in names
    assert f"evidence/{file.id}.pdf" not in names
    code, said = run_verify(folder)
    assert (code, said.count("Traceback")) == (0, 0), said

    log = folder / "log.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    log.write_text("".join(lines).replace("停止催收", "继续催收"), encoding="utf-8")
    assert run_verify(folder)[0] == 1
    log.write_text("".join(lines), encoding="utf-8")
    assert run_verify(folder)[0] == 0
    evidence = folder / f"evidence/{case.sent.evidence[0]}.pdf"
    evidence.write_bytes(evidence.read_bytes()[:-1] + b"x")
    assert run_verify(folder)[0] == 1


def test_the_papers_of_amendments_are_in_the_record_and_verify(case: Case, tmp_path: Path) -> None:
    amending = Amending(case=case)
    amending.agree(amending.ask_day(5))
    case.work_off()
    amending.agree(amending.ask_day(8))
    with case.row() as (tx, row), pytest.raises(DocumentNotReady):
        records.amendment_document(tx, case.hub.store, row, amending.newest(DAY)["id"])
    case.pay(1, 100)
    case.work_off()
    folder = export(case, tmp_path / "record")
    papers = sorted((folder / "amendments").iterdir())
    assert len(papers) == 2
    code, said = run_verify(folder)
    # A payment is committed to by the log, and is no file that could be absent.
    assert (code, "不在本记录里" in said) == (0, False), said
    papers[0].write_bytes(papers[0].read_bytes() + b"x")
    assert run_verify(folder)[0] == 1
    asked = amending.propose_day(9)
    with case.row() as (tx, row), pytest.raises(NotFound):
        records.amendment_document(tx, case.hub.store, row, asked)


def test_a_document_is_not_ready_until_printed_and_unknown_where_there_is_nothing_to_print(
    open_case: OpenCase,
) -> None:
    case = open_case(worked_off=False)
    with case.row() as (tx, row):
        with pytest.raises(DocumentNotReady):
            records.document(tx, case.hub.store, row, records.APPLICATION_FORM)
        with pytest.raises(NotFound):
            records.document(tx, case.hub.store, row, records.AGREEMENT)
    case.work_off()
    case.accept(case.offer())
    with case.row() as (tx, row):
        form = records.document(tx, case.hub.store, row, records.APPLICATION_FORM)
        assert b"".join(form.chunks).startswith(b"%PDF-")
        assert form.file_name == f"{row.reference}-application-form.pdf"
        with pytest.raises(DocumentNotReady):
            records.document(tx, case.hub.store, row, records.AGREEMENT)


def test_a_negotiation_is_found_by_id_and_by_reference(case: Case) -> None:
    reference = case.view()["reference"]
    with case.hub.reading(HUB) as tx:
        found = [records.gather_named(tx, case.hub.store, name).reference for name in (case.id, reference)]
        with pytest.raises(NotFound):
            records.gather_named(tx, case.hub.store, "XS-20261121-0")
    assert found == [reference, reference]
