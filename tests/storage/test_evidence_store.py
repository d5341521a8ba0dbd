"""What both stores promise alike, and what only S3 can get wrong."""

import hashlib
import secrets
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.domain.errors import EvidenceDamaged, Malformed, StoreFull, TooLarge, Unusable
from storage.evidence_store import PARTS, EvidenceStore
from storage.s3_store import S3Store
from storage.sealed_file import CHUNK_SIZE, Sealing, open_chunks, sealed_size
from storage.store_opening import open_store
from tests.storage.bodies import KEY, LIMIT, LONG_AFTER, MIB, Body, names_of, new_name, put
from tests.storage.s3_server import BUCKET, S3Server, s3_server

__all__ = ["s3_server"]

LONG_BEFORE = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """A store together with a way to its sealed bytes."""

    store: EvidenceStore
    load: Callable[[str], bytes]
    replace: Callable[[str, bytes], object]


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.slow)])
def inside(request: pytest.FixtureRequest, tmp_path: Path) -> Inside:
    if request.param == "folder":
        root = tmp_path / "evidence"

        def path(name: str) -> Path:
            return root / name[-2:] / name

        return Inside(
            store=open_store(root.as_uri(), s3_endpoint_url=None),
            load=lambda name: path(name).read_bytes(),
            replace=lambda name, content: path(name).write_bytes(content),
        )
    server: S3Server = request.getfixturevalue("s3_server")
    prefix = new_name()
    store = open_store(f"s3://{BUCKET}/{prefix}", s3_endpoint_url=server.endpoint_url)
    client = boto3.client("s3", endpoint_url=server.endpoint_url)
    return Inside(
        store=store,
        load=lambda name: client.get_object(Bucket=BUCKET, Key=f"{prefix}/{name}")["Body"].read(),
        replace=lambda name, content: client.put_object(Bucket=BUCKET, Key=f"{prefix}/{name}", Body=content),
    )


@pytest.fixture
def store(inside: Inside) -> EvidenceStore:
    return inside.store


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, MIB + 1, 5 * MIB, 10 * MIB])
def test_what_is_written_is_read(store: EvidenceStore, size: int) -> None:
    content = secrets.token_bytes(size)
    name = new_name()
    stored = store.write(name, KEY, Body(content).read, length=size, limit=LIMIT)
    assert (stored.size, stored.sha256) == (size, hashlib.sha256(content).hexdigest())
    assert b"".join(store.read(name, KEY, size)) == content


@pytest.mark.parametrize("size", [3, 6 * MIB])
def test_a_name_in_use_is_not_written_over(store: EvidenceStore, size: int) -> None:
    name = put(store, b"one")
    with pytest.raises(FileExistsError):
        put(store, bytes(size), name)
    assert list(store.read(name, KEY, 3)) == [b"one"]
    assert names_of(store) == {name}


@pytest.mark.parametrize("length", [None, 3 * MIB + 5])
def test_short_reads_are_legal(store: EvidenceStore, length: int | None) -> None:
    content = secrets.token_bytes(3 * MIB + 5)
    name = new_name()
    stored = store.write(name, KEY, Body(content, most=100_003).read, length=length, limit=LIMIT)
    assert stored.size == len(content)
    assert b"".join(store.read(name, KEY, stored.size)) == content


def test_nothing_past_the_announced_length_is_read(store: EvidenceStore) -> None:
    body = Body(bytes(MIB + 10))
    store.write(new_name(), KEY, body.read, length=MIB, limit=LIMIT)
    assert body.left == 10


@pytest.mark.parametrize("sent", [0, MIB - 1, MIB, 7 * MIB])
def test_a_body_that_is_cut_leaves_nothing(store: EvidenceStore, sent: int) -> None:
    with pytest.raises(Malformed) as refusal:
        store.write(new_name(), KEY, Body(bytes(sent)).read, length=8 * MIB, limit=LIMIT)
    assert refusal.value.code == "body_cut"
    assert names_of(store) == set()


@pytest.mark.parametrize("length", [None, LIMIT + 1])
def test_a_body_over_the_limit_leaves_nothing(store: EvidenceStore, length: int | None) -> None:
    with pytest.raises(TooLarge) as refusal:
        store.write(new_name(), KEY, Body(bytes(LIMIT + 1)).read, length=length, limit=LIMIT)
    assert refusal.value.limit == LIMIT
    assert names_of(store) == set()


def test_an_error_of_the_sender_stays_his_and_leaves_nothing(store: EvidenceStore) -> None:
    body = Body(bytes(7 * MIB))

    def read(wanted: int) -> bytes:
        if not body.left:
            raise ConnectionResetError
        return body.read(wanted)

    with pytest.raises(ConnectionResetError):
        store.write(new_name(), KEY, read, length=8 * MIB, limit=LIMIT)
    assert names_of(store) == set()


def test_a_large_file_is_never_held_whole(store: EvidenceStore) -> None:
    left, largest = 24 * MIB, 0

    def read(wanted: int) -> bytes:
        nonlocal left
        piece = bytes(min(wanted, left))
        left -= len(piece)
        return piece

    name = put(store, b"warms up whatever is loaded once")
    store.delete(name)
    name = new_name()
    tracemalloc.start()
    try:
        store.write(name, KEY, read, length=24 * MIB, limit=24 * MIB)
        for piece in store.read(name, KEY, 24 * MIB):
            largest = max(largest, len(piece))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10 * MIB
    assert largest == CHUNK_SIZE


def test_stored_bytes_show_nothing_of_the_clear_ones(inside: Inside) -> None:
    content = "工资单 6222100000000007".encode() * 1000
    sealed = inside.load(put(inside.store, content))
    assert content[:24] not in sealed
    assert len(sealed) == sealed_size(len(content))


@pytest.mark.parametrize("at", [0, 1, 7, 8, MIB, MIB + 24, 2 * MIB, -17, -1])
def test_a_flipped_byte_is_never_given_out(inside: Inside, at: int) -> None:
    content = secrets.token_bytes(2 * MIB + 100)
    name = put(inside.store, content)
    sealed = bytearray(inside.load(name))
    sealed[at] ^= 1
    inside.replace(name, bytes(sealed))
    got: list[bytes] = []
    with pytest.raises(EvidenceDamaged):
        got.extend(inside.store.read(name, KEY, len(content)))
    given = b"".join(got)
    assert content.startswith(given)
    assert len(given) <= at % len(sealed)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sealed: sealed[:-1],
        lambda sealed: sealed[: 8 + MIB + 16],
        lambda sealed: sealed + b"\0",
        lambda sealed: b"",
        lambda sealed: sealed[:8] + sealed[24 + MIB :] + sealed[8 : 24 + MIB],
    ],
    ids=["cut by a byte", "cut by a chunk", "with a byte more", "emptied", "chunks swapped"],
)
def test_a_stored_file_of_another_form_is_damaged(inside: Inside, spoil: Callable[[bytes], bytes]) -> None:
    name = put(inside.store, bytes(2 * MIB))
    inside.replace(name, spoil(inside.load(name)))
    with pytest.raises(EvidenceDamaged):
        list(inside.store.read(name, KEY, 2 * MIB))


def test_a_file_cut_at_a_chunk_is_damaged_even_if_its_size_is_believed(inside: Inside) -> None:
    name = put(inside.store, bytes(2 * MIB))
    inside.replace(name, inside.load(name)[: 24 + MIB])
    with pytest.raises(EvidenceDamaged):
        list(inside.store.read(name, KEY, MIB))


def test_a_file_moved_to_another_name_is_damaged(inside: Inside) -> None:
    one, other = put(inside.store, b"one"), put(inside.store, b"two")
    inside.replace(other, inside.load(one))
    with pytest.raises(EvidenceDamaged):
        list(inside.store.read(other, KEY, 3))


def test_a_file_does_not_open_with_another_key(store: EvidenceStore) -> None:
    with pytest.raises(EvidenceDamaged):
        list(store.read(put(store, b"one"), bytes(32), 3))


def test_a_missing_file_is_damaged_evidence(store: EvidenceStore) -> None:
    with pytest.raises(EvidenceDamaged):
        list(store.read(new_name(), KEY, 3))


def test_a_deleted_file_is_gone_and_may_be_deleted_again(store: EvidenceStore) -> None:
    name, kept = put(store, b"one"), put(store, b"two")
    store.delete(name)
    store.delete(name)
    assert names_of(store) == {kept}
    assert list(store.read(kept, KEY, 3)) == [b"two"]


def test_names_are_listed_by_when_they_were_written(store: EvidenceStore) -> None:
    name = put(store, b"one")
    assert list(store.list_names(LONG_BEFORE)) == []
    assert list(store.list_names(LONG_AFTER)) == [name]


def test_each_name_is_in_one_part_of_the_store_and_all_parts_are_the_whole(store: EvidenceStore) -> None:
    put_in = {put(store, b"one") for _ in range(20)}
    parts = [list(store.list_names(LONG_AFTER, part=part)) for part in range(PARTS)]
    assert sorted(name for part in parts for name in part) == sorted(put_in)
    assert max(map(len, parts)) < len(put_in)


@pytest.mark.parametrize(
    "name",
    ["", "..", "../" + "a" * 32, "a" * 31, "A" * 32, "a" * 32 + "/b", "a" * 32 + "\n", "a" * 65, "g" * 32],
)
def test_a_name_cannot_lead_out_of_the_store(store: EvidenceStore, name: str) -> None:
    with pytest.raises(ValueError, match="hex"):
        store.write(name, KEY, Body(b"x").read, length=1, limit=LIMIT)
    with pytest.raises(ValueError, match="hex"):
        list(store.read(name, KEY, 1))
    with pytest.raises(ValueError, match="hex"):
        store.delete(name)


def test_a_sound_store_passes_its_check_and_keeps_nothing_of_it(store: EvidenceStore) -> None:
    store.check()
    assert names_of(store) == set()


@settings(deadline=None)
@given(content=st.binary(max_size=300), cuts=st.lists(st.integers(1, 50)))
def test_every_way_of_reading_gives_the_same_file(content: bytes, cuts: list[int]) -> None:
    body, sizes = Body(content), iter(cuts)
    sealing = Sealing(name="a", key=KEY, read=lambda n: body.read(min(n, next(sizes, n))), length=None, limit=300)
    sealed = Body(b"".join(sealing))
    assert b"".join(open_chunks(sealed.read, name="a", key=KEY, size=len(content))) == content
    assert sealing.stored().sha256 == hashlib.sha256(content).hexdigest()


# S3 alone


@pytest.fixture
def dead_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.slow
def test_a_server_that_is_down_keeps_nothing(s3_server: S3Server, dead_address: str) -> None:
    store = S3Store(BUCKET, "", endpoint_url=dead_address)
    with pytest.raises(StoreFull):
        put(store, b"one")
    with pytest.raises(StoreFull):
        list(store.read(new_name(), KEY, 3))
    with pytest.raises(StoreFull):
        names_of(store)
    with pytest.raises(Unusable):
        store.check()


@pytest.mark.slow
def test_a_server_that_is_too_slow_is_given_up(s3_server: S3Server) -> None:
    prefix = new_name()
    patient = S3Store(BUCKET, prefix, endpoint_url=s3_server.endpoint_url)
    hasty = S3Store(BUCKET, prefix, endpoint_url=s3_server.endpoint_url, timeout_s=0)
    with pytest.raises(StoreFull, match="slow"):
        put(hasty, b"one")
    assert names_of(patient) == set()
    name = put(patient, b"two")
    with pytest.raises(StoreFull, match="slow"):
        list(hasty.read(name, KEY, 3))


@pytest.mark.slow
def test_a_missing_bucket_fails_the_check(s3_server: S3Server) -> None:
    with pytest.raises(Unusable, match="NoSuchBucket"):
        S3Store("no-such-bucket", "", endpoint_url=s3_server.endpoint_url).check()


@pytest.mark.slow
def test_wrong_credentials_fail_the_check(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(Unusable, match="SignatureDoesNotMatch"):
        S3Store(BUCKET, "", endpoint_url=s3_server.endpoint_url).check()


def test_an_endpoint_that_is_no_address_is_refused() -> None:
    with pytest.raises(Unusable, match="HUB_S3_ENDPOINT_URL"):
        S3Store(BUCKET, "", endpoint_url="localhost:9000")


@pytest.mark.slow
def test_an_upload_that_was_never_finished_is_listed_and_deleted(s3_server: S3Server) -> None:
    prefix, name = new_name(), new_name()
    client = boto3.client("s3", endpoint_url=s3_server.endpoint_url)
    client.create_multipart_upload(Bucket=BUCKET, Key=f"{prefix}/{name}")
    store = S3Store(BUCKET, prefix, endpoint_url=s3_server.endpoint_url)
    assert names_of(store) == {name}
    store.delete(name)
    assert names_of(store) == set()


class Proxy:
    """Stands before a server and passes `most` bytes of each of its answers on, then closes."""

    def __init__(self, port: int, most: int) -> None:
        self._port, self._most = port, most
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            client, _ = self._listener.accept()
            with client, socket.create_connection(("127.0.0.1", self._port)) as server:
                asked = client.recv(65536)
                if not asked:
                    return
                server.sendall(asked)
                left = self._most
                while left and (piece := server.recv(min(left, 65536))):
                    client.sendall(piece)
                    left -= len(piece)

    def close(self) -> None:
        socket.create_connection(self._listener.getsockname()).close()
        self._thread.join()
        self._listener.close()


@pytest.fixture
def cutting_proxy(s3_server: S3Server) -> Iterator[Proxy]:
    proxy = Proxy(int(s3_server.endpoint_url.rpartition(":")[2]), most=MIB + 200_000)
    yield proxy
    proxy.close()


@pytest.mark.slow
def test_an_answer_that_is_cut_on_its_way_is_no_damage(s3_server: S3Server, cutting_proxy: Proxy) -> None:
    content = secrets.token_bytes(2 * MIB)
    name = put(S3Store(BUCKET, "", endpoint_url=s3_server.endpoint_url), content)
    cut = S3Store(BUCKET, "", endpoint_url=cutting_proxy.address)
    got: list[bytes] = []
    with pytest.raises(StoreFull):
        got.extend(cut.read(name, KEY, len(content)))
    assert got == [content[:MIB]]


@pytest.mark.parametrize("size", [0, 3, MIB + 1, 7 * MIB])
def test_a_sealed_file_moves_to_another_store_as_it_is(inside: Inside, tmp_path: Path, size: int) -> None:
    content, other = secrets.token_bytes(size), open_store((tmp_path / "other").as_uri(), s3_endpoint_url=None)
    name = put(inside.store, content)
    with inside.store.open_sealed(name, size) as read:
        other.write_sealed(name, read, size)
    assert b"".join(other.read(name, KEY, size)) == content
    inside.store.delete(name)
    with other.open_sealed(name, size) as read:
        inside.store.write_sealed(name, read, size, is_original=True)
    assert b"".join(inside.store.read(name, KEY, size)) == content
    with other.open_sealed(name, size) as read, pytest.raises(FileExistsError):
        inside.store.write_sealed(name, read, size)


@pytest.mark.parametrize("lacking", [-1, 1])
def test_a_sealed_file_of_another_length_is_not_taken(store: EvidenceStore, lacking: int) -> None:
    sealed = Body(bytes(sealed_size(100) - lacking))
    with pytest.raises(EvidenceDamaged):
        store.write_sealed(new_name(), sealed.read, 100)
    assert names_of(store) == set()
