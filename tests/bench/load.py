"""The load generator, a process of its own: reads a plan from standard input, answers with what it saw, both JSON.

Plain sockets of the standard library, a thread and a kept connection a client.
"""

import base64
import http.client
import json
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from tests import applications
from tests.bench.files import Evidence, three_files

_FORM = "application/x-www-form-urlencoded"
_BOUNDARY = "----------------------------5f0c9a3b7e1d2846"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do: `ops` submissions or readings by `clients` at once, numbered from `first` on."""

    what: str
    port: int
    clients: int
    ops: int
    first: int = 0
    client_id: str = ""
    secret: str = ""
    paths: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came of it; the times are of whole operations."""

    done: int
    failed: int
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    errors: list[str]


class Caller:
    """One kept connection."""

    def __init__(self, port: int, headers: dict[str, str], *, good: tuple[int, ...] = (200, 201)) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers, self._good = headers, good

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> bytes:
        """The body of a good answer; raises RuntimeError for any other."""
        self._connection.request(method, path, body, {**self.headers, **headers})
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status not in self._good:
            raise RuntimeError(f"{answer.status} {content[:300]!r}")
        return content


def _application(number: int, evidence: list[dict[str, str]]) -> bytes:
    person = applications.person(number, id_type="passport", id_number=f"E{number:08d}")
    banks = (applications.ICBC, applications.CMB)
    body = applications.application(*banks, evidence=evidence, applicant=person)
    return json.dumps(applications.of_today(body)).encode()


def _to_hub(caller: Caller, number: int, files: tuple[Evidence, ...]) -> None:
    evidence = []
    for file in files:
        query = urllib.parse.urlencode({"kind": file.kind, "subject": f"host-app-user-{number}"})
        told = caller.call(
            "POST", f"/api/v1/evidence?{query}", file.numbered(number),
            **{"Content-Type": file.media_type, "Content-Disposition": f'attachment; filename="{file.name}"'},
        )  # fmt: skip
        evidence.append({"id": json.loads(told)["id"], "kind": file.kind})
    body = _application(number, evidence)
    caller.call(
        "POST", "/api/v1/applications", body,
        **{"Content-Type": "application/json", "Idempotency-Key": f"submission-{number}"},
    )  # fmt: skip


def _to_floor(caller: Caller, number: int, files: tuple[Evidence, ...]) -> None:
    named = [{"id": str(index), "kind": file.kind} for index, file in enumerate(files)]
    pieces = [_part('name="application"', "application/json"), _application(number, named)]
    for index, file in enumerate(files):
        head = f'name="file{index}"; filename="{file.name}"'
        pieces += [b"\r\n", _part(head, file.media_type), file.numbered(number)]
    body = b"".join((*pieces, f"\r\n--{_BOUNDARY}--\r\n".encode()))
    caller.call("POST", "/submit", body, **{"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"})


def _part(head: str, media_type: str) -> bytes:
    return f"--{_BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\nContent-Type: {media_type}\r\n\r\n".encode()


def token(plan: Plan) -> str:
    """A bearer token, asked for as a host app does."""
    known = base64.b64encode(f"{plan.client_id}:{plan.secret}".encode()).decode()
    caller = Caller(plan.port, {"Authorization": f"Basic {known}", "Content-Type": _FORM})
    held: str = json.loads(caller.call("POST", "/oauth/token", b"grant_type=client_credentials"))["access_token"]
    return held


def _deed(plan: Plan) -> tuple[Callable[[Caller, int], None], dict[str, str]]:
    if plan.what == "read":
        return (lambda caller, number: _read(caller, plan.paths[number % len(plan.paths)])), plan.headers
    files = three_files()
    if plan.what == "floor":
        return (lambda caller, number: _to_floor(caller, number, files)), {}
    return (lambda caller, number: _to_hub(caller, number, files)), {"Authorization": f"Bearer {token(plan)}"}


def _read(caller: Caller, path: str) -> None:
    caller.call("GET", path)


class _Numbers:
    """Gives each number once, to any thread."""

    def __init__(self, plan: Plan) -> None:
        self._left: Iterator[int] = iter(range(plan.first, plan.first + plan.ops))
        self._lock = threading.Lock()

    def take(self) -> int | None:
        with self._lock:
            return next(self._left, None)


def run(plan: Plan) -> Seen:
    """The plan is done."""
    deed, headers = _deed(plan)
    numbers, times, errors = _Numbers(plan), list[float](), list[str]()
    start = threading.Barrier(plan.clients + 1)

    def work() -> None:
        caller = Caller(plan.port, headers)
        start.wait()
        while (number := numbers.take()) is not None:
            began = time.perf_counter()
            try:
                deed(caller, number)
            except (OSError, RuntimeError, http.client.HTTPException) as error:
                errors.append(f"{type(error).__name__}: {error}")
                caller = Caller(plan.port, headers)
            else:
                times.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=work) for _ in range(plan.clients)]
    for each in threads:
        each.start()
    start.wait()
    began = time.perf_counter()
    for each in threads:
        each.join()
    seconds = time.perf_counter() - began
    times.sort()
    return Seen(
        done=len(times),
        failed=len(errors),
        seconds=seconds,
        **{f"p{part}_ms": _at(times, part) for part in (50, 95, 99)},
        errors=errors[:3],
    )


def _at(times: list[float], part: int) -> float:
    return times[min(len(times) - 1, len(times) * part // 100)] if times else float("nan")


def main() -> None:
    """One plan in, one answer out."""
    given: dict[str, Any] = json.load(sys.stdin)
    json.dump(asdict(run(Plan(**given))), sys.stdout)


if __name__ == "__main__":
    main()
