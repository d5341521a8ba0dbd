"""The bank's word on where a debt stands in court: it counts, is frozen with an offer, and comes before it."""

import pytest

from hub.domain.actor import HUB, Party
from hub.domain.errors import NotFound, StatusConflict
from hub.domain.legal_stage import LegalStage, LegalStanding
from hub.services.negotiations import legal_stages
from hub.services.operating import invariants
from tests.applications import CMB
from tests.services.case import LARGE_OFFER, OFFER, Case, everything_stored
from tests.services.offer_case import case, database

__all__ = ["case", "database"]

SUED = LegalStanding(legal_stage=LegalStage.SUED, court="北京市朝阳区人民法院", case_number="（2026）京0105民初1234号")


def state(case: Case, standing: LegalStanding = SUED, bank_code: str | None = None) -> None:
    with case.hub.writing(case.REVIEWER) as tx:
        legal_stages.state(tx, case.id, standing, bank_code=bank_code or case.bank_code)


def test_the_banks_word_counts_is_in_the_log_and_told(case: Case) -> None:
    assert case.view()["legal_stage"] == "none"
    for _ in range(2):
        state(case)
    shown = case.view()
    assert (shown["legal_stage"], shown["court"]) == ("sued", SUED.court)
    assert case.kinds().count("legal_stage_stated") == 1
    assert "已起诉（北京市朝阳区人民法院，案号：（2026）京0105民初1234号）" in str(case.log()[-1].text)
    assert len(case.mails("message")) == 1


def test_an_offer_and_its_agreement_say_it_under_their_digest(case: Case) -> None:
    state(case)
    offer_id = case.offer()
    offered = case.offer_of(offer_id)
    assert (offered["legal_stage"], offered["case_number"]) == ("sued", SUED.case_number)
    assert "银行提出方案：分期还款，" in str(case.log()[-1].text)
    case.accept(offer_id)
    signed = case.view()["agreement"]
    assert (signed["legal_stage"], signed["court"], signed["digest"]) == ("sued", SUED.court, offered["digest"])
    case.work_off()
    with case.hub.reading(HUB) as tx:
        assert list(invariants.breaches(tx, case.hub.store)) == []


def test_the_digest_covers_where_the_debt_stands(case: Case) -> None:
    before = case.offer_of(case.offer())["digest"]
    case.decline(case.view()["offers"][0]["id"])
    state(case)
    assert case.offer_of(case.offer())["digest"] != before


@pytest.mark.parametrize("waits", [True, False])
def test_nothing_is_said_while_an_offer_made_under_another_word_waits(case: Case, waits: bool) -> None:
    case.offer(LARGE_OFFER if waits else OFFER)
    assert case.view(Party.BANK)["offers"][0]["status"] == ("awaiting_approval" if waits else "open")
    before = everything_stored(case.hub)
    with pytest.raises(StatusConflict):
        state(case)
    assert everything_stored(case.hub) == before


def test_nothing_is_said_after_the_end_or_by_another_bank(case: Case) -> None:
    with pytest.raises(NotFound):
        state(case, bank_code=CMB)
    case.reject()
    with pytest.raises(StatusConflict, match="rejected"):
        state(case)


def test_a_counter_offer_says_it_too(case: Case) -> None:
    state(case)
    case.offer()
    assert case.offer_of(case.counter())["legal_stage"] == "sued"
