"""Thumbnails: kept sealed beside a picture's clean copy, and gone with it."""

from hub.domain.actor import HUB
from hub.domain.evidence import CleanCopy, MediaType
from hub.services.evidence import evidence_files
from storage import clean_copies
from storage.records import CleanCopyRecord
from tests.services.conftest import OpenCase

SMALL = b"\xff\xd8\xff a small picture"
CLEAN = CleanCopy(media_type=MediaType.JPEG, content=b"\xff\xd8\xff a picture", thumbnail=SMALL)


def test_a_thumbnail_is_kept_sealed_beside_the_copy(open_case: OpenCase) -> None:
    case = open_case()
    file = case.upload(name="照片.jpg", content=b"\xff\xd8\xff a picture as it was sent")
    case.judge(file.id, CLEAN)
    with case.hub.reading(HUB) as tx:
        row = tx.session.get_one(CleanCopyRecord, file.id)
        assert row.thumbnail_sealed is not None
        assert SMALL not in row.thumbnail_sealed
        assert clean_copies.thumbnail_of(tx, file.id) == SMALL
        assert clean_copies.with_thumbnail(tx, [file.id, "0" * 32]) == {file.id}


def test_what_has_no_copy_has_no_thumbnail(open_case: OpenCase) -> None:
    case = open_case()
    file = case.upload()
    case.judge(file.id)
    with case.hub.reading(HUB) as tx:
        assert clean_copies.thumbnail_of(tx, file.id) is None
        assert clean_copies.with_thumbnail(tx, [file.id]) == set()


def test_a_thumbnail_goes_with_its_file(open_case: OpenCase) -> None:
    case = open_case()
    file = case.upload(name="照片.jpg", content=b"\xff\xd8\xff a picture as it was sent")
    case.judge(file.id, CLEAN)
    with case.hub.writing(HUB) as tx:
        evidence_files.remove(tx, file.id, client_id=case.client_id)
    with case.hub.reading(HUB) as tx:
        assert clean_copies.thumbnail_of(tx, file.id) is None
