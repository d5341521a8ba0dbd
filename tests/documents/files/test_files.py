"""Every file of the set gets the verdict that was decided first, and what a bank gets of it holds nothing else."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image, ImageOps

from hub.documents.inspection import Inspector, Verdict
from hub.documents.pictures import on_white
from hub.domain.errors import InvalidValue, UnsupportedType
from hub.domain.evidence import SNIFFED_LENGTH, CleanCopy, MediaType, media_type_of
from tests.documents.files import (
    active_pdfs,
    attached_pdfs,
    coded_pdfs,
    heavy_pdfs,
    honest_pdfs,
    layered_pdfs,
    odd_pdfs,
    other_types,
    photos,
    searching,
)
from tests.documents.files.sample import TAKEN, Sample

pytestmark = pytest.mark.slow

ROOMS = (active_pdfs, attached_pdfs, layered_pdfs, odd_pdfs, heavy_pdfs, honest_pdfs, coded_pdfs, photos, other_types)
SAMPLES = tuple(sample for room in ROOMS for sample in room.samples())


@pytest.fixture(scope="module")
def inspector() -> Iterator[Inspector]:
    with Inspector() as one:
        yield one


def test_the_set_is_large_and_each_of_its_files_has_a_name_of_its_own() -> None:
    assert len({sample.name for sample in SAMPLES}) == len(SAMPLES) >= 300


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name.replace(" ", "-"))
def test_a_file_gets_its_verdict_and_the_bank_what_it_shows(inspector: Inspector, sample: Sample) -> None:
    data = sample.make()
    media_type = _type_of(data, sample.name)
    if not isinstance(media_type, MediaType):
        assert media_type == sample.verdict
        return
    verdict = inspector.inspect([data], media_type)
    assert (verdict.reason or TAKEN) == sample.verdict
    if not verdict.ok:
        assert verdict.copy is None
        return
    assert verdict.copy is not None
    if media_type == MediaType.PDF:
        _require_clean_pdf(sample, data, verdict, verdict.copy)
    else:
        _require_clean_picture(sample, data, verdict.copy)


def _type_of(data: bytes, name: str) -> MediaType | str:
    """The type of the file, or the code with which an upload refuses it."""
    try:
        return media_type_of(data[:SNIFFED_LENGTH], name=name)
    except (InvalidValue, UnsupportedType) as error:
        return error.code


def _require_clean_pdf(sample: Sample, data: bytes, verdict: Verdict, copy: CleanCopy) -> None:
    assert copy.media_type == MediaType.PDF
    assert searching.faults_of_pdf(copy.content) == []
    assert (sample.removed or frozenset()) <= set(copy.removed)
    assert copy.was_signed == sample.was_signed
    if sample.looks:
        assert searching.difference(data, copy.content) < searching.NEAR


def _require_clean_picture(sample: Sample, data: bytes, copy: CleanCopy) -> None:
    assert searching.faults_of_picture(copy.content) == []
    if not sample.looks:
        return
    with Image.open(io.BytesIO(data)) as sent, Image.open(io.BytesIO(copy.content)) as got:
        # The reader of HEIC turns by itself.
        upright = on_white(sent if sent.format == "HEIF" else ImageOps.exif_transpose(sent))
        assert searching.difference_of_pictures(upright, on_white(got)) < searching.NEAR
