"""What the shipped check says of the hub's seals on papers: that they are there, over the whole file, and no more."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.documents import verify
from hub.documents.record import RecordParts, write_record
from hub.domain.log_chain import NO_PREVIOUS, Attachment, Entry, content_digest
from tests import applications
from tests.documents.seals import new_authority, rsa_key
from tests.documents.test_pades import signer_of
from tests.documents.time_stamps import stamping

SALT = bytes(32)


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return signer_of(new_authority().issue()).sign(applications.pdf())


def record(folder: Path, agreement: bytes) -> Path:
    """A record whose log commits to these bytes as the agreement, whatever they are."""
    attachment = Attachment(
        id="d-1", kind="agreement", sha256=hashlib.sha256(agreement).hexdigest(), size=len(agreement)
    )
    entry = Entry(
        negotiation="n-1", sequence=1, at=datetime(2026, 11, 21, 2, tzinfo=UTC), channel="app", party="hub",
        kind="document_printed", content=content_digest(SALT, "协议"), previous=NO_PREVIOUS, attachments=(attachment,),
    )  # fmt: skip
    path = folder / "record.zip"
    parts = RecordParts(log=[entry.line(text="协议", salt=SALT)], evidence=[], documents={"agreement.pdf": agreement})
    with path.open("wb") as out:
        write_record(out, parts)
    return path


def test_a_seal_is_named_with_what_was_not_looked_at(
    sealed: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify.main([str(record(tmp_path, sealed))]) == 0
    said = capsys.readouterr().out
    assert "agreement.pdf has a seal over the whole file" in said
    assert "for a PDF reader to check" in said


def test_a_paper_without_a_seal_is_called_that(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main([str(record(tmp_path, applications.pdf()))]) == 0
    assert "agreement.pdf has no seal" in capsys.readouterr().out


def test_a_seal_that_is_over_something_else_is_refused_though_the_log_names_the_file(
    sealed: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify.main([str(record(tmp_path, sealed + b"\n% more"))]) == 1
    assert "the seal on agreement.pdf is not over this file" in capsys.readouterr().out


def test_any_byte_beside_the_signature_counts(sealed: bytes) -> None:
    start = sealed.rindex(b"/ByteRange")
    for place in range(0, len(sealed), 97):
        changed = bytearray(sealed)
        changed[place] ^= 1
        held = verify.is_sealed(bytes(changed))
        gap = verify.BYTE_RANGE.search(sealed, start)
        assert gap is not None
        is_in_gap = int(gap[2]) < place < int(gap[3])
        assert held is not True or is_in_gap, place


def test_it_reads_every_kind_of_key_and_a_seal_with_a_time_stamp() -> None:
    authority = new_authority()
    with stamping(authority) as stamps:
        for signer in (signer_of(authority.issue(key=rsa_key())), signer_of(authority.issue(), stamps)):
            assert verify.is_sealed(signer.sign(applications.pdf())) is True


@pytest.mark.parametrize(
    "content",
    [
        b"/ByteRange [0 1 2 3]",
        b"/ByteRange [0 999999999999 999999999999 0]",
        b"/ByteRange [0 20 22 0]<>",
        b"/ByteRange [0 24 28 0]  <zz>",
        b"/ByteRange [0 24 28 0]  <00>",
    ],
)
def test_what_only_looks_like_a_seal_is_none_that_holds(content: bytes) -> None:
    assert verify.is_sealed(content) is False
