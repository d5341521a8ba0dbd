"""How agreements end: never settled with rows open, never in default that is none, and replaced by newer ones."""

from typing import Any

import pytest

from hub.domain.actor import Party
from hub.domain.agreement_end import EndReason
from hub.domain.errors import AgreementConflict, Refused, StatusConflict
from tests.applications import CMB, account, card, person
from tests.banks.simulated import SimulatedBank
from tests.conftest import AddClient
from tests.services.case import Case, china
from tests.services.conftest import OpenCase, SetRules


def whole_fen(case: Case) -> int:
    """All that the agreement asks."""
    return sum(row["total_fen"] for row in case.view()["agreement"]["payments"])


def ending(case: Case) -> tuple[Any, ...]:
    agreement = case.view()["agreement"]
    return tuple(agreement[name] for name in ("status", "end_reason", "ended_at", "collection_hold_until"))


def said(case: Case) -> tuple[Any, ...]:
    agreement = case.view()["agreement"]
    return tuple(agreement[name] for name in ("end_effective_at", "end_text", "waived_rest_fen", "replaced_by"))


def test_an_agreement_with_open_rows_is_not_settled_unless_the_bank_waives_them(agreed: Case) -> None:
    entries = len(agreed.log())
    with pytest.raises(AgreementConflict) as refused:
        agreed.end(EndReason.SETTLED)
    assert (refused.value.code, refused.value.params) == ("rows_open", {"rows": 36})
    with pytest.raises(Refused, match="/text: text_required"):
        agreed.end(EndReason.SETTLED, " ", waive_rest=True)
    assert (len(agreed.log()), agreed.view()["agreement"]["status"]) == (entries, "in_force")
    agreed.end(EndReason.SETTLED, "余下的不再要求。", waive_rest=True)
    assert ending(agreed) == ("settled", "settled", "2026-11-21T10:00:00+08:00", None)


def test_an_agreement_that_is_paid_is_settled_without_words(agreed: Case) -> None:
    agreed.pay(1, whole_fen(agreed))
    agreed.end(EndReason.SETTLED, "")
    assert ending(agreed)[0] == "settled"


def test_default_takes_as_many_missed_rows_as_were_agreed_and_words(agreed: Case) -> None:
    for day, missed in (("2026-11-21 10:00", 0), ("2026-12-24 10:00", 1)):
        agreed.at(day)
        if missed:
            agreed.miss(1)
        with pytest.raises(AgreementConflict) as refused:
            agreed.end(EndReason.DEFAULTED)
        assert (refused.value.code, refused.value.params) == ("not_defaulted", {"missed": missed, "needed": 2})
    agreed.at("2027-01-24 10:00")
    agreed.miss(2)
    with pytest.raises(Refused, match="/text: text_required"):
        agreed.end(EndReason.DEFAULTED, "")
    agreed.end(EndReason.DEFAULTED, "连续两期未还。")
    # Three whole days of notice, and nobody collects until they are over.
    effective = "2027-01-28T00:00:00+08:00"
    assert ending(agreed) == ("ended", "defaulted", "2027-01-24T10:00:00+08:00", effective)
    assert said(agreed) == (effective, "连续两期未还。", None, None)
    [mail] = agreed.mails("agreement_ended")
    assert mail.tells == china("2027-01-28 00:00")


def test_a_bank_that_gives_no_days_of_notice_ends_at_once(agreed: Case, set_rules: SetRules) -> None:
    set_rules(default_notice_days="0")
    agreed.at("2027-01-24 10:00")
    for number in (1, 2):
        agreed.miss(number)
    agreed.end(EndReason.DEFAULTED, "连续两期未还。")
    assert ending(agreed)[2:] == ("2027-01-24T10:00:00+08:00",) * 2


def test_a_settlement_says_how_much_of_it_was_waived(agreed: Case) -> None:
    agreed.pay(1, 100_000)
    left = whole_fen(agreed) - 100_000
    agreed.end(EndReason.SETTLED, "余下的不再要求。", waive_rest=True)
    assert said(agreed) == ("2026-11-21T10:00:00+08:00", "余下的不再要求。", left, None)


def test_what_was_made_up_for_or_taken_back_does_not_count(agreed: Case) -> None:
    agreed.at("2027-02-24 10:00")
    for number in (1, 2, 3):
        agreed.miss(number)
    agreed.take_back(1)
    agreed.pay(2, agreed.view()["agreement"]["payments"][1]["total_fen"])
    with pytest.raises(AgreementConflict, match="not_defaulted"):
        agreed.end(EndReason.DEFAULTED)


def test_an_agreement_ends_once_and_says_so_to_the_person(agreed: Case) -> None:
    agreed.end(EndReason.SETTLED, waive_rest=True)
    entries = len(agreed.log())
    agreed.end(EndReason.SETTLED, waive_rest=True)
    assert (len(agreed.log()), agreed.status, len(agreed.mails("agreement_ended"))) == (entries, "agreed", 1)
    with pytest.raises(StatusConflict):
        agreed.end(EndReason.DEFAULTED)


def test_the_banks_system_is_told_how_it_ended(open_case: OpenCase, simulated: SimulatedBank) -> None:
    case = open_case(CMB)
    case.accept(case.offer())
    case.end(EndReason.SETTLED, "余下的不再要求。", waive_rest=True)
    case.work_off()
    [told] = [each for each in simulated.taken.values() if each.kind == "agreement.ended"]
    body = told.body.decode()
    assert case.view()["agreement"]["number"] in body
    assert '"end_reason":"settled"' in body
    assert "余下的不再要求。" in body
    assert case.view()["clock"] is None


def test_a_second_agreement_over_the_card_ends_the_first_as_replaced(open_case: OpenCase) -> None:
    first = open_case(applicant=person(7))
    first.accept(first.offer())
    second = open_case(applicant=person(7))
    assert second.view()["renegotiation_of"] == first.id
    assert first.view()["renegotiation_of"] is None
    second.accept(second.offer())
    at = "2026-11-21T10:00:00+08:00"
    assert ending(first) == ("ended", "replaced", at, at)
    assert second.view()["agreement"]["number"] in str(first.log()[-2].text) + str(first.log()[-1].text)
    assert said(first)[3] == second.view()["agreement"]["number"]
    assert ending(second)[0] == "in_force"
    assert len(first.mails("agreement_ended")) == 1


def test_an_agreement_over_another_card_stays_in_force(open_case: OpenCase) -> None:
    first = open_case(applicant=person(7))
    first.accept(first.offer())
    second = open_case(applicant=person(7), accounts=[account(card_number=card(number=1))])
    assert second.view()["renegotiation_of"] is None
    second.accept(second.offer())
    assert ending(first)[0] == "in_force"


def test_another_client_is_not_told_which_negotiation_is_renegotiated(
    open_case: OpenCase, add_client: AddClient
) -> None:
    first = open_case(applicant=person(7))
    first.accept(first.offer())
    second = open_case(applicant=person(7), client=add_client("another app", "applications:write")[0])
    assert second.view(Party.BANK)["renegotiation_of"] == first.id
    assert second.view()["renegotiation_of"] is None
    with second.row() as (_, row):
        assert row.renegotiation_of == first.id


def test_the_number_of_missed_rows_is_the_one_that_was_signed(agreed: Case, set_rules: SetRules) -> None:
    set_rules(void_after_missed="1")
    agreed.at("2026-12-24 10:00")
    agreed.miss(1)
    with pytest.raises(AgreementConflict, match="not_defaulted"):
        agreed.end(EndReason.DEFAULTED)
    agreed.at("2027-01-24 10:00")
    agreed.miss(2)
    agreed.end(EndReason.DEFAULTED)
    assert ending(agreed)[0] == "ended"
