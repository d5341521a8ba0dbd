"""The packet: the bytes that a bank is sent of a submission, spelt as they always were."""

import json

from hub.banks.packet import PacketFile, PacketHeading, packet
from hub.domain.plain import canonical, from_plain
from hub.domain.submission import Submission
from tests.domain.test_submission import APPLICATION_DAY, SAID_SINCE, STORED

_HEADING = PacketHeading(
    negotiation="d" * 32,
    reference="XS-20261120-000001",
    version=1,
    submitted_at=APPLICATION_DAY,
    public_url="https://hub.example",
    identity_level="host",
    identity_confirmed=None,
)
_FILE = PacketFile(
    id="a" * 32,
    kind="payslip",
    file_name="工资.pdf",
    media_type="application/pdf",
    size=3,
    sha256="e" * 64,
    original_sha256="e" * 64,
)


def test_a_bank_is_sent_the_submission_as_it_was_kept_with_the_heading_and_the_files() -> None:
    sent = json.loads(canonical(packet(_HEADING, from_plain(Submission, json.loads(STORED)), [_FILE])))
    of_submission = json.loads(STORED)
    of_submission["accounts"] = [{**each, **SAID_SINCE} for each in of_submission["accounts"]]
    assert {name: sent[name] for name in of_submission} == of_submission
    assert {name: sent[name] for name in sent if name not in of_submission} == {
        "negotiation": "d" * 32,
        "reference": "XS-20261120-000001",
        "version": 1,
        "submitted_at": "2026-11-20T11:05:00+08:00",
        "representative_flags": ["authority_paper"],
        "identity": {"level": "host", "confirmed_by_bank": None},
        "earlier_agreement": None,
        "loans": [],
        "evidence": [
            {
                "id": "a" * 32,
                "kind": "payslip",
                "file_name": "工资.pdf",
                "media_type": "application/pdf",
                "size": 3,
                "sha256": "e" * 64,
                "original_sha256": "e" * 64,
                "url": f"https://hub.example/api/v1/bank/negotiations/{'d' * 32}/evidence/{'a' * 32}",
            }
        ],
    }
