"""A real S3 server for the tests: SeaweedFS on free loopback ports, one a test process.

Import the fixture `s3_server` where it is wanted; its bucket is shared by the tests of a process.
"""

import os
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.dying_together import dying_with_us
from tests.storage.postgres_server import free_port

BUCKET = "evidence"
STARTED_WITHIN_S = 60.0

_LISTENERS = ("master", "volume", "filer", "s3", "admin")
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test-key", "AWS_SECRET_ACCESS_KEY": "test-secret"}


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Server:
    """A running server with an empty bucket. `environment` is what a client of it needs."""

    endpoint_url: str
    process: subprocess.Popen[bytes]

    @property
    def environment(self) -> dict[str, str]:
        return _CREDENTIALS | {"AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """The server, up and with its bucket; the process's environment holds the credentials meanwhile."""
    with tempfile.TemporaryDirectory(prefix="hub-s3-") as folder, pytest.MonkeyPatch.context() as patch:
        server = start_s3(Path(folder))
        try:
            for name, value in server.environment.items():
                patch.setenv(name, value)
            require_bucket(server, Path(folder))
            yield server
        finally:
            # There is nothing to keep, and a gentle end waits for every open connection.
            server.process.kill()
            server.process.wait(timeout=30)


def start_s3(folder: Path, *more: str) -> S3Server:
    """A server in that folder, with `more` options; it may not answer yet."""
    # Every listener has a second port for gRPC, and S3 two more for tables: none may be a neighbour's.
    names = [f"{name}.port{suffix}" for name in _LISTENERS for suffix in ("", ".grpc")]
    by_name = {name: free_port() for name in (*names, "s3.port.iceberg", "s3.port.lance")}
    weed = Path(sysconfig.get_path("scripts")) / "weed"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*dying_with_us([str(weed)]), "-logtostderr", "mini",
             f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
             "-webdav=false", "-admin.ui=false", "-master.telemetry=false", "-s3.autoCreateBucket=false",
             *(f"-{name}={port}" for name, port in by_name.items()), *more],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder, start_new_session=True,
            env=os.environ | _CREDENTIALS | {"HOME": str(folder), "WEED_S3_SSE_KEY": "0" * 64},
        )  # fmt: skip
    return S3Server(endpoint_url=f"http://127.0.0.1:{by_name['s3.port']}", process=process)


def require_bucket(server: S3Server, folder: Path) -> None:
    """The server takes objects, in its bucket."""
    deadline = time.monotonic() + STARTED_WITHIN_S
    client = boto3.client(
        "s3",
        endpoint_url=server.endpoint_url,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}, connect_timeout=1),
    )
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
            # The server answers before it has somewhere to write.
            client.put_object(Bucket=BUCKET, Key="up", Body=b"up")
            client.delete_object(Bucket=BUCKET, Key="up")
        except (BotoCoreError, ClientError) as error:
            if server.process.poll() is not None or time.monotonic() > deadline:
                log_text = (folder / "log").read_text(errors="replace")
                raise RuntimeError(f"SeaweedFS did not start: {log_text[-2000:]}") from error
            if isinstance(error, ClientError) and error.response["Error"]["Code"].startswith("BucketAlready"):
                client.delete_bucket(Bucket=BUCKET)
            time.sleep(0.1)
        else:
            return
