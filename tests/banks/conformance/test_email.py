"""What a bank's mailbox must pass."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from hub.banks.conformance.application import REFERENCE
from tests.banks.conformance.trials import Run, failed, started

pytestmark = pytest.mark.slow


def mails_in(folder: Path) -> list[EmailMessage]:
    paths = sorted(folder.glob("mail/*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [
        email.message_from_bytes(each.read_bytes(), _class=EmailMessage, policy=email.policy.default) for each in paths
    ]


def test_mails_of_a_test_say_so_and_bring_the_locked_pdf(port: int, tmp_path: Path, examine: Run) -> None:
    with started("email", port, tmp_path) as far:
        checks = examine(far, attach_pdf="true")
        mails = mails_in(tmp_path / "bank")
    assert failed(checks) == []
    assert len(mails) == 3
    for mail in mails:
        body = mail.get_body(("plain",))
        assert body is not None
        words = body.get_content()
        assert mail["Subject"].startswith("[接口测试，请勿办理] ")
        assert REFERENCE in mail["Subject"]
        assert ("不是真实申请" in words, "interface test" in words, "negotiations/" in words) == (True, True, False)
        assert "前答复" not in mail["Subject"] + words
    assert [each.get_content_type() for each in mails[0].iter_attachments()] == ["application/pdf"]
