"""Judging a file as a whole: by decoding it, and by the virus scanner where there is one."""

from collections.abc import Iterator

from hub.documents.inspection import Inspector
from hub.documents.scanner import NotScannedError, ScannerUrl, scan
from hub.domain.errors import TooLarge
from hub.domain.evidence import CleanCopy, FileRejectionReason, Infection, MediaType


class FileInspection:
    """Judges a file by decoding it in a child process, and by the scanner where there is one."""

    def __init__(self, inspector: Inspector, scanner_url: str | None) -> None:
        self._inspector = inspector
        self._scanner_url = None if scanner_url is None else ScannerUrl.parse(scanner_url)

    def __call__(self, chunks: Iterator[bytes], media_type: MediaType | None) -> str | Infection | CleanCopy | None:
        """Why the file is rejected, or its clean copy; a file of no type that is decoded is only scanned."""
        data = list(chunks)
        if self._scanner_url is not None:
            try:
                signature = scan(iter(data), self._scanner_url)
            except (NotScannedError, TooLarge):
                return FileRejectionReason.NOT_SCANNED
            if signature is not None:
                return Infection(signature)
        if media_type is None:
            return None
        verdict = self._inspector.inspect(data, media_type)
        return verdict.copy if verdict.ok else verdict.reason
