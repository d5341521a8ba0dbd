"""Files through the whole cage beside the same decoding without it, and a large photo beside bare Pillow.

Both sides take turns, one file at a time, and with the same niceness, so that what else the machine does falls on both.
"""

import io
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from PIL import Image

from hub.documents.decoding import decode, load_readers
from hub.documents.decoding_server import NICENESS
from hub.documents.inspection import Inspector
from hub.domain.evidence import MediaType
from tests.bench.files import three_files
from tests.bench.process_tree import cpu_ms, tree
from tests.bench.tables import table

FILES_A_ROUND = 12
PHOTOS_A_ROUND = 3
_PHOTO = (4000, 3000)
_QUALITY = 90


@dataclass(slots=True)
class _Spent:
    """What each round took: seconds by the clock and of the processor, of whole trees of processes."""

    clock_s: list[float] = field(default_factory=list)
    processor_s: list[float] = field(default_factory=list)

    def measure(self, work: Callable[[], object]) -> None:
        processes = tree(os.getpid())
        processor_ms, begun = cpu_ms(processes), time.perf_counter()
        work()
        self.clock_s.append(time.perf_counter() - begun)
        self.processor_s.append((cpu_ms(processes) - processor_ms) / 1000)


def _photo() -> bytes:
    """12 megapixels, of soft shapes and a camera's grain."""
    shapes = Image.radial_gradient("L").resize(_PHOTO)
    grey = Image.blend(shapes, Image.effect_noise(_PHOTO, 20), 0.3)
    out = io.BytesIO()
    Image.merge("RGB", (grey, shapes, grey)).save(out, "JPEG", quality=92)
    return out.getvalue()


def _bare(photos: Sequence[bytes]) -> None:
    for photo in photos:
        with Image.open(io.BytesIO(photo), formats=["JPEG"]) as opened:
            opened.load()
            opened.save(io.BytesIO(), "JPEG", quality=_QUALITY)


def _alone(files: Sequence[tuple[bytes, MediaType]]) -> None:
    for data, media_type in files:
        decode(data, media_type, io.BytesIO(), io.BytesIO())


def _caged(inspector: Inspector, files: Sequence[tuple[bytes, MediaType]]) -> None:
    for data, media_type in files:
        inspector.inspect([data], media_type)


def measure(rounds: int) -> str:
    """The table: medians of the rounds, and how the cage does beside what it holds."""
    # In a process of its own, which nothing makes less nice again.
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as other:
        return other.submit(_measured, rounds).result()


def _measured(rounds: int) -> str:
    load_readers()
    sent = [(each.numbered(number), MediaType(each.media_type)) for number in range(FILES_A_ROUND // 3)
            for each in three_files()]  # fmt: skip
    photo = _photo()
    caged, alone, ready, bare = _Spent(), _Spent(), _Spent(), _Spent()
    with Inspector() as inspector:
        # The server starts with its first file.
        inspector.inspect([photo], MediaType.JPEG)
        os.nice(NICENESS)
        for _ in range(rounds):
            caged.measure(lambda: _caged(inspector, sent))
            alone.measure(lambda: _alone(sent))
            ready.measure(lambda: _caged(inspector, [(photo, MediaType.JPEG)] * PHOTOS_A_ROUND))
            bare.measure(lambda: _bare([photo] * PHOTOS_A_ROUND))
    files, photos = len(sent), PHOTOS_A_ROUND
    lines = [
        ("files a second", *(f"{files / statistics.median(each.clock_s):.1f}" for each in (caged, alone)),
         f"{_ratio(alone.clock_s, caged.clock_s):.2f} (at least 0.60)"),
        ("files a second of the processor",
         *(f"{files / statistics.median(each.processor_s):.1f}" for each in (caged, alone)),
         f"{_ratio(alone.processor_s, caged.processor_s):.2f}"),
        ("s, a photo of 12 megapixels", *(f"{statistics.median(each.clock_s) / photos:.3f}" for each in (ready, bare)),
         f"{_ratio(ready.clock_s, bare.clock_s):.2f} (at most 2.00)"),
        ("s of the processor, the same",
         *(f"{statistics.median(each.processor_s) / photos:.3f}" for each in (ready, bare)),
         f"{_ratio(ready.processor_s, bare.processor_s):.2f}"),
    ]  # fmt: skip
    return "Decoding in the cage\n\n" + table(("", "in the cage", "without", "ratio"), lines)


def _ratio(one: Sequence[float], other: Sequence[float]) -> float:
    """The middle of what the rounds have: what else the machine does changes from one to the next."""
    return statistics.median(a / b for a, b in zip(one, other, strict=True))
