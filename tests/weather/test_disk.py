"""A disk that fails, fills up, or forgets: nothing half kept, nothing lost, and all well again by itself."""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.applications import ICBC, application, pdf
from tests.jobs.waiting import wait_until
from tests.weather.conftest import Serve
from tests.weather.serving import Answer, ServedHub

pytestmark = pytest.mark.slow

MIB = 1024 * 1024


def stored_files(folder: Path) -> list[Path]:
    return [path for path in folder.glob("??/*") if path.is_file()]


def refused_with(answer: Answer, status: int, code: str) -> bool:
    """Whether the answer is that problem, with a sentence for a person."""
    told = answer.json
    return (answer.status, told["code"]) == (status, code) and "请" in told["detail"]


# A system call that fails


@contextmanager
def failing(process_id: int, calls: str, error: str) -> Iterator[None]:
    """Those system calls of that process fail meanwhile."""
    fault = ["-e", f"trace={calls}", "-e", f"inject={calls}:error={error}"]
    tracer = subprocess.Popen(
        ["strace", "-f", "-q", "-p", str(process_id), *fault],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert tracer.stderr is not None
    try:
        wait_until(lambda: tracer.poll() is not None or _is_traced(process_id), what="strace")
        if tracer.poll() is not None:
            pytest.skip(f"processes cannot be traced here: {tracer.stderr.read().strip()[:200]}")
        yield
    finally:
        tracer.terminate()
        try:
            tracer.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            # It can wait for ever for a thread to stand still; with its tracer gone each thread goes on untraced.
            tracer.kill()
            tracer.communicate()


def _is_traced(process_id: int) -> bool:
    # Every thread: one that is not traced yet would get through.
    statuses = [path.read_text() for path in Path(f"/proc/{process_id}/task").glob("*/status")]
    return all("TracerPid:\t0" not in status for status in statuses)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_file_or_a_commit_that_does_not_reach_the_disk_is_not_kept_and_the_next_is(serve: Serve) -> None:
    hub = serve()
    evidence = hub.home / "evidence"
    kept = hub.program.upload()
    assert kept.status == 201
    before = (hub.count("evidence"), len(stored_files(evidence)))

    # The store syncs its files by fsync, SQLite its log by fdatasync.
    with failing(hub.process.pid, "fsync", "EIO"):
        assert refused_with(hub.program.upload(), 507, "store_full")
        assert hub.program.get(f"/api/v1/evidence/{kept.json['id']}/content").body == pdf()
    assert (hub.count("evidence"), len(stored_files(evidence))) == before

    body, key = application(ICBC), "the-same-key"
    with failing(hub.process.pid, "fsync,fdatasync", "EIO"):
        refused = hub.program.post("/applications", body, key=key)
        assert refused_with(refused, 503, "unavailable")
        assert refused.headers["Retry-After"] == "2"
        assert refused_with(hub.program.upload(), 507, "store_full")
    with failing(hub.process.pid, "fdatasync", "EIO"):
        assert refused_with(hub.program.upload(), 503, "unavailable")
    assert (hub.count("evidence"), hub.count("application")) == (before[0], 0)

    assert hub.program.post("/applications", body, key=key).status == 201
    assert hub.program.upload().status == 201
    assert hub.count("application") == 1
    hub.end()
    checked = hub.command("check", "--all")
    assert (checked.returncode, checked.stderr) == (0, "")


# A disk without room


class SmallDisk:
    """A file system of its own with so many MiB."""

    def __init__(self, path: Path, mib: int) -> None:
        self.path = path
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        options = f"size={mib}m,mode=0700"
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(path)], capture_output=True, text=True, check=False
        )
        if made.returncode:
            pytest.skip(f"a small file system needs root and the right to mount: {made.stderr.strip()[:200]}")

    @contextmanager
    def full(self, *, but_for: int = 0) -> Iterator[None]:
        """No room is left meanwhile, but for so many bytes."""
        filler = self.path / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
            if but_for:
                file.truncate(max(0, file.tell() - but_for))
        try:
            yield
        finally:
            filler.unlink()

    def end(self) -> None:
        # Lazily: the hub that has files in it is killed a moment later.
        subprocess.run(["umount", "-l", str(self.path)], check=True)


MakeDisk = Callable[[str, int], SmallDisk]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[MakeDisk]:
    """A way to have a small disk: `small_disk(name, mib)`."""
    disks: list[SmallDisk] = []

    def make(name: str, mib: int) -> SmallDisk:
        disks.append(SmallDisk(tmp_path / name, mib))
        return disks[-1]

    yield make
    for each in disks:
        each.end()


def is_judged(hub: ServedHub, evidence_id: str) -> bool:
    answer = hub.program.get(f"/api/v1/evidence/{evidence_id}")
    return bool(answer.status == 200 and answer.json["status"] != "checking")


def test_a_full_evidence_store_refuses_files_and_nothing_else(serve: Serve, small_disk: MakeDisk) -> None:
    disk = small_disk("evidence", 4)
    hub = serve(HUB_EVIDENCE_URL=disk.path.as_uri())
    first = hub.program.upload().json["id"]
    files = len(stored_files(disk.path))
    with disk.full(but_for=MIB):
        # There is room for the first mebibyte, and not for the rest.
        refused = hub.program.upload(pdf(size=2 * MIB), key="again")
        assert refused_with(refused, 507, "store_full")
        assert "没有保存" in refused.json["detail"]
        assert len(stored_files(disk.path)) == files
    with disk.full():
        assert refused_with(hub.program.upload(), 507, "store_full")
        assert hub.program.get(f"/api/v1/evidence/{first}/content").body == pdf()
        assert hub.program.post("/applications", application(ICBC)).status == 201
        ready = hub.program.get("/readyz")
        assert (ready.status, ready.json["failing"]) == (503, ["evidence"])
        assert hub.program.get("/healthz").status == 200
    assert hub.count("evidence") == 1
    again = hub.program.upload(pdf(size=2 * MIB), key="again")
    assert again.status == 201
    assert hub.program.get("/readyz").status == 200
    wait_until(lambda: is_judged(hub, again.json["id"]), what="a verdict")


def test_a_full_database_decides_nothing_by_halves_and_still_answers(serve: Serve, small_disk: MakeDisk) -> None:
    disk = small_disk("database", 8)
    hub = serve(HUB_DATABASE_URL=f"sqlite:///{disk.path / 'hub.db'}")
    kept = hub.program.upload().json["id"]
    wait_until(lambda: is_judged(hub, kept), what="a verdict")
    body = application(ICBC, evidence=[{"id": kept, "kind": "payslip"}])
    with disk.full():
        # The log of the file may have some room of its own left; it is soon used up.
        wait_until(lambda: hub.program.upload().status == 503, what="the database to be full")
        refused = hub.program.post("/applications", body, key="one")
        assert refused_with(refused, 503, "unavailable")
        assert hub.program.get(f"/api/v1/evidence/{kept}/content").body == pdf()
        assert hub.program.get("/healthz").status == 200
    made = hub.program.post("/applications", body, key="one")
    assert made.status == 201
    assert hub.program.post("/applications", body, key="one").json == made.json
    assert hub.count("application") == 1
    [negotiation] = made.json["negotiations"]
    path = f"/api/v1/negotiations/{negotiation['id']}"
    # The worker has lived through it too.
    wait_until(
        lambda: hub.program.get(path).json["status"] == "awaiting_bank",
        what="the bank to have it",
    )
    hub.end()
    checked = hub.command("check", "--all")
    assert (checked.returncode, checked.stderr) == (0, "")


def test_mails_wait_for_room_and_large_forms_are_refused_without_it(serve: Serve, small_disk: MakeDisk) -> None:
    folder = small_disk("served-0/home/mail", 1)
    temporary = small_disk("temporary", 4)
    hub = serve(TMPDIR=str(temporary.path))
    # The place of temporary files is chosen once, and a full one would not be.
    assert hub.program.upload_form(pdf(size=600_000)).status == 201
    with folder.full(), temporary.full():
        refused = hub.program.upload_form(pdf(size=2 * MIB))
        assert refused_with(refused, 507, "store_full")
        assert hub.program.upload_form(pdf()).status == 201
        assert hub.program.upload(pdf(size=2 * MIB)).status == 201
        made = hub.program.post("/applications", application(ICBC))
        assert made.status == 201
        wait_until(lambda: tried(hub) > 0, what="an attempt to send the mail")
        assert list(folder.path.glob("*.eml")) == []
    assert hub.program.upload_form(pdf(size=2 * MIB)).status == 201
    # The waits between attempts are the hub's own time.
    assert hub.command("clock", "advance", "1h").returncode == 0
    wait_until(lambda: list(folder.path.glob("*.eml")), what="the mail")
    wait_until(lambda: waiting(hub) == 0, what="all mails to be sent")
    mails = [path.read_bytes() for path in folder.path.glob("*.eml")]
    assert len(mails) == len({mail.split(b"Message-ID: ")[1].split()[0] for mail in mails})


def tried(hub: ServedHub) -> int:
    return hub.count("mail WHERE attempts > 0 AND status = 'waiting'")


def waiting(hub: ServedHub) -> int:
    return hub.count("mail WHERE status = 'waiting'")


def test_without_the_right_to_mount_a_limit_of_file_sizes_does_as_well(serve: Serve) -> None:
    hub = serve()
    hub.program.upload()
    before = resource.prlimit(hub.process.pid, resource.RLIMIT_FSIZE, (64 * 1024, resource.RLIM_INFINITY))
    try:
        assert refused_with(hub.program.upload(pdf(size=2 * MIB)), 507, "store_full")
        # Neither the file nor its log may grow, and what is below the limit is read as ever.
        assert hub.program.get("/api/v1/banks").status == 200
        refused = hub.program.post("/applications", application(ICBC), key="one")
        assert refused_with(refused, 503, "unavailable")
    finally:
        resource.prlimit(hub.process.pid, resource.RLIMIT_FSIZE, before)
    assert hub.program.upload(pdf(size=2 * MIB)).status == 201
    assert hub.program.post("/applications", application(ICBC), key="one").status == 201
    assert (hub.count("evidence"), hub.count("application")) == (2, 1)
