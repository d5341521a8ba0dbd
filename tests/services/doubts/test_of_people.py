"""Doubts about a person's application: its sums, the mobile, and what many people's applications have in common."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.doubts import COMPARED_DAYS, Doubt, DoubtKind, TraceSort
from hub.domain.evidence import CleanCopy, MediaType
from hub.domain.evidenced_figures import EvidencedFigure
from hub.domain.pdf_origin import PdfEditor, PdfOrigin
from hub.services.doubts import looking
from hub.services.negotiations import evidenced_figures
from hub.services.operating import sweeps
from storage import application_traces
from storage.records import ApplicationRecord, ApplicationTraceRecord, NegotiationRecord
from storage.submissions import submission_of
from tests.applications import ICBC, person
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.services.doubts.test_looking import erase, found

HELPER = {"name": "李四", "relation": "朋友", "mobile": "13700000001"}
MANY = {"people": 3, "days": COMPARED_DAYS}


def kinds(case: Case) -> set[DoubtKind]:
    return {each.kind for each in found(case)} - {DoubtKind.SAME_FILE}


def somebody(number: int, mobile: str) -> dict[str, object]:
    return person(number, mobile=mobile)


def test_a_pdf_of_an_editor_is_a_hint_and_taken_all_the_same(open_case: OpenCase) -> None:
    case = open_case()
    sent = case.upload()
    case.write("流水", sent)
    origin = PdfOrigin(editor=PdfEditor.PHOTOSHOP, updates=2)
    case.judge(sent.id, CleanCopy(media_type=MediaType.PDF, content=b"%PDF-1.7", origin=origin))
    case.work_off()
    assert Doubt(kind=DoubtKind.EDITED_PDF, evidence_id=sent.id, facts={"editor": "Adobe Photoshop"}) in found(case)


def test_sums_are_a_hint_as_long_as_they_differ(open_case: OpenCase) -> None:
    case = open_case()
    with case.row() as (tx, row):
        declared = submission_of(tx, row).finances.monthly_income_fen
    line = "income.wage" if declared and _has_lines(case) else "income"

    def read(amount_fen: int) -> list[Doubt]:
        with case.hub.writing(case.REVIEWER) as tx:
            figure = EvidencedFigure(line=line, amount_fen=amount_fen)
            evidenced_figures.record(tx, case.id, figure, bank_code=ICBC)
        case.work_off()
        return [each for each in found(case) if each.kind is DoubtKind.SUMS_DIFFER]

    assert read(declared) == []
    assert [each.facts["shown_fen"] for each in read(declared * 3)] == [declared * 3]
    assert [each.facts["shown_fen"] for each in read(declared * 4)] == [declared * 4]
    assert read(declared) == []


def _has_lines(case: Case) -> bool:
    with case.row() as (tx, row):
        return bool(submission_of(tx, row).finances.income)


@pytest.mark.parametrize(("days", "is_hint"), [(COMPARED_DAYS - 1, True), (COMPARED_DAYS + 1, False)])
def test_another_mobile_shortly_before_is_a_hint(open_case: OpenCase, days: int, is_hint: bool) -> None:
    first = open_case(applicant=somebody(41, "13511110000"))
    first.withdraw()
    with first.hub.writing(HUB) as tx:
        row = tx.session.get_one(NegotiationRecord, first.id)
        tx.session.get_one(ApplicationRecord, row.application_id).submitted_at -= timedelta(days=days)
    second = open_case(applicant=somebody(41, "13622220000"))
    assert (DoubtKind.MOBILE_CHANGED in kinds(second)) == is_hint
    assert DoubtKind.MOBILE_CHANGED not in kinds(first)


def test_the_same_mobile_again_is_none(open_case: OpenCase) -> None:
    first = open_case(applicant=somebody(42, "13511110000"))
    first.withdraw()
    assert DoubtKind.MOBILE_CHANGED not in kinds(open_case(applicant=somebody(42, "13511110000")))


def test_three_people_of_one_block_are_a_hint_for_each_and_two_are_none(open_case: OpenCase) -> None:
    cases = [open_case(applicant=somebody(50 + each, f"1351111220{each}")) for each in range(2)]
    assert [DoubtKind.NUMBER_BLOCK in kinds(each) for each in cases] == [False, False]
    cases.append(open_case(applicant=somebody(52, "13511112299")))
    cases[0].work_off()
    for case in cases:
        assert Doubt(kind=DoubtKind.NUMBER_BLOCK, facts=MANY) in found(case)


def test_one_helper_of_three_people_is_a_hint_for_each(open_case: OpenCase) -> None:
    cases = [open_case(applicant=somebody(60 + each, f"135{each}1112200"), representative=HELPER) for each in range(3)]
    cases[0].work_off()
    for case in cases:
        assert Doubt(kind=DoubtKind.SHARED_HELPER, facts=MANY) in found(case)


def _from_one_browser(cases: list[Case]) -> None:
    for case in cases:
        with case.hub.writing(case.cardholder) as tx:
            row = tx.session.get_one(NegotiationRecord, case.id)
            application_traces.note(tx, row.application_id, TraceSort.DEVICE, "a browser", at=tx.now)
    for case in cases:
        looking.look(case.hub, case.id)


def test_one_browser_of_three_people_is_a_hint_for_a_month(open_case: OpenCase) -> None:
    cases = [open_case(applicant=somebody(70 + each, f"135{each}3334400")) for each in range(3)]
    _from_one_browser(cases)
    for case in cases:
        assert Doubt(kind=DoubtKind.SHARED_DEVICE, facts=MANY) in found(case)

    cases[0].clock.at += timedelta(days=COMPARED_DAYS, seconds=1)
    sweeps.forget_old(cases[0].hub, real_now=cases[0].clock.at)
    with cases[0].row() as (tx, _):
        assert tx.session.scalar(sa.select(sa.func.count()).select_from(ApplicationTraceRecord)) == 0


def test_an_erased_person_counts_for_nobody(open_case: OpenCase) -> None:
    cases = [open_case(applicant=somebody(80 + each, f"1351111220{each}")) for each in range(2)]
    erase(cases[0])
    third = open_case(applicant=somebody(82, "13511112299"))
    assert DoubtKind.NUMBER_BLOCK not in kinds(third)
    with third.row() as (tx, _):
        row = tx.session.get_one(NegotiationRecord, cases[0].id)
        of_erased = sa.select(ApplicationTraceRecord).where(ApplicationTraceRecord.application_id == row.application_id)
        assert tx.session.scalars(of_erased).all() == []
