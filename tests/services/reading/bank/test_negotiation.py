"""One negotiation as its bank's people see it: masked, with what can be done, and the reading on record."""

from dataclasses import asdict

import pytest

from hub.domain.errors import NotFound
from hub.domain.masks import Masked
from hub.services.reading.bank.negotiation import NegotiationView, negotiation
from hub.services.reading.bank.revealing import list_readings, note_reveal
from tests.applications import CMB, ICBC
from tests.services.case import Case


def seen(case: Case, *in_full: Masked) -> NegotiationView:
    with case.hub.writing(case.REVIEWER) as tx:
        return negotiation(tx, case.id, bank_code=ICBC, language="zh", in_full=frozenset(in_full))


def test_names_and_numbers_are_masked_unless_asked_for_in_full(case: Case) -> None:
    masked, in_full = seen(case), seen(case, *Masked)
    assert (masked.applicant["name"], in_full.applicant["name"]) == ("王*明", "王小明")
    [hidden], [shown] = masked.accounts, in_full.accounts
    assert hidden.card_number != shown.card_number
    assert hidden.card_number[-4:] == shown.card_number[-4:]
    assert "*" not in shown.card_number
    assert masked.owed_fen == hidden.amounts.total_fen


def test_one_field_can_be_asked_for_alone(case: Case) -> None:
    masked, shown = seen(case), seen(case, Masked.MOBILE)
    assert "*" not in shown.applicant["mobile"]
    assert {**shown.applicant, "mobile": ""} == {**masked.applicant, "mobile": ""}
    assert shown.accounts == masked.accounts


def test_what_the_bank_can_do_follows_the_status(case: Case) -> None:
    assert set(asdict(seen(case).actions).values()) == {True}
    case.acknowledge()
    assert seen(case).actions.acknowledge is False
    case.reject()
    assert set(asdict(seen(case).actions).values()) == {False}


def test_an_agreement_comes_with_its_next_payment_and_its_sum(case: Case) -> None:
    assert seen(case).agreement is None
    case.accept(case.offer())
    signed = seen(case).agreement
    assert signed is not None
    assert signed.next_open is not None
    assert signed.next_open.number == 1
    assert signed.total_fen == sum(row["total_fen"] for row in signed.view["schedule"])


def test_each_look_is_on_record_with_why_it_was_in_full(case: Case) -> None:
    seen(case)
    with case.hub.writing(case.REVIEWER) as tx:
        note_reveal(tx, case.id, reason="contact", words="", field=Masked.MOBILE, is_one_too_many=False, bank_code=ICBC)
        found = list_readings(tx, case.id, bank_code=ICBC)
    assert [(each.what, each.reason, each.field) for each in found] == [
        ("in_full", "contact", "mobile"),
        ("negotiation", "", ""),
    ]


def test_another_banks_negotiation_is_unknown(case: Case) -> None:
    with case.hub.writing(case.REVIEWER) as tx, pytest.raises(NotFound):
        negotiation(tx, case.id, bank_code=CMB, language="zh", in_full=frozenset())
