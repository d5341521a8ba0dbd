"""A newer agreement over a card takes the place of the older one, also where others write at the same moment."""

import threading

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.agreement_end import EndReason
from storage import agreements
from storage.records import AgreementRecord, NegotiationRecord
from tests.applications import person
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.services.test_races import at_once, sound


def in_force(case: Case) -> list[str]:
    """The negotiations whose agreements are in force."""
    with case.hub.reading(HUB) as tx:
        query = sa.select(AgreementRecord.negotiation_id).where(AgreementRecord.status == "in_force")
        return list(tx.session.scalars(query))


def opened_beside(open_case: OpenCase, first: Case) -> Case:
    """Another open negotiation of the same person, bank and card: somebody who has shown a mobile alone bars nobody."""
    with first.hub.writing(HUB) as tx:
        values = {"identity_level": "mobile", "identity_rank": 0}
        tx.session.execute(sa.update(NegotiationRecord).where(NegotiationRecord.id == first.id).values(values))
    return open_case(applicant=person(7))


def test_of_two_accepted_at_once_one_is_in_force_and_names_the_other(open_case: OpenCase) -> None:
    one = open_case(applicant=person(7))
    offer = one.offer()
    other = opened_beside(open_case, one)
    offers_made = ((one, offer), (other, other.offer()))
    deeds = [(case, made, case.send_code(made)) for case, made in offers_made]
    tries = [lambda case=case, made=made, code=code: case.try_code(made, code) for case, made, code in deeds]
    assert at_once(*tries) == ["done", "done"]
    [left] = in_force(one)
    ended = other if left == one.id else one
    stands = one if left == one.id else other
    agreement = ended.view()["agreement"]
    assert (agreement["status"], agreement["end_reason"]) == ("ended", "replaced")
    assert agreement["replaced_by"] == stands.view()["agreement"]["number"]
    assert sound(one.hub)


def test_one_that_the_bank_settles_meanwhile_stays_settled(
    open_case: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The agreement that is replaced is not of the person's first negotiation, which whoever signs holds.
    before = open_case(applicant=person(7))
    if before.hub.database.on_sqlite:
        pytest.skip("SQLite lets one writer in at a time")
    before.withdraw()
    first = open_case(applicant=person(7))
    first.accept(first.offer())
    second = open_case(applicant=person(7))
    offer = second.offer()
    code = second.send_code(offer)
    listed, settled = threading.Event(), threading.Event()
    list_in_force = agreements.list_in_force

    def listed_before_it_is_settled(*given: object) -> object:
        found = list_in_force(*given)  # type: ignore[arg-type]
        listed.set()
        settled.wait(20)
        return found

    monkeypatch.setattr(agreements, "list_in_force", listed_before_it_is_settled)

    def settle() -> None:
        assert listed.wait(20)
        first.end(EndReason.SETTLED, waive_rest=True)
        settled.set()

    assert at_once(lambda: second.try_code(offer, code), settle) == ["done", "done"]
    agreement = first.view()["agreement"]
    assert (agreement["status"], agreement["end_reason"]) == ("settled", "settled")
    assert first.kinds().count("agreement_ended") == 1
    assert in_force(first) == [second.id]
    assert sound(first.hub)
