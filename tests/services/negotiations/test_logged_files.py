"""Files in the log: it names them without a word of what they are, which people are told as long as they are there."""

from collections.abc import Sequence

from hub.domain.actor import HUB
from hub.domain.application import Correction, EvidenceReference
from hub.domain.entry_kind import EntryKind
from hub.domain.evidence import EvidenceKind
from hub.domain.log_chain import Attachment
from hub.domain.retention import Periods
from hub.services.applications import intake
from hub.services.documents import record_paper, records
from hub.services.erasure import requests
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import spoken
from hub.services.negotiations.locking import lock_for_client
from hub.services.reading import views
from hub.services.reading.bank import log
from storage.submissions import submission_of
from tests.services.case import Case, medical_consent
from tests.services.conftest import OpenCase

DIAGNOSIS = EvidenceKind.DIAGNOSIS
BESIDE = ("clean_copy", "viewing_pages", "erased")


def logged(case: Case, file_id: str) -> list[str]:
    """The kind of each attachment of the log that is the file itself."""
    named = [each for entry in case.log() for each in entry.header.attachments if each.id == file_id]
    return [each.kind for each in named if each.kind not in BESIDE]


def shown(case: Case, file_id: str) -> list[str]:
    """The same as the API shows it."""
    with case.hub.reading(case.cardholder) as tx:
        entries = views.list_log(tx, case.id, after=0, limit=200)
    named = [each for entry in entries for each in entry["attachments"] if each["id"] == file_id]
    return [each["kind"] for each in named if each["kind"] not in BESIDE]


def labels(case: Case) -> Sequence[str]:
    """What the record to read calls the files that it lists."""
    with case.row() as (tx, row):
        return [file.kind_label for each in record_paper.paper_of(tx, row).entries for file in each.files]


def test_the_log_says_file_and_people_read_what_it_is(open_case: OpenCase) -> None:
    case = open_case()
    file = case.upload(DIAGNOSIS)
    case.write("诊断", file)
    case.work_off()
    assert (logged(case, file.id), shown(case, file.id)) == (["evidence"], ["diagnosis"])
    assert "诊断证明" in labels(case)
    with case.row() as (tx, row):
        lines = log.newest_lines(tx, row, {})
    assert [each.kind for line in lines for each in line.files if each.id == file.id] == ["diagnosis"]


def test_each_version_of_an_application_keeps_its_own_word_for_a_file(open_case: OpenCase) -> None:
    case = open_case(worked_off=False)
    file = case.sent.evidence[0]
    case.judge(file, "unreadable")
    case.work_off()
    better = case.upload(DIAGNOSIS)
    with case.row() as (tx, row):
        before = submission_of(tx, row)
    named = (EvidenceReference(id=better.id, kind=DIAGNOSIS),)
    with case.hub.writing(case.cardholder) as tx:
        given = medical_consent(tx.now)
        corrected = Correction(accounts=before.accounts, finances=before.finances, evidence=named, consents=given)
        intake.correct(tx, case.id, corrected, client_id=case.client_id)
    assert (shown(case, file), shown(case, better.id)) == (["payslip"], ["diagnosis"])


def test_an_entry_of_before_goes_on_saying_what_it_said(open_case: OpenCase) -> None:
    case = open_case()
    old = Attachment(id="old", kind="disability_proof", sha256="a" * 64, size=1)
    with case.hub.writing(case.cardholder) as tx:
        negotiation = lock_for_client(tx, case.id, client_id=case.client_id)
        negotiation_log.note(tx, negotiation, spoken(EntryKind.MESSAGE, tx.actor, "以前", [old]))
    case.write("以后", case.upload(DIAGNOSIS))
    assert shown(case, "old") == ["disability_proof"]
    assert "残疾证明" in labels(case)
    with case.hub.reading(HUB) as tx:
        assert records.verify_log(tx, case.id) is None


def test_after_an_erasure_nothing_says_what_the_file_was(open_case: OpenCase) -> None:
    case = open_case()
    case.accept(case.offer())
    file = case.upload(DIAGNOSIS)
    case.write("诊断", file)
    case.work_off()
    with case.row() as (_, row):
        reference = row.reference
    with case.hub.writing(HUB) as tx:
        requests.erase_by_letter(tx, reference, Periods.parse(""))
    case.work_off()
    assert (logged(case, file.id), shown(case, file.id)) == (["evidence"], ["evidence"])
    assert "材料" in labels(case)
    assert "诊断证明" not in labels(case)
