"""The evidence store in S3 or a server that speaks it: the same sealed files, sent in parts of 5 MiB.

The only importer of boto3. Credentials and region come from where it looks: AWS_ variables, a profile.
"""

import contextlib
import io
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from hub.domain.errors import EvidenceDamaged, StoreFull, Unusable
from hub.steps import reached
from storage.evidence_store import require_name, require_round_trip
from storage.sealed_file import Read, Sealing, StoredFile, open_chunks, sealed_size

# The least that S3 takes of a part that is not the last, and so the most that is held in memory.
_PART_SIZE: Final = 5 * 1024 * 1024
# For one file of at most 10 MiB; without a limit a server that trickles would hold a thread for hours.
_TRANSFER_TIMEOUT_S: Final = 60
_ANSWER_WITHIN_S: Final = 10
# So many threads may wait for the server at a time, and one more this long for its turn: a server that hangs must not
# take every thread of the process with it.
_AT_ONCE: Final = 3
_TURN_WITHIN_S: Final = 1.0
_READ_SIZE: Final = 16 * 1024


class S3Store:
    """Files as objects `prefix/name` of one bucket. Safe to share between threads."""

    def __init__(
        self,
        bucket: str,
        prefix: str,
        *,
        endpoint_url: str | None,
        timeout_s: float = _TRANSFER_TIMEOUT_S,
        answer_within_s: float = _ANSWER_WITHIN_S,
    ) -> None:
        """`timeout_s` is for a whole file on its way, `answer_within_s` for each single answer, tried twice."""
        self._bucket = bucket
        self._timeout_s = timeout_s
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._folder = f"{prefix}/" if prefix else ""
        try:
            # A session of its own: boto3's shared one is not safe to use from several threads.
            session = boto3.session.Session()
            self._client = session.client(
                "s3", endpoint_url=endpoint_url, config=_config(endpoint_url, answer_within_s)
            )
        except ValueError as error:
            raise Unusable("HUB_S3_ENDPOINT_URL is not an http(s) address: correct it.") from error

    def write(self, name: str, key: bytes, read: Read, *, length: int | None, limit: int) -> StoredFile:
        """See EvidenceStore. The server has compared every part's digest, and told the size of the whole."""
        target = self._target(name)
        sealing = Sealing(name=name, key=key, read=read, length=length, limit=limit)
        pieces = iter(sealing)
        part = _Part(until=time.monotonic() + self._timeout_s)
        part.fill(pieces)
        with contextlib.ExitStack() as undo:
            # A cut connection may leave a finished object or open parts: both are taken away again.
            undo.callback(self._forget, name)
            if part.size < _PART_SIZE:
                self._ask(self._client.put_object, **target, Body=part)
            else:
                self._write_parts(target, part, pieces)
            if self._ask(self._client.head_object, **target)["ContentLength"] != sealed_size(sealing.stored().size):
                raise StoreFull("the object store kept another length than was sent")
            undo.pop_all()
        reached("store.kept")
        return sealing.stored()

    def _write_parts(self, target: dict[str, str], part: "_Part", pieces: Iterator[bytes]) -> None:
        upload = target | {"UploadId": self._ask(self._client.create_multipart_upload, **target)["UploadId"]}
        done: list[dict[str, Any]] = []
        while part.size:
            number = len(done) + 1
            answer = self._ask(self._client.upload_part, **upload, PartNumber=number, Body=part)
            done.append({"PartNumber": number, "ETag": answer["ETag"]})
            part.fill(pieces)
        self._ask(self._client.complete_multipart_upload, **upload, MultipartUpload={"Parts": done})

    def read(self, name: str, key: bytes, size: int) -> Iterator[bytes]:
        """See EvidenceStore."""
        until = time.monotonic() + self._timeout_s
        try:
            with self._turn():
                answer = self._client.get_object(**self._target(name))
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                raise EvidenceDamaged(f"{name}: missing") from error
            raise StoreFull(str(error)) from error
        with contextlib.closing(answer["Body"]) as body:
            if answer["ContentLength"] != sealed_size(size):
                raise EvidenceDamaged(f"{name}: another length than was stored")
            read = self._reader(body, until=until)
            yield from open_chunks(read, name=name, key=key, size=size)

    def delete(self, name: str) -> None:
        """See EvidenceStore. Parts of an upload that was never finished go too."""
        target = self._target(name)
        self._ask(self._client.delete_object, **target)
        for upload in self._unfinished(target["Key"]):
            if upload["Key"] == target["Key"]:
                self._ask(self._client.abort_multipart_upload, **target, UploadId=upload["UploadId"])

    def list_names(self, older_than: datetime) -> Iterator[str]:
        """See EvidenceStore."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._folder)
        for item in _items(pages, "Contents"):
            if item["LastModified"] < older_than:
                yield item["Key"].removeprefix(self._folder)
        for upload in self._unfinished(self._folder):
            if upload["Initiated"] < older_than:
                yield upload["Key"].removeprefix(self._folder)

    def check(self) -> None:
        """See EvidenceStore."""
        require_round_trip(self)

    def _target(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._folder + require_name(name)}

    def _unfinished(self, prefix: str) -> Iterator[dict[str, Any]]:
        paginator = self._client.get_paginator("list_multipart_uploads")
        return _items(paginator.paginate(Bucket=self._bucket, Prefix=prefix), "Uploads")

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=_TURN_WITHIN_S):
            raise StoreFull("the object store keeps too many waiting")
        try:
            yield
        finally:
            self._turns.release()

    def _ask(self, call: Callable[..., dict[str, Any]], **arguments: Any) -> dict[str, Any]:
        """The server's answer; down, slow, full or refusing is StoreFull."""
        try:
            with self._turn():
                return call(**arguments)
        except (BotoCoreError, ClientError, TimeoutError) as error:
            raise StoreFull(str(error)) from error

    def _reader(self, body: Any, *, until: float) -> Read:
        def read(wanted: int) -> bytes:
            got = bytearray()
            while len(got) < wanted and time.monotonic() < until:
                # Small reads: one of them waits as long as the server likes, as long as something comes.
                try:
                    with self._turn():
                        piece = body.read(min(_READ_SIZE, wanted - len(got)))
                except (BotoCoreError, OSError) as error:
                    raise StoreFull(str(error)) from error
                if not piece:
                    break
                got += piece
            if time.monotonic() >= until:
                raise StoreFull("the object store is too slow")
            return bytes(got)

        return read

    def _forget(self, name: str) -> None:
        # What cannot be taken away now is an object without a row, and the sweeper's.
        with contextlib.suppress(StoreFull):
            self.delete(name)


class _Part(io.BytesIO):
    """The part of a sealed file that is being sent: one buffer for all parts of a file.

    It can be read until an instant only, so that no slow server takes it for ever.
    """

    def __init__(self, *, until: float) -> None:
        super().__init__()
        self._until = until

    @property
    def size(self) -> int:
        return self.getbuffer().nbytes

    def fill(self, pieces: Iterator[bytes]) -> None:
        """The next pieces are in the buffer: 5 MiB and little more, less at the end, nothing after it."""
        self.seek(0)
        self.truncate()
        for piece in pieces:
            self.write(piece)
            if self.size >= _PART_SIZE:
                break
        self.seek(0)

    def read(self, size: int | None = -1, /) -> bytes:
        if time.monotonic() > self._until:
            raise TimeoutError("the object store is too slow")
        return super().read(size)


def _config(endpoint_url: str | None, answer_within_s: float) -> Config:
    return Config(
        connect_timeout=min(5, answer_within_s),
        read_timeout=answer_within_s,
        retries={"total_max_attempts": 2, "mode": "standard"},
        signature_version="s3v4",
        # A signed payload makes any server compare its SHA-256 with what arrived before it stores a byte; the
        # newer checksum trailers, which boto3 would send by itself, are unknown to many.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path" if endpoint_url else "auto", "payload_signing_enabled": True},
    )


def _items(pages: Any, name: str) -> Iterator[dict[str, Any]]:
    try:
        for page in pages:
            yield from page.get(name, ())
    except (BotoCoreError, ClientError) as error:
        raise StoreFull(str(error)) from error
