"""A person is erased: nothing of them is left in any row, and what is left holds and verifies."""

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.errors import NegotiationErased, NegotiationOpen, NotFound
from hub.domain.retention import DataClass, KeptFor, Periods
from hub.services.erasure import holds, requests
from hub.services.erasure.requests import Answer
from hub.services.operating import invariants
from storage import applications as application_rows
from storage import negotiations
from storage.records import (
    ApplicationRecord,
    CaseNoteRecord,
    EvidenceRecord,
    LogContentRecord,
    OfferRecord,
    SubmissionRecord,
)
from tests.services.case import Case
from tests.services.conftest import OpenCase

PERIODS = Periods.parse("")


def subject_of(case: Case) -> str:
    with case.row() as (tx, row):
        application = application_rows.application_of(tx, tx.session.get_one(ApplicationRecord, row.application_id))
        return application.applicant.subject


def erase(case: Case, subject: str) -> Answer:
    with case.hub.writing(case.cardholder) as tx:
        answer = requests.erase_subject(tx, case.client_id, subject, PERIODS)
    case.work_off()
    return answer


def test_what_is_open_is_withdrawn_first(open_case: OpenCase) -> None:
    case = open_case()
    with pytest.raises(NegotiationOpen) as caught:
        erase(case, subject_of(case))
    with case.row() as (_, row):
        assert caught.value.references == (row.reference,)
        assert row.erased_at is None


def test_an_ended_application_is_erased_whole(open_case: OpenCase) -> None:
    case = open_case()
    subject = subject_of(case)
    case.withdraw()
    answer = erase(case, subject)

    assert {each.what for each in answer.goes} >= {DataClass.FILES, DataClass.APPLICATION}
    assert answer.stays == ()
    with case.row() as (tx, row):
        assert row.erased_at is not None
        for table in (SubmissionRecord, OfferRecord, CaseNoteRecord):
            assert tx.session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
        assert tx.session.scalar(sa.select(sa.func.count()).select_from(EvidenceRecord)) == 0
        left = tx.session.scalars(sa.select(LogContentRecord.sequence)).all()
        assert set(left) <= {each.header.sequence for each in case.log() if each.text is not None}
        assert list(invariants.breaches(tx, case.hub.store)) == []
    erased = [each for each in case.log() if each.header.kind == "erased"]
    assert len(erased) == 2
    assert all(each.text is not None for each in erased)
    earlier = [each for each in case.log() if each.header.sequence < erased[0].header.sequence]
    assert all(each.text is None for each in earlier)


def test_nobody_finds_them_again(open_case: OpenCase) -> None:
    case = open_case()
    subject = subject_of(case)
    case.withdraw()
    erase(case, subject)

    with pytest.raises(NotFound):
        erase(case, subject)
    with case.row() as (tx, row):
        with pytest.raises(NegotiationErased):
            negotiations.get_of_bank(tx, row.id, bank_code=row.bank_code)
        with pytest.raises(NegotiationErased):
            negotiations.get_of_client(tx, row.id, client_id=row.client_id)
    view = case.view()
    assert (view["proposal"], view["offers"], view["status"]) == (None, [], "withdrawn")
    assert view["erased_at"] is not None


def test_another_clients_person_is_not_there(open_case: OpenCase) -> None:
    case = open_case()
    case.withdraw()
    with pytest.raises(NotFound), case.hub.writing(HUB) as tx:
        requests.erase_subject(tx, "another", subject_of(case), PERIODS)


def test_what_is_held_stays(open_case: OpenCase) -> None:
    case = open_case()
    case.withdraw()
    with case.row() as (_, row):
        reference = row.reference
    with case.hub.writing(HUB) as tx:
        holds.hold(tx, reference, "法院要求")
    answer = erase(case, subject_of(case))

    assert {each.why for each in answer.stays} == {KeptFor.LEGAL_HOLD}
    with case.row() as (tx, row):
        assert row.erased_at is None
        assert tx.session.scalar(sa.select(sa.func.count()).select_from(SubmissionRecord)) == 1


def test_an_agreement_in_force_stays_and_its_files_go(open_case: OpenCase) -> None:
    case = open_case()
    case.accept(case.offer())
    case.work_off()
    subject = subject_of(case)
    answer = erase(case, subject)

    assert [(each.what, each.why, each.until) for each in answer.stays] == [
        (DataClass.AGREEMENT, KeptFor.AGREEMENT_IN_FORCE, None)
    ]
    with case.row() as (tx, row):
        assert row.files_erased_at is not None
        assert row.erased_at is None
        assert list(invariants.breaches(tx, case.hub.store)) == []
    assert case.view()["agreement"]["status"] == "in_force"
