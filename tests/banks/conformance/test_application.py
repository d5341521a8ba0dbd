"""The application that a test sends."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from hub.banks.conformance.application import REFERENCE, evidence_content, submitted
from schemas.strict_json import decode
from tests.banks.conformance.trials import hub_of, started, trial_of

pytestmark = pytest.mark.slow


def test_the_test_application_is_of_nobody_and_says_so(tmp_path: Path, port: int, sqlite_database: str) -> None:
    with started("webhook", port, tmp_path) as far, hub_of(far, tmp_path, sqlite_database) as (hub, bank):
        sent = submitted(trial_of(hub, bank))
    packet = decode(sent.body)
    assert isinstance(packet, dict)
    assert (sent.reference, packet["reference"], packet["applicant"]["name"]) == (REFERENCE, REFERENCE, "测试")
    assert "不是真实申请" in packet["hardship"]["description"]


def test_the_one_file_is_a_pdf_that_can_be_opened() -> None:
    with pikepdf.open(io.BytesIO(evidence_content())) as pdf:
        assert len(pdf.pages) == 1
