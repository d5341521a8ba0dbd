"""What the server itself holds: originals in a bucket with object lock, against whoever would delete them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from hub.domain.errors import EvidenceDamaged, Unusable
from hub.domain.object_lock import LockMode, ObjectLock
from storage.s3_store import S3Store
from tests.storage.bodies import KEY, LIMIT, LONG_AFTER, MIB, Body, names_of, new_name, put
from tests.storage.s3_server import BUCKET, S3Server, s3_server

__all__ = ["s3_server"]

pytestmark = pytest.mark.slow
DAYS = 30
LOCKED = "held-evidence"


@pytest.fixture
def client(s3_server: S3Server) -> Any:
    """The server as its administrator sees it, with a bucket that has object lock."""
    client = boto3.client("s3", endpoint_url=s3_server.endpoint_url)
    try:
        client.create_bucket(Bucket=LOCKED, ObjectLockEnabledForBucket=True)
    except ClientError as error:
        if not error.response["Error"]["Code"].startswith("BucketAlready"):
            raise
    return client


@pytest.fixture
def prefix() -> str:
    """Where this test alone puts its objects."""
    return new_name()


@pytest.fixture
def store(client: Any, s3_server: S3Server, prefix: str) -> S3Store:
    """A store that holds originals for a month."""
    lock = ObjectLock(days=DAYS, mode=LockMode.GOVERNANCE)
    return S3Store(LOCKED, prefix, endpoint_url=s3_server.endpoint_url, lock=lock)


def put_original(store: S3Store, content: bytes) -> str:
    name = new_name()
    store.write(name, KEY, Body(content).read, length=len(content), limit=LIMIT, is_original=True)
    return name


def versions(client: Any, prefix: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.list_object_versions(Bucket=LOCKED, Prefix=prefix).get("Versions", [])
    return found


@pytest.mark.parametrize("size", [3, 7 * MIB])
def test_an_original_is_held_from_the_moment_it_is_put(client: Any, store: S3Store, prefix: str, size: int) -> None:
    name = put_original(store, bytes(size))
    held = client.get_object_retention(Bucket=LOCKED, Key=f"{prefix}/{name}")["Retention"]
    assert held["Mode"] == "GOVERNANCE"
    assert timedelta(days=DAYS - 1) < held["RetainUntilDate"] - datetime.now(UTC) < timedelta(days=DAYS + 1)
    [version] = versions(client, prefix)
    with pytest.raises(ClientError, match="AccessDenied"):
        client.delete_object(Bucket=LOCKED, Key=version["Key"], VersionId=version["VersionId"])


def test_what_a_lock_holds_is_hidden_when_it_is_deleted_and_listed_once_the_lock_is_over(
    client: Any, store: S3Store, prefix: str
) -> None:
    name = put_original(store, b"one")
    store.delete(name)
    with pytest.raises(EvidenceDamaged):
        list(store.read(name, KEY, 3))
    assert len(versions(client, prefix)) == 1
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert set(store.list_names(tomorrow)) == set()
    assert set(store.list_names(tomorrow + timedelta(days=DAYS))) == {name}
    # Again while the lock is in force: nothing changes, and nobody is told that the store is out of order.
    store.delete(name)
    assert len(versions(client, prefix)) == 1


def test_what_is_no_original_goes_with_all_its_versions(client: Any, store: S3Store, prefix: str) -> None:
    store.delete(put(store, b"a page"))
    found = client.list_object_versions(Bucket=LOCKED, Prefix=prefix)
    assert (found.get("Versions"), found.get("DeleteMarkers")) == (None, None)
    assert set(store.list_names(LONG_AFTER)) == set()


def test_a_bucket_with_lock_passes_the_check_and_one_without_fails_it(store: S3Store, s3_server: S3Server) -> None:
    store.check()
    assert names_of(store) == set()
    lock = ObjectLock(days=DAYS, mode=LockMode.COMPLIANCE)
    with pytest.raises(Unusable, match="no object lock"):
        S3Store(BUCKET, new_name(), endpoint_url=s3_server.endpoint_url, lock=lock).check()


def test_a_server_that_does_not_know_the_condition_is_asked_without_it(
    client: Any, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = S3Store(BUCKET, new_name(), endpoint_url=s3_server.endpoint_url)
    put_object = store._client.put_object
    asked: list[bool] = []

    def old(**arguments: Any) -> Any:
        asked.append("IfNoneMatch" in arguments)
        if asked[-1]:
            answer: Any = {"Error": {"Code": "NotImplemented"}, "ResponseMetadata": {"HTTPStatusCode": 501}}
            raise ClientError(answer, "PutObject")
        return put_object(**arguments)

    monkeypatch.setattr(store._client, "put_object", old)
    for _ in range(2):
        name = put(store, b"one")
        assert list(store.read(name, KEY, 3)) == [b"one"]
    assert asked == [True, False, False]


def test_a_put_whose_answer_was_lost_is_our_own(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    store = S3Store(BUCKET, new_name(), endpoint_url=s3_server.endpoint_url)
    put_object = store._client.put_object

    def twice(**arguments: Any) -> Any:
        put_object(**arguments)
        answer: Any = {"Error": {"Code": "PreconditionFailed"}, "ResponseMetadata": {"RetryAttempts": 1}}
        raise ClientError(answer, "PutObject")

    monkeypatch.setattr(store._client, "put_object", twice)
    name = put(store, b"one")
    assert list(store.read(name, KEY, 3)) == [b"one"]
