"""Doubts between people: each side's bank is told, nobody learns who the other is, and nothing is refused."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from hub.documents.inspection import Drawing
from hub.domain.actor import HUB
from hub.domain.doubts import Doubt, DoubtKind
from hub.domain.evidence import MediaType
from hub.domain.picture_hash import HASH_SIZE, bands_of
from hub.domain.retention import Periods
from hub.domain.viewing import ViewingPage
from hub.services.documents import person_exports
from hub.services.doubts import looking
from hub.services.doubts.jobs import LOOK_FOR_DOUBTS
from hub.services.erasure import requests
from hub.services.evidence import viewing_copies
from storage import doubts
from storage.records import DoubtRecord, EvidenceTraceRecord, NegotiationRecord, ViewingPageRecord
from tests import applications
from tests.applications import CMB, ICBC
from tests.jobs.draining import list_waiting
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.services.erasure.test_erasing import subject_of

PICTURE_HASH = bytes(range(100, 100 + HASH_SIZE))
NEAR = bytes([PICTURE_HASH[0] ^ 0b1011, *PICTURE_HASH[1:]])
FAR = bytes(each ^ 0b0110_0110 for each in PICTURE_HASH)


def found(case: Case, bank_code: str | None = None) -> list[Doubt]:
    with case.hub.reading(HUB) as tx:
        rows = doubts.list_of(tx, case.id, bank_code=bank_code or case.bank_code)
        return [doubts.doubt_of(tx, each) for each in rows]


def send(case: Case, content: bytes, picture_hash: bytes | None = None) -> str:
    """The id of a file of its own that the bank was given, and whose page shows that."""
    sent = case.upload(content=content)
    case.write("请看附件", sent)
    case.judge(sent.id)

    def draw(_chunks: Iterable[bytes], _media_type: MediaType) -> Iterator[Drawing]:
        page = ViewingPage(width=16, height=23, content=b"\xff\xd8\xff", picture_hash=picture_hash)
        yield Drawing(reason=None, pages=(page,), count=1, thumbnail=None)

    viewing_copies.draw_pages(case.hub, case.hub.store, draw, sent.id)
    case.work_off()
    return sent.id


def test_the_same_file_of_two_people_is_told_to_both_banks_and_only_that(open_case: OpenCase) -> None:
    one, other = open_case(), open_case(CMB)
    first, second = send(one, applications.pdf("一样")), send(other, applications.pdf("一样"))

    assert Doubt(kind=DoubtKind.SAME_FILE, evidence_id=first) in found(one)
    [hint] = [each for each in found(other) if each.evidence_id == second]
    assert (hint.kind, hint.facts) == (DoubtKind.SAME_FILE, {})
    assert found(one, CMB) == found(other, ICBC) == []


def test_a_person_who_sends_a_file_twice_is_no_doubt(open_case: OpenCase) -> None:
    case = open_case()
    sent = {send(case, applications.pdf("两次"), PICTURE_HASH) for _ in range(2)}
    assert not [each for each in found(case) if each.evidence_id in sent]


@pytest.mark.parametrize(("other_hash", "is_hint"), [(NEAR, True), (PICTURE_HASH, True), (FAR, False), (None, False)])
def test_nearly_the_same_picture_is_a_hint(open_case: OpenCase, other_hash: bytes | None, is_hint: bool) -> None:
    one, other = open_case(), open_case()
    first = send(one, applications.pdf("甲"), PICTURE_HASH)
    second = send(other, applications.pdf("乙"), other_hash)
    for case, file in ((one, first), (other, second)):
        kinds = [each.kind for each in found(case) if each.evidence_id == file]
        assert kinds == ([DoubtKind.SIMILAR_PICTURE] if is_hint else [])


def sharing_one_band() -> bytes:
    """What shares one of all bands with the picture, as white paper does, and looks like nothing of it."""
    value = int.from_bytes(PICTURE_HASH)
    for bit in range(HASH_SIZE * 8):
        if bands_of((value ^ 1 << bit).to_bytes(HASH_SIZE))[0] == bands_of(PICTURE_HASH)[0]:
            value ^= 1 << bit
    return value.to_bytes(HASH_SIZE)


def test_what_shares_a_band_with_very_many_is_found_by_the_others(
    open_case: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_COMPARED", 2)
    first = open_case()
    send(first, applications.pdf("甲"), NEAR)
    first.clock.at += timedelta(minutes=1)
    for number in range(3):
        send(open_case(), applications.pdf(f"白纸{number}"), sharing_one_band())
    last = open_case()
    sent = send(last, applications.pdf("乙"), PICTURE_HASH)
    assert DoubtKind.SIMILAR_PICTURE in [each.kind for each in found(last) if each.evidence_id == sent]


def test_looking_again_changes_nothing_and_the_negotiation_goes_on_as_it_did(open_case: OpenCase) -> None:
    one, other = open_case(), open_case()
    send(one, applications.pdf("甲"), PICTURE_HASH)
    send(other, applications.pdf("乙"), NEAR)
    before, status, kinds = found(other), other.status, other.kinds()
    looking.look(other.hub, other.id)
    assert (found(other), other.status, other.kinds()) == (before, status, kinds)
    other.offer()
    assert other.status == "offered"


def test_only_whoever_lacks_the_hint_is_looked_at_again(open_case: OpenCase) -> None:
    one, other, third = (open_case() for _ in range(3))
    send(one, applications.pdf("一样"))
    send(other, applications.pdf("一样"))
    sent = third.upload(content=applications.pdf("一样"))
    third.write("请看附件", sent)
    third.judge(sent.id)
    with one.hub.writing(HUB) as tx:
        [hint] = doubts.list_of(tx, one.id, bank_code=one.bank_code)[-1:]
        doubts.remove(tx, hint)

    looking.look(third.hub, third.id)
    looks = [looked_at for _, name, looked_at in list_waiting(third.hub.database.engine) if name == LOOK_FOR_DOUBTS]
    assert set(looks) - {third.id} == {one.id}


def test_what_is_kept_tells_nobody_which_picture_it_was(open_case: OpenCase) -> None:
    case = open_case()
    file = send(case, applications.pdf("甲"), PICTURE_HASH)
    with case.hub.reading(HUB) as tx:
        page = tx.session.scalars(sa.select(ViewingPageRecord).where(ViewingPageRecord.evidence_id == file)).one()
        assert page.picture_hash_sealed is not None
        assert PICTURE_HASH not in page.picture_hash_sealed
        digests = tx.session.scalars(
            sa.select(EvidenceTraceRecord.digest).where(EvidenceTraceRecord.evidence_id == file)
        ).all()
        assert len(set(digests)) == len(digests) == 17


def erase(case: Case) -> None:
    subject = subject_of(case)
    case.withdraw()
    with case.hub.writing(case.cardholder) as tx:
        requests.erase_subject(tx, case.client_id, subject, Periods.parse(""))
    case.work_off()


def test_an_erased_person_leaves_no_trace_and_is_compared_with_nobody(open_case: OpenCase) -> None:
    one, other = open_case(), open_case()
    file = send(one, applications.pdf("甲"), PICTURE_HASH)
    erase(one)
    with one.hub.reading(HUB) as tx:
        for table in (DoubtRecord, EvidenceTraceRecord):
            of_file = sa.select(sa.func.count()).select_from(table).where(table.evidence_id == file)
            assert tx.session.scalar(of_file) == 0
        assert tx.session.get_one(NegotiationRecord, one.id).erased_at is not None
    looking.look(one.hub, one.id)
    assert found(one) == []
    later = send(other, applications.pdf("乙"), PICTURE_HASH)
    assert not [each for each in found(other) if each.evidence_id == later]


def test_the_person_has_the_hints_in_their_export(open_case: OpenCase) -> None:
    one, other = open_case(), open_case()
    send(one, applications.pdf("甲"), PICTURE_HASH)
    file = send(other, applications.pdf("乙"), NEAR)
    with other.hub.writing(other.cardholder) as tx:
        exported = person_exports.of_subject(tx, other.client_id, subject_of(other), Periods.parse(""), language="zh")
        reference = tx.session.get_one(NegotiationRecord, other.id).reference
    hints = exported.areas["doubts"]
    assert isinstance(hints, dict)
    [hint] = [each for each in hints[reference] if each["evidence_id"] == file]
    assert (hint["kind"], hint["facts"], hint["answer"]) == ("similar_picture", {}, None)
