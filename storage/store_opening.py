"""Which evidence store an address names."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from hub.domain.errors import Unusable
from hub.domain.object_lock import ObjectLock
from storage.evidence_store import EvidenceStore, FolderStore


def open_store(url: str, *, s3_endpoint_url: str | None, lock: ObjectLock | None = None) -> EvidenceStore:
    """The store at `file:///…` or `s3://bucket/prefix`; nothing is touched yet. Raises Unusable.

    `lock`: originals in S3 are held so; a folder knows no lock.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in {"", "localhost"} and len(parts.path) > 1:
        return FolderStore(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        # boto3 is large and slow to load: only a hub that keeps its files in S3 pays for it.
        from storage.s3_store import S3Store  # noqa: PLC0415

        return S3Store(parts.netloc, unquote(parts.path).strip("/"), endpoint_url=s3_endpoint_url, lock=lock)
    raise Unusable("HUB_EVIDENCE_URL is neither file:///an/absolute/folder nor s3://bucket/prefix: correct it.")
