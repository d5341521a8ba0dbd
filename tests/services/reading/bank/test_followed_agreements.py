"""Agreements followed over cases: each in the tabs it belongs to, with figures that are those of its rows."""

from dataclasses import replace
from datetime import date

import pytest

from hub.domain.actor import HUB
from hub.domain.agreement_end import EndReason
from hub.domain.amendment import AmendmentKind
from hub.domain.legal_stage import LegalStage, LegalStanding
from hub.domain.paging import Page
from hub.domain.payment_standing import Following
from hub.services.agreements import payment_standing
from hub.services.negotiations import legal_stages
from hub.services.operating import sweeps
from hub.services.reading.bank.followed_agreements import FollowedAgreement, counts, list_followed
from storage import agreements, followed_agreements
from storage.records import AgreementRecord
from tests.applications import CMB, ICBC
from tests.services.agreements.amending import Amending
from tests.services.case import OFFER, Case
from tests.services.conftest import OpenCase
from tests.storage.statements import plans_of, sent_by


@pytest.fixture
def agreed(open_case: OpenCase) -> Case:
    """A negotiation with an agreement in force; payments are due on the 20th from 2026-12-20 on."""
    case = open_case()
    case.accept(case.offer())
    return case


def followed(case: Case, tab: Following, bank_code: str = ICBC, **asked: object) -> list[FollowedAgreement]:
    with case.hub.reading(HUB) as tx:
        ended_for = asked.get("ended_for")
        reason = ended_for if isinstance(ended_for, EndReason) else None
        return list(list_followed(tx, bank_code, tab, ended_for=reason, page=Page(limit=50)).rows)


def tabs(case: Case) -> set[str]:
    """Where the one agreement stands; what is counted is what is listed."""
    with case.hub.reading(HUB) as tx:
        counted = {tab for tab, n in counts(tx, ICBC).items() if n}
    assert counted == {tab for tab in Following if followed(case, tab)}
    return {str(tab) for tab in counted}


def test_an_agreement_goes_from_tab_to_tab_as_it_is_paid(agreed: Case) -> None:
    assert tabs(agreed) == {"in_force"}
    agreed.at("2026-12-14 10:00")
    assert tabs(agreed) == {"in_force", "this_week"}
    agreed.pay(1, 20_000)
    assert tabs(agreed) == {"in_force", "this_week", "part_paid"}
    agreed.at("2026-12-21 10:00")
    assert tabs(agreed) == {"in_force", "part_paid", "grace"}
    agreed.at("2026-12-24 10:00")
    agreed.miss(1)
    assert tabs(agreed) == {"in_force", "missed"}
    agreed.take_back(1)
    assert tabs(agreed) == {"in_force", "part_paid", "grace"}
    agreed.end(EndReason.SETTLED, waive_rest=True)
    assert tabs(agreed) == {"ended", "certificates"}
    assert followed(agreed, Following.ENDED, ended_for=EndReason.DEFAULTED) == []
    assert len(followed(agreed, Following.ENDED, ended_for=EndReason.SETTLED)) == 1


def test_a_row_says_what_is_due_what_came_and_what_lacks(agreed: Case) -> None:
    agreed.pay(1, 20_000)
    amending = Amending(case=agreed)
    amending.ask_day(5)
    [row] = followed(agreed, Following.IN_FORCE)
    schedule = agreed.view()["agreement"]["schedule"]
    assert row.next_due_on == date(2026, 12, 20)
    assert row.standing.next_due_fen == schedule[0]["total_fen"] - 20_000
    assert (row.standing.paid_fen, row.total_fen) == (20_000, sum(each["total_fen"] for each in schedule))
    assert (row.amendment, row.amendments, row.hold_missing) == (AmendmentKind.PAY_DAY, 0, 1)
    assert (row.name, row.kind, row.owner) == ("王*明", OFFER.kind, None)
    assert row.reference.startswith("XS-")
    assert row.cards == tuple(each["card_last4"] for each in agreed.view()["offers"][0]["balances"])


def test_a_debt_that_was_sued_for_bears_the_name_of_its_paper(open_case: OpenCase) -> None:
    case = open_case()
    with case.hub.writing(case.REVIEWER) as tx:
        standing = LegalStanding(legal_stage=LegalStage.JUDGED, court="某区人民法院", case_number="（2026）某 01 号")
        legal_stages.state(tx, case.id, standing, bank_code=case.bank_code)
    case.accept(case.offer())
    [row] = followed(case, Following.IN_FORCE)
    assert row.legal.title_zh == "执行和解协议"


def test_figures_beside_an_agreement_are_those_of_its_rows_after_each_deed(agreed: Case) -> None:
    def check() -> None:
        with agreed.hub.reading(HUB) as tx:
            agreement = agreements.find_agreement(tx, agreed.id)
            assert agreement is not None
            fresh = payment_standing.fresh(tx, agreement)
            kept = (agreement.next_due_on, agreement.missed_rows, agreement.part_paid_rows)
            assert kept == (fresh.next_due_on, fresh.missed_rows, fresh.part_paid_rows)

    check()
    agreed.pay(1, 20_000)
    check()
    agreed.at("2027-02-25 10:00")
    agreed.miss(1)
    check()
    agreed.take_back(1)
    check()
    agreed.end(EndReason.SETTLED, waive_rest=True)
    check()


def test_a_settlement_that_is_signed_is_what_is_due_next_and_not_paid_the_rows_of_before_are(agreed: Case) -> None:
    Amending(case=agreed).settling()
    [row] = followed(agreed, Following.IN_FORCE)
    assert (row.next_due_on, row.standing.next_due_fen) == (date(2026, 12, 10), 1_853_000)
    assert tabs(agreed) == {"in_force"}
    agreed.at("2026-12-19 10:00")
    [row] = followed(agreed, Following.THIS_WEEK)
    assert row.next_due_on == date(2026, 12, 20)


def test_an_agreement_of_a_version_that_kept_no_figures_is_followed_by_the_next_sweep(agreed: Case) -> None:
    agreed.pay(1, 20_000)
    with agreed.hub.writing(HUB) as tx:
        agreement = tx.session.query(AgreementRecord).one()
        agreement.followed_at, agreement.part_paid_rows = None, 0
    assert sweeps.run_due(agreed.hub) >= 1
    with agreed.hub.reading(HUB) as tx:
        agreement = tx.session.query(AgreementRecord).one()
        assert (agreement.part_paid_rows, agreement.followed_at is None) == (1, False)


def test_pages_follow_one_another_by_the_next_payment_and_hold_no_other_banks(open_case: OpenCase) -> None:
    days = [date(2026, 12, day) for day in (25, 20, 22)]
    cases = [open_case() for _ in days]
    for case, day in zip(cases, days, strict=True):
        case.accept(case.offer(replace(OFFER, first_due_on=day)))
    theirs = open_case(CMB)
    hub, seen, after = cases[0].hub, [], None
    while True:
        with hub.reading(HUB) as tx:
            page = Page(limit=1, after=after)
            found = list_followed(tx, ICBC, Following.IN_FORCE, ended_for=None, page=page)
        seen += [each.next_due_on for each in found.rows]
        if found.next_place is None:
            break
        after = found.next_place
    assert seen == sorted(days)
    with hub.reading(HUB) as tx:
        assert not any(counts(tx, theirs.bank_code).values())


def test_no_tab_and_no_count_reads_a_whole_table(agreed: Case) -> None:
    if not agreed.hub.database.on_sqlite:
        return
    with agreed.hub.reading(HUB) as tx:
        with sent_by(tx.session.connection()) as sent:
            for tab in Following:
                today = date(2026, 12, 1)
                followed_agreements.list_page(tx, ICBC, tab, today=today, ended_for=None, page=Page(limit=30))
                followed_agreements.count(tx, ICBC, tab, today=today)
        plans = plans_of(tx.session.connection(), sent)
    assert plans
    assert [line for line in plans if "SCAN agreement" in line or "SCAN clearance" in line] == []
    assert [line for line in plans if "TEMP B-TREE" in line] == []
