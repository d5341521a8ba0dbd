"""The evidence store in S3 or a server that speaks it: the same sealed files, sent in parts of 5 MiB.

The only importer of boto3. Credentials and region come from where it looks: AWS_ variables, a profile.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from hub.domain.errors import EvidenceDamaged, StoreFull, Unusable
from hub.domain.object_lock import ObjectLock
from hub.steps import reached
from storage.evidence_store import require_name, require_round_trip
from storage.s3_part import PART_SIZE, Part
from storage.sealed_file import Read, Sealing, StoredFile, open_chunks, sealed_pieces, sealed_size

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
        lock: ObjectLock | None = None,
        timeout_s: float = _TRANSFER_TIMEOUT_S,
        answer_within_s: float = _ANSWER_WITHIN_S,
    ) -> None:
        """`timeout_s` is for a whole file on its way, `answer_within_s` for each single answer, tried twice."""
        self._bucket = bucket
        self._lock = lock
        # Until a server says that it does not know the condition.
        self._once: dict[str, str] = {"IfNoneMatch": "*"}
        self._is_versioned: bool | None = None
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

    def write(
        self, name: str, key: bytes, read: Read, *, length: int | None, limit: int, is_original: bool = False
    ) -> StoredFile:
        """See EvidenceStore. The server has compared every part's digest, and told the size of the whole."""
        sealing = Sealing(name=name, key=key, read=read, length=length, limit=limit)
        self._write(name, iter(sealing), is_original=is_original, size_of=lambda: sealing.stored().size)
        return sealing.stored()

    def write_sealed(self, name: str, read: Read, size: int, *, is_original: bool = False) -> None:
        """See EvidenceStore."""
        pieces = sealed_pieces(read, name=name, size=size)
        self._write(name, pieces, is_original=is_original, size_of=lambda: size)

    def _write(self, name: str, pieces: Iterator[bytes], *, is_original: bool, size_of: Callable[[], int]) -> None:
        """`size_of` gives the length of the clear file once all pieces were taken."""
        target = self._target(name)
        part = Part(until=time.monotonic() + self._timeout_s)
        part.fill(pieces)
        held = self._held() if is_original else {}
        with contextlib.ExitStack() as undo:
            # A cut connection may leave a finished object or open parts: both are taken away again.
            undo.callback(self._forget, name)
            try:
                if part.size < PART_SIZE:
                    self._put_new(self._client.put_object, part, **target, **held, **part.digest(held))
                else:
                    self._write_parts(target, part, pieces, held)
            except FileExistsError:
                # Somebody else's.
                undo.pop_all()
                raise
            if self._length(target) != sealed_size(size_of()):
                raise StoreFull("the object store kept another length than was sent")
            undo.pop_all()
        reached("store.kept")

    def _length(self, target: dict[str, str]) -> int:
        length: int = self._ask(self._client.head_object, **target)["ContentLength"]
        return length

    def _write_parts(self, target: dict[str, str], part: Part, pieces: Iterator[bytes], held: dict[str, Any]) -> None:
        begun = self._ask(self._client.create_multipart_upload, **target, **held)
        upload = target | {"UploadId": begun["UploadId"]}
        done: list[dict[str, Any]] = []
        while part.size:
            number = len(done) + 1
            answer = self._ask(self._client.upload_part, **upload, PartNumber=number, Body=part, **part.digest(held))
            done.append({"PartNumber": number, "ETag": answer["ETag"]})
            part.fill(pieces)
        try:
            self._put_new(self._client.complete_multipart_upload, None, **upload, MultipartUpload={"Parts": done})
        except FileExistsError:
            self._ask(self._client.abort_multipart_upload, **upload)
            raise

    def _put_new(self, call: Callable[..., dict[str, Any]], part: Part | None, **arguments: Any) -> None:
        """The object is there, where none was before. Raises FileExistsError, StoreFull."""
        body = {} if part is None else {"Body": part}
        try:
            self._ask(call, **arguments, **body, **self._once)
        except StoreFull as error:
            code, tries = _refusal(error)
            if code == "PreconditionFailed":
                # The answer to an earlier try was lost, and the object is our own.
                if not tries:
                    raise FileExistsError(arguments["Key"]) from error
                target = {name: arguments[name] for name in ("Bucket", "Key")}
                if part is not None and self._length(target) != part.size:
                    # A server that lost the connection before the first byte may have kept an empty one.
                    self._ask(self._client.delete_object, **target)
                    part.seek(0)
                    self._ask(call, **arguments, **body, **self._once)
            elif code == "NotImplemented" and self._once:
                self._once = {}
                if part is not None:
                    part.seek(0)
                self._ask(call, **arguments, **body)
            else:
                raise

    def _held(self) -> dict[str, Any]:
        if self._lock is None:
            return {}
        until = datetime.now(UTC) + timedelta(days=self._lock.days)
        return {"ObjectLockMode": self._lock.mode.upper(), "ObjectLockRetainUntilDate": until}

    def read(self, name: str, key: bytes, size: int) -> Iterator[bytes]:
        """See EvidenceStore."""
        with self.open_sealed(name, size) as read:
            yield from open_chunks(read, name=name, key=key, size=size)

    @contextlib.contextmanager
    def open_sealed(self, name: str, size: int) -> Iterator[Read]:
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
            yield self._reader(body, until=until)

    def delete(self, name: str) -> None:
        """See EvidenceStore. Parts of an upload that was never finished go too, and versions that no lock holds."""
        target = self._target(name)
        self._ask(self._client.delete_object, **target)
        if self._keeps_versions():
            self._delete_versions(target)
        for upload in self._unfinished(target["Key"]):
            if upload["Key"] == target["Key"]:
                self._ask(self._client.abort_multipart_upload, **target, UploadId=upload["UploadId"])

    def _delete_versions(self, target: dict[str, str]) -> None:
        held = False
        versions = [each for each in self._versions(target["Key"], "Versions") if each["Key"] == target["Key"]]
        for each in versions:
            try:
                self._ask(self._client.delete_object, **target, VersionId=each["VersionId"])
            except StoreFull as error:
                if _refusal(error)[0] != "AccessDenied":
                    raise
                held = True
        if held:
            # The mark that hides what is held has to stay.
            return
        for each in self._versions(target["Key"], "DeleteMarkers"):
            if each["Key"] == target["Key"]:
                self._ask(self._client.delete_object, **target, VersionId=each["VersionId"])

    def _versions(self, prefix: str, kind: str) -> Iterator[dict[str, Any]]:
        paginator = self._client.get_paginator("list_object_versions")
        return _items(paginator.paginate(Bucket=self._bucket, Prefix=prefix), kind)

    def _keeps_versions(self) -> bool:
        """Whether what is deleted in the bucket stays as an older version, as it does wherever there are locks."""
        if self._is_versioned is None:
            try:
                found = self._ask(self._client.get_bucket_versioning, Bucket=self._bucket)
            except StoreFull as error:
                if _refusal(error)[0] not in {"NotImplemented", "AccessDenied"}:
                    raise
                found = {}
            self._is_versioned = found.get("Status") is not None
        return self._is_versioned

    def list_names(self, older_than: datetime, *, part: int | None = None) -> Iterator[str]:
        """See EvidenceStore."""
        # Names are random, so that as many begin with one pair of digits as with another.
        begin = self._folder if part is None else f"{self._folder}{part:02x}"
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=begin)
        for item in _items(pages, "Contents"):
            if item["LastModified"] < older_than:
                yield item["Key"].removeprefix(self._folder)
        for upload in self._unfinished(begin):
            if upload["Initiated"] < older_than:
                yield upload["Key"].removeprefix(self._folder)
        if self._keeps_versions():
            yield from self._list_hidden(begin, older_than)

    def _list_hidden(self, begin: str, older_than: datetime) -> Iterator[str]:
        """The names of what was deleted while a lock held it, once the lock is over."""
        held = timedelta(days=0 if self._lock is None else self._lock.days)
        names: set[str] = set()
        for each in self._versions(begin, "Versions"):
            if not each["IsLatest"] and each["LastModified"] + held < older_than:
                names.add(each["Key"].removeprefix(self._folder))
        yield from sorted(names)

    def free_bytes(self) -> int | None:
        """See EvidenceStore."""
        return None

    def check(self) -> None:
        """See EvidenceStore. A bucket that cannot lock what is to be locked is unusable too."""
        require_round_trip(self)
        if self._lock is None:
            return
        try:
            found = self._ask(self._client.get_object_lock_configuration, Bucket=self._bucket)
        except StoreFull as error:
            found = {"ObjectLockConfiguration": {"ObjectLockEnabled": str(error)}}
        if found["ObjectLockConfiguration"].get("ObjectLockEnabled") != "Enabled":
            raise Unusable(
                f"HUB_S3_OBJECT_LOCK_DAYS is set, but the bucket {self._bucket} has no object lock: make one that has, "
                "or leave the setting out."
            )

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


def _refusal(error: StoreFull) -> tuple[str, int]:
    """What the server called its refusal, "" where it gave none, and how often the call was made again."""
    cause = error.__cause__
    if not isinstance(cause, ClientError):
        return "", 0
    return cause.response["Error"]["Code"], cause.response["ResponseMetadata"].get("RetryAttempts", 0)


def _items(pages: Any, name: str) -> Iterator[dict[str, Any]]:
    try:
        for page in pages:
            yield from page.get(name, ())
    except (BotoCoreError, ClientError) as error:
        raise StoreFull(str(error)) from error
