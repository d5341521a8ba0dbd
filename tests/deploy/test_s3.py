"""The policies of docs/deploy for S3, as a real server keeps them: what the hub needs it may, and nothing else."""

import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from hub.domain.object_lock import LockMode, ObjectLock
from storage.s3_store import S3Store
from tests.deploy import DEPLOY
from tests.storage.bodies import KEY, LIMIT, MIB, Body, new_name
from tests.storage.s3_server import S3Server, require_bucket, start_s3

pytestmark = pytest.mark.slow
# The bucket and the folder in it that the policies name.
BUCKET, FOLDER = "hub-evidence", "hub"
OTHER = "of-somebody-else"
OF_HUB = {"aws_access_key_id": "key-of-the-hub", "aws_secret_access_key": "secret-of-the-hub"}


def policy(name: str) -> Any:
    """A policy of docs/deploy."""
    return json.loads((DEPLOY / "s3" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    """A server with two users: who may everything, and the hub by its policy."""
    everything = {"accessKey": "test-key", "secretKey": "test-secret"}
    ours = {"accessKey": OF_HUB["aws_access_key_id"], "secretKey": OF_HUB["aws_secret_access_key"]}
    known = {
        "identities": [
            {"name": "root", "credentials": [everything], "actions": ["Admin"]},
            {"name": "hub", "credentials": [ours], "policyNames": ["hub"]},
        ],
        "policies": [{"name": "hub", "content": json.dumps(policy("hub-policy"))}],
    }
    with tempfile.TemporaryDirectory(prefix="hub-s3-") as folder, pytest.MonkeyPatch.context() as patch:
        (Path(folder) / "users.json").write_text(json.dumps(known))
        made = start_s3(Path(folder), f"-s3.config={folder}/users.json")
        try:
            for name, value in made.environment.items():
                patch.setenv(name, value)
            require_bucket(made, Path(folder))
            for bucket in (BUCKET, OTHER):
                _root(made).create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
            yield made
        finally:
            made.process.kill()
            made.process.wait(timeout=30)


def _root(server: S3Server) -> Any:
    return boto3.client("s3", endpoint_url=server.endpoint_url)


@pytest.fixture
def root(server: S3Server) -> Any:
    """Who may everything."""
    return _root(server)


@pytest.fixture
def ours(server: S3Server) -> Any:
    """The hub's own user, past the hub."""
    return boto3.client("s3", endpoint_url=server.endpoint_url, **OF_HUB)


@pytest.fixture
def store(server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> S3Store:
    """The hub's store, its credentials in a file as systemd hands it over."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    (tmp_path / "aws").write_text("[default]\n" + "".join(f"{name} = {value}\n" for name, value in OF_HUB.items()))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "aws"))
    lock = ObjectLock(days=30, mode=LockMode.GOVERNANCE)
    return S3Store(BUCKET, FOLDER, endpoint_url=server.endpoint_url, lock=lock)


def refused(call: Any, **arguments: Any) -> bool:
    """Whether the server says that this is not allowed."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return bool(error.value.response["Error"]["Code"] in {"AccessDenied", "403"})


def put(store: S3Store, content: bytes, *, is_original: bool = False) -> str:
    name = new_name()
    store.write(name, KEY, Body(content).read, length=len(content), limit=LIMIT, is_original=is_original)
    return name


def test_the_hub_can_do_with_these_rights_all_that_it_does(store: S3Store) -> None:
    store.check()
    names = [put(store, b"a copy"), put(store, b"%" * 7 * MIB), put(store, b"an original", is_original=True)]
    later = datetime.now(UTC) + timedelta(days=1)
    assert set(names) <= set(store.list_names(later))
    for name in names:
        store.delete(name)
    assert not set(names) & set(store.list_names(later))


def test_an_original_is_held_also_against_the_hub(store: S3Store, ours: Any, root: Any) -> None:
    name = put(store, b"an original", is_original=True)
    store.delete(name)
    key = f"{FOLDER}/{name}"
    [held] = root.list_object_versions(Bucket=BUCKET, Prefix=key)["Versions"]
    target = {"Bucket": BUCKET, "Key": key, "VersionId": held["VersionId"]}
    assert refused(ours.delete_object, **target)
    assert refused(ours.delete_object, **target, BypassGovernanceRetention=True)


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("put_object", {"Bucket": OTHER, "Key": "hub/a", "Body": b"x"}),
        ("put_object", {"Bucket": BUCKET, "Key": "beside", "Body": b"x"}),
        ("list_objects_v2", {"Bucket": OTHER}),
        ("create_bucket", {"Bucket": "another"}),
        ("delete_bucket", {"Bucket": BUCKET}),
        ("put_bucket_policy", {"Bucket": BUCKET, "Policy": "{}"}),
        ("put_bucket_versioning", {"Bucket": BUCKET, "VersioningConfiguration": {"Status": "Suspended"}}),
        ("put_object_lock_configuration", {"Bucket": BUCKET, "ObjectLockConfiguration": {}}),
    ],
    ids=lambda given: given if isinstance(given, str) else given["Bucket"],
)
def test_the_hub_may_do_nothing_else(ours: Any, call: str, arguments: dict[str, Any]) -> None:
    assert refused(getattr(ours, call), **arguments)


def test_by_the_policy_of_the_bucket_nobody_comes_in_clear(store: S3Store, root: Any) -> None:
    name = put(store, b"an original", is_original=True)
    root.head_object(Bucket=BUCKET, Key=f"{FOLDER}/{name}")
    # Last in this module, because with it nobody comes in by the plain HTTP of the test any more.
    root.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy("bucket-policy")))
    assert refused(root.head_object, Bucket=BUCKET, Key=f"{FOLDER}/{name}")
