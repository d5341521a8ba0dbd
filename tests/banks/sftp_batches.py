"""Batches as they go to a bank's sshd and how they lie there, and the lines that the bank answers with."""

import hashlib
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hub.banks.adapters.sftp import Sftp, make
from hub.banks.port import Batch, Enclosure, Message
from hub.domain.bank import Bank, BankRules
from hub.domain.delivery import MessageKind
from tests.banks.sshd import Sshd

NAME = "NEG_20261121_0001"


class Surroundings:
    """Every host may be reached, under its own name."""

    def check_host(self, host: str) -> str:
        return host


@pytest.fixture
def adapter() -> Sftp:
    return make(Surroundings())  # type: ignore[arg-type]


def a_bank(settings: dict[str, str], **changes: str) -> Bank:
    return Bank(
        code="01020000",
        name_zh="中国工商银行",
        name_en="ICBC",
        adapter="sftp",
        settings={**settings, **changes},
        rules=BankRules(),
    )


@pytest.fixture
def bank(sshd: Sshd) -> Bank:
    return a_bank(sshd.settings)


def enclosure(content: bytes, number: int = 0, media_type: str = "application/pdf") -> Enclosure:
    return Enclosure(
        id=f"e{number}",
        kind="payslip",
        file_name="工资单.pdf",
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        read=lambda: iter([content[: len(content) // 2], content[len(content) // 2 :]]),
    )


def message(number: int, *files: Enclosure, **said: Any) -> Message:
    return Message(
        id=f"{number:032x}",
        kind=MessageKind.SUBMITTED,
        negotiation=f"n{number}",
        body=json.dumps({"negotiation": f"n{number}", "reference": "XS-1", **said}, ensure_ascii=False).encode(),
        queued_at=datetime(2026, 11, 21, tzinfo=UTC),
        enclosures=files,
    )


def a_batch(*messages: Message) -> Batch:
    return Batch(day="20261121", number=1, messages=messages)


BYTES = random.Random(7).randbytes(30_000)
BATCH = a_batch(message(1, enclosure(BYTES, 1), enclosure(b"a picture", 2, "image/jpeg"), text="一\n行"), message(2))


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def disagreements(folder: Path) -> list[str]:
    """What a bank would see wrong just now: files that a control file names and that are not as it says."""
    wrong = []
    for control in folder.glob("*.ctl"):
        for name, sha256 in json.loads(control.read_text())["files"].items():
            if not (folder / name).is_file() or digest_of(folder / name) != sha256:
                wrong.append(name)
    return wrong


def places(folder: Path) -> dict[str, tuple[int, int]]:
    """Where each file lies on the disk and since when: what is written anew gets another place."""
    found = {path: path.stat() for path in folder.rglob("*") if path.is_file()}
    return {str(path.relative_to(folder)): (stat.st_ino, stat.st_mtime_ns) for path, stat in found.items()}


def event(number: int, **changes: Any) -> bytes:
    said = {"event": f"ev-{number}", "type": "acknowledged", "negotiation": "n1", "data": {"一": number}, **changes}
    return json.dumps(said, ensure_ascii=False).encode()
