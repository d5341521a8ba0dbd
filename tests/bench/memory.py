"""Memory of web and worker over many uploads of 10 MB, each judged and copied: it is to stay where it was.

Through the real door: HTTP, PostgreSQL, `hub web --workers 2` and `hub worker`. Looked at ten times, each time when
every file so far has its verdict.
"""

import io
import json
import statistics
import time
import urllib.parse
from collections.abc import Iterator, Sequence

from PIL import Image

from hub.domain.actor import HUB
from hub.services.evidence import judging
from hub.wiring import Hub
from tests.bench import process_tree as processes
from tests.bench.load import Caller, Plan, token
from tests.bench.servers import Place, hub_served, open_hub, place
from tests.bench.submitting import add_host_app
from tests.bench.tables import table

UPLOADS = 1000
_LOOKS = 10
_SIZE = 10_000_000
_MARK = b"0" * 32
# A hundred times so much would be a tenth of what the processes have.
_MOST_MB_A_HUNDRED = 1.0


def measure(uploads: int) -> str:
    """The table: memory before and after, and how much it grows by a hundred uploads once it is warm."""
    with place("postgresql") as where:
        looks = list(_looks(where, uploads))
    numbers = [look[0] for look in looks]
    rows = [
        (name, ", ".join(f"{each:.0f}" for each in seen), f"{_slope(numbers, seen) * 100:+.2f}")
        for name, seen in (("web", [look[1] for look in looks]), ("worker", [look[2] for look in looks]))
    ]
    head = (
        f"Memory (PSS) over {numbers[-1]} uploads of {_SIZE / 1e6:.0f} MB, looked at when every one so far was judged; "
        f"flat: at most {_MOST_MB_A_HUNDRED:.0f} MB by a hundred in the second half"
    )
    return f"{head}\n\n" + table(("", "MB from look to look", "MB by a hundred uploads"), rows)


def _looks(where: Place, uploads: int) -> Iterator[tuple[int, float, float]]:
    """How many files were judged, and the MB of web and worker then."""
    client_id, secret = add_host_app(where, "hub")
    hub, photograph = open_hub(where, "hub"), _photograph()
    try:
        with (
            hub_served(where, "hub", "worker", user="work") as worker,
            hub_served(where, "hub", "web", "--workers", "2") as web,
        ):
            port = urllib.parse.urlsplit(web.address).port or 0
            plan = Plan(what="hub", port=port, clients=1, ops=1, client_id=client_id, secret=secret)
            yield 0, _mb(web.pid), _mb(worker.pid)
            for look in range(_LOOKS):
                # A token lives for some minutes.
                caller = Caller(port, {"Authorization": f"Bearer {token(plan)}"})
                for number in range(look * uploads // _LOOKS, (look + 1) * uploads // _LOOKS):
                    _upload(caller, photograph, number)
                _wait_until_judged(hub)
                yield (look + 1) * uploads // _LOOKS, _mb(web.pid), _mb(worker.pid)
    finally:
        hub.close()


def _photograph() -> bytes:
    """A picture of coloured noise of about ten megabytes, with a comment that holds the mark."""
    side = 1600
    while True:
        bands = [Image.effect_noise((side, side), 80) for _ in range(3)]
        out = io.BytesIO()
        Image.merge("RGB", bands).save(out, "JPEG", quality=97, comment=_MARK)
        if out.tell() > _SIZE * 0.97:
            return out.getvalue()
        side = int(side * (_SIZE / out.tell()) ** 0.5)


def _upload(caller: Caller, photograph: bytes, number: int) -> None:
    query = urllib.parse.urlencode({"kind": "payslip", "subject": f"host-app-user-{number}"})
    content = photograph.replace(_MARK, f"{number:032d}".encode(), 1)
    told = caller.call(
        "POST", f"/api/v1/evidence?{query}", content,
        **{"Content-Type": "image/jpeg", "Content-Disposition": 'attachment; filename="payslip.jpg"'},
    )  # fmt: skip
    assert json.loads(told)["id"]


def _wait_until_judged(hub: Hub) -> None:
    while True:
        with hub.reading(HUB) as tx:
            if judging.waiting(tx).files == 0:
                return
        time.sleep(0.5)


def _mb(pid: int) -> float:
    return processes.pss_mb(processes.tree(pid))


def _slope(numbers: Sequence[int], seen: Sequence[float]) -> float:
    """MB an upload over the second half: by then processes have loaded, compiled and cached what they do."""
    half = len(numbers) // 2
    return statistics.linear_regression(numbers[half:], seen[half:]).slope
