"""Submissions: what lies sealed in a row is opened as the value that it was."""

import json

from hub.domain.actor import HUB
from hub.domain.plain import from_plain
from hub.domain.submission import Submission
from hub.wiring import Hub
from storage.records import NegotiationRecord, SubmissionRecord
from storage.submissions import open_submissions, submission_of
from tests.applications import ICBC
from tests.conftest import Submit
from tests.domain.test_submission import STORED


def test_a_body_of_an_earlier_hub_is_opened(hub: Hub, submitted: Submit) -> None:
    negotiation = submitted(ICBC).negotiation
    with hub.writing(HUB) as tx:
        row = tx.session.get_one(SubmissionRecord, (negotiation, 1))
        row.body_sealed = tx.keyring.seal(STORED.encode(), table="submission", column="body", row=f"{negotiation}/1")
    kept = from_plain(Submission, json.loads(STORED))
    with hub.reading(HUB) as tx:
        assert submission_of(tx, tx.session.get_one(NegotiationRecord, negotiation)) == kept
    with hub.reading(HUB) as tx:
        record = tx.session.get_one(NegotiationRecord, negotiation)
        open_submissions(tx, [record])
        assert submission_of(tx, record) == kept
