"""What a decoder that was taken over answers, or does not: the hub believes none of it and judges the next file."""

import json
import logging
import os
import select
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from hub.documents import inspection
from hub.documents.inspection import Inspector, Verdict
from hub.domain.errors import TryAgain
from hub.domain.evidence import FileRejectionReason, MediaType
from tests.documents.pictures import noise, written

pytestmark = pytest.mark.slow

PROGRAM = ("-I", str(Path(__file__).parent / "exploited_decoder.py"), str(os.getuid()), "both")
JPEG = written(noise((60, 40)), "JPEG")
UNREADABLE = Verdict(ok=False, reason=FileRejectionReason.UNREADABLE, pages=None)
TOO_SLOW = Verdict(ok=False, reason=FileRejectionReason.TOO_SLOW, pages=None)
REFUSED = Verdict(ok=False, reason=FileRejectionReason.PASSWORD, pages=None)
TOO_LARGE = Verdict(ok=False, reason=FileRejectionReason.TOO_LARGE_PICTURE, pages=None)


@pytest.fixture(scope="module")
def inspector() -> Iterator[Inspector]:
    """Whose decoders are taken over."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspection, "SERVER", PROGRAM)
        # Much by the clock: a machine that has other things to do judges again instead.
        with Inspector(cpu_limit_s=2, wall_limit_s=60) as made:
            yield made


def answer(**changed: object) -> bytes:
    """An answer as it travels, with what is named in the place of what a decoder says."""
    sound: dict[str, object] = {
        "reason": None,
        "pages": None,
        "copied_as": None,
        "removed": [],
        "was_signed": False,
        "drawn": [],
        "origin": None,
        "hashes": [],
        "fault": None,
    }
    return json.dumps({**sound, **changed}).encode()


FORGED = {
    "not json": b"\xff\xfe",
    "nothing but a list": b"[]",
    "a part of it": b'{"reason": null}',
    "nested without end": b"[" * 4000,
    "longer than any": answer(fault="x" * 5000),
    "a reason of its own": answer(reason="<b>"),
    "a type of its own": answer(copied_as="text/html"),
    "more pages than are taken": answer(pages=201),
    "more pages than there are": answer(pages=10**12),
    "no pages": answer(pages=0),
    "pages below nothing": answer(pages=-3),
    "pages in words": answer(pages="3"),
    "a copy where none was made": answer(pages=1, copied_as="image/jpeg"),
    "an invention taken out": answer(pages=1, copied_as="application/pdf", removed=["<b>"]),
    "one thing taken out twice": answer(pages=1, copied_as="application/pdf", removed=["script", "script"]),
    "an editor of its own": answer(pages=1, origin={"editor": "<b>", "modified_after_s": None, "updates": 0}),
    "an origin of nothing": answer(pages=1, copied_as="application/pdf", origin={}),
    "changed before it was made": answer(pages=1, origin={"editor": None, "modified_after_s": -1, "updates": 0}),
    "pages drawn in halves": answer(pages=1, drawn=[[5, 4]]),
}


@pytest.mark.parametrize("words", FORGED.values(), ids=list(FORGED))
def test_no_forged_verdict_is_believed(inspector: Inspector, words: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert inspector.inspect([b"say:" + words], MediaType.PDF) == UNREADABLE
    assert [record.getMessage() for record in caplog.records] == [
        "a decoder gave an answer that none gives: its file is not taken"
    ]
    assert inspector.inspect([JPEG], MediaType.JPEG).ok


@pytest.mark.parametrize(
    "deed",
    [
        "a copy that is no picture",
        "a thumbnail that is no picture",
        "a large thumbnail",
        "a copy of another type",
        "no copy",
    ],
)
def test_no_copy_is_handed_on_that_is_not_what_it_is_called(inspector: Inspector, deed: str) -> None:
    assert inspector.inspect([b"play:" + deed.encode()], MediaType.JPEG) == UNREADABLE
    assert inspector.inspect([JPEG], MediaType.JPEG).ok


DRAWN = {
    "a page that is too heavy": answer(pages=1, drawn=[[9 << 20, 4, 4]]),
    "a page that is not there": answer(pages=1, drawn=[[20, 4, 4]]),
    "a page that is too wide": answer(pages=1, drawn=[[8, 1601, 4]]),
    "a page of nothing": answer(pages=1, drawn=[[0, 4, 4]]),
    "no page": answer(pages=1),
    "two pages of a picture of one": answer(pages=1, drawn=[[4, 4, 4], [4, 4, 4]]),
    "more hashes than pages": answer(pages=1, drawn=[[1, 4, 4]], hashes=["00" * 32] * 2),
    "a hash in other letters": answer(pages=1, drawn=[[1, 4, 4]], hashes=["٣" * 64]),
    "a hash that is a word": answer(pages=1, drawn=[[1, 4, 4]], hashes=["<b>"]),
    "more pages than are shown": answer(pages=101, drawn=[[1, 4, 4]] * 101),
}


@pytest.mark.parametrize("words", DRAWN.values(), ids=list(DRAWN))
def test_no_forged_page_is_shown(inspector: Inspector, words: bytes) -> None:
    [drawing] = inspector.draw([b"say:" + words], MediaType.JPEG)
    assert (drawing.pages, drawing.reason, drawing.thumbnail) == ((), FileRejectionReason.UNREADABLE, None)


def test_a_forged_number_of_pages_is_not_counted_up_to(inspector: Inspector) -> None:
    words = answer(pages=1 << 30, drawn=[[8, 4, 4]])
    assert [drawing.pages for drawing in inspector.draw([b"say:" + words], MediaType.PDF)] == [()]


@pytest.mark.parametrize(
    ("deed", "verdict"),
    [
        ("compute without end", TOO_SLOW),
        ("take memory without end", TOO_LARGE),
        ("write without end", REFUSED),
        ("change the file for the next", REFUSED),
    ],
)
def test_a_decoder_has_its_limits_and_the_next_file_is_judged(
    inspector: Inspector, deed: str, verdict: Verdict
) -> None:
    assert inspector.inspect([b"play:" + deed.encode()], MediaType.PDF) == verdict
    assert inspector.inspect([JPEG], MediaType.JPEG).ok


def test_a_decoder_that_sleeps_is_woken_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "SERVER", PROGRAM)
    with Inspector(wall_limit_s=1) as inspector:
        assert inspector.inspect([b"play:sleep without end"], MediaType.PDF) == TOO_SLOW
        assert inspector.inspect([b"play:sleep without end"], MediaType.PDF) == TOO_SLOW


def test_no_decoder_answers_for_a_file_that_another_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "SERVER", PROGRAM)
    # Much by the clock; what sleeps is ended by its server once the hub has read what was said.
    with Inspector(wall_limit_s=5) as inspector, ThreadPoolExecutor(1) as beside:
        assert inspector.inspect([JPEG], MediaType.JPEG).ok
        asleep = put_to_sleep(beside, inspector)
        words = b"say:" + answer(reason=FileRejectionReason.PASSWORD)
        assert inspector.inspect([words], MediaType.PDF) == REFUSED
        assert asleep.result() == TOO_SLOW


def children_of(inspector: Inspector) -> list[str]:
    """The processes of the server's decoders: the one that waits for a file, and those that have one."""
    assert inspector._server is not None
    server = inspector._server.pid
    return Path(f"/proc/{server}/task/{server}/children").read_text().split()


def put_to_sleep(beside: ThreadPoolExecutor, inspector: Inspector) -> Future[Verdict]:
    """The verdict to come over a file whose decoder sleeps by now, and beside which the next one waits."""
    while len(children_of(inspector)) != 1:
        os.sched_yield()
    asleep = beside.submit(inspector.inspect, [b"play:sleep without end"], MediaType.PDF)
    while len(children_of(inspector)) != 2:
        os.sched_yield()
    return asleep


def test_a_decoder_ends_with_its_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "SERVER", PROGRAM)
    with Inspector() as inspector, ThreadPoolExecutor(1) as beside:
        assert inspector.inspect([JPEG], MediaType.JPEG).ok
        asleep = put_to_sleep(beside, inspector)
        ended = [os.pidfd_open(int(each)) for each in children_of(inspector)]
        assert inspector._server is not None
        inspector._server.kill()
        with pytest.raises(TryAgain):
            asleep.result()
        for each in ended:
            assert select.select([each], [], [], 30)[0]
            os.close(each)


def test_a_decoder_that_calls_itself_faulty_is_asked_again_and_its_words_are_cut(inspector: Inspector) -> None:
    with pytest.raises(TryAgain) as raised:
        inspector.inspect([b"say:" + answer(fault="x" * 900)], MediaType.PDF)
    assert len(str(raised.value)) < 120
