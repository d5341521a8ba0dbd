"""What clerks say of files: the newest counts, older ones are kept, and it is the bank's alone."""

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.errors import NotFound
from hub.domain.evidence_check import CheckVerdict, EvidenceCheck
from hub.services.evidence import checks
from hub.services.operating import audit
from hub.services.reading.bank.evidence import CaseFile, list_case_files
from storage import evidence_checks
from storage.records import EvidenceCheckRecord, LogEntryRecord
from tests.applications import CMB, ICBC
from tests.services.case import Case
from tests.services.conftest import OpenCase

CHECKED = EvidenceCheck(verdict=CheckVerdict.CHECKED)
DOUBTFUL = EvidenceCheck(verdict=CheckVerdict.DOUBTFUL, text="金额与流水对不上")


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    return open_case()


def check(case: Case, evidence_id: str, said: EvidenceCheck, bank_code: str = ICBC) -> None:
    with case.hub.writing(case.REVIEWER) as tx:
        checks.check(tx, case.id, evidence_id, said, bank_code=bank_code)


def files_of(case: Case) -> tuple[CaseFile, ...]:
    with case.hub.reading(HUB) as tx:
        return list_case_files(tx, case.id, bank_code=ICBC)


def rows(case: Case, record: type = EvidenceCheckRecord) -> int:
    with case.hub.reading(HUB) as tx:
        return tx.session.scalar(sa.select(sa.func.count()).select_from(record)) or 0


def test_the_newest_counts_and_what_was_said_before_is_kept(case: Case) -> None:
    [file] = files_of(case)
    assert file.check is None
    check(case, file.id, DOUBTFUL)
    check(case, file.id, CHECKED)
    [after] = files_of(case)
    assert after.check is not None
    assert (after.check.verdict, after.check.text, after.is_checked) == (CheckVerdict.CHECKED, "", True)
    with case.hub.reading(HUB) as tx:
        said = evidence_checks.list_of_file(tx, case.id, file.id, bank_code=ICBC)
        assert [each.verdict for each in said] == ["checked", "doubtful"]
        assert [each.replaced_at is None for each in said] == [True, False]
        assert DOUBTFUL.text.encode() not in said[1].text_sealed
        kinds = [each.kind for each in audit.newest(tx)]
    assert kinds.count("evidence_checked") == 2


def test_the_same_again_changes_nothing_and_the_log_of_the_case_has_none_of_it(case: Case) -> None:
    [file] = files_of(case)
    entries = rows(case, LogEntryRecord)
    check(case, file.id, DOUBTFUL)
    check(case, file.id, DOUBTFUL)
    assert rows(case) == 1
    assert rows(case, LogEntryRecord) == entries
    assert DOUBTFUL.text not in str(case.view())


def test_each_clean_file_says_what_was_found_of_it(case: Case) -> None:
    [first] = files_of(case)
    more = case.upload()
    case.write("流水", more)
    case.judge(more.id)
    waiting = case.upload()
    case.write("还在检查", waiting)
    check(case, first.id, CHECKED)
    check(case, more.id, DOUBTFUL)
    assert {each.id: each.is_checked for each in files_of(case)} == {first.id: True, more.id: False}


@pytest.mark.parametrize("bank_code", [ICBC, CMB])
def test_of_another_banks_case_and_of_a_file_it_was_not_given_nothing_can_be_said(case: Case, bank_code: str) -> None:
    [file] = files_of(case)
    never_given = case.upload()
    case.judge(never_given.id)
    with pytest.raises(NotFound):
        check(case, never_given.id if bank_code == ICBC else file.id, CHECKED, bank_code)
    rejected = case.upload()
    case.write("看看", rejected)
    case.judge(rejected.id, "password")
    with pytest.raises(NotFound):
        check(case, rejected.id, CHECKED)
    assert rows(case) == 0
