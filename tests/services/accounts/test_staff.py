"""Accounts of staff: what `hub staff add` refuses, who is found, and what is left of a person who went."""

from datetime import timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.errors import InvalidValue, NotFound, Unusable
from hub.domain.staff import Role
from hub.services.accounts import staff, staff_sign_in
from hub.services.accounts.sign_in import LAPSED_KEPT
from hub.services.operating import sweeps
from hub.services.reading.bank.people import names_of
from hub.wiring import Hub
from storage.staff import email_of, list_of_bank
from tests.applications import CMB, ICBC
from tests.conftest import START

EMAIL = "clerk@bank.example"


def test_an_address_has_one_account(hub: Hub, banks: dict[str, Bank]) -> None:
    with hub.writing(HUB) as tx:
        staff.add(tx, role=Role.REVIEWER, email=EMAIL, bank_code=ICBC, at=START)
        with pytest.raises(Unusable, match="has an account already"):
            staff.add(tx, role=Role.AUDITOR, email=EMAIL.upper(), bank_code=ICBC, at=START)


@pytest.mark.parametrize(
    "typed", ["\u200bclerk@bank.example", " Clerk@Bank.example\ufeff", "\u202aclerk@bank.example\u202c"]
)
def test_an_account_is_found_by_an_address_as_it_is_pasted(hub: Hub, banks: dict[str, Bank], typed: str) -> None:
    with hub.writing(HUB) as tx:
        one, _ = staff.add(tx, role=Role.REVIEWER, email=EMAIL, bank_code=ICBC, at=START)
        found = staff_sign_in.find_account(tx, typed)
        assert found is not None
        assert found.staff.id == one.id


def test_a_demo_account_of_a_bank_whose_code_has_letters_is_found_by_its_address(
    hub: Hub, banks: dict[str, Bank]
) -> None:
    with hub.writing(HUB) as tx:
        made = staff.add_demo(tx, role=Role.AUDITOR, email="auditor-Q7K2@demo.example", bank_code=ICBC, name="审计")
        assert staff.remove(tx, email="auditor-Q7K2@demo.example").id == made.id


def test_an_account_needs_a_real_address_and_a_bank_that_is_here(hub: Hub, banks: dict[str, Bank]) -> None:
    with hub.writing(HUB) as tx:
        with pytest.raises(InvalidValue, match="email"):
            staff.add(tx, role=Role.REVIEWER, email="nonsense", bank_code=ICBC, at=START)
        with pytest.raises(NotFound):
            staff.add(tx, role=Role.REVIEWER, email=EMAIL, bank_code="99999999", at=START)
        with pytest.raises(InvalidValue, match="role_needs_bank"):
            staff.add(tx, role=Role.OPERATOR, email=EMAIL, bank_code=ICBC, at=START)
        with pytest.raises(InvalidValue, match="role_needs_bank"):
            staff.add(tx, role=Role.REVIEWER, email=EMAIL, bank_code=None, at=START)


def test_a_person_who_left_keeps_the_row_and_nothing_else(hub: Hub, banks: dict[str, Bank]) -> None:
    with hub.writing(HUB) as tx:
        added, token = staff.add(tx, role=Role.REVIEWER, email=EMAIL, bank_code=ICBC, at=START)
        session = staff_sign_in.open_session(tx, added.id, at=START)
        staff.remove(tx, EMAIL)
        [left] = list_of_bank(tx, ICBC)
        assert (left.active, left.left_at) == (False, START)
        assert staff_sign_in.find_staff(tx, session, at=START) is None
        assert staff.find_enrolment(tx, token, at=START) is None
        assert staff_sign_in.find_account(tx, EMAIL) is None
        with pytest.raises(Unusable, match="no account"):
            staff.remove(tx, EMAIL)


def test_who_comes_back_to_the_same_bank_has_the_old_account_and_at_another_a_new_one(
    hub: Hub, banks: dict[str, Bank]
) -> None:
    accounts = []
    for bank in (ICBC, ICBC, CMB):
        with hub.writing(HUB) as tx:
            person, _ = staff.add(tx, role=Role.REVIEWER, email=EMAIL, bank_code=bank, at=tx.now)
        with hub.writing(HUB) as tx:
            staff.remove(tx, person.email)
        accounts.append(person.id)
    assert (accounts[0] == accounts[1], accounts[1] == accounts[2]) == (True, False)
    with hub.reading(HUB) as tx:
        [old], [new] = list_of_bank(tx, ICBC), list_of_bank(tx, CMB)
        assert (old.id, old.name, email_of(tx, old)) == (accounts[0], EMAIL, "")
        assert (new.id, email_of(tx, new)) == (accounts[2], EMAIL)
        assert names_of(tx, ICBC) == {f"bank:staff/{old.id}": EMAIL}


def test_sessions_that_ended_a_day_ago_are_forgotten(hub: Hub, banks: dict[str, Bank]) -> None:
    long_ago = START - timedelta(hours=13) - LAPSED_KEPT
    with hub.writing(HUB) as tx:
        added, _ = staff.add(tx, role=Role.REVIEWER, email=EMAIL, bank_code=ICBC, at=START)
        old = staff_sign_in.open_session(tx, added.id, at=long_ago)
        running = staff_sign_in.open_session(tx, added.id, at=START)
    sweeps.forget_old(hub, real_now=START)
    with hub.reading(HUB) as tx:
        assert staff_sign_in.find_staff(tx, old, at=long_ago) is None
        assert staff_sign_in.find_staff(tx, running, at=START) is not None


def test_a_person_has_a_name_that_can_be_changed_and_comes_back_with_the_account(
    hub: Hub, banks: dict[str, Bank]
) -> None:
    email = "clerk@icbc.example"
    with hub.writing(HUB) as tx:
        added, _ = staff.add(tx, role=Role.REVIEWER, email=email, bank_code=ICBC, at=tx.now, name=" 李  敏 ")
        assert added.name == "李 敏"
        assert staff.rename(tx, email, "李敏").name == "李敏"
        staff.remove(tx, email)
        again, _ = staff.add(tx, role=Role.REVIEWER, email=email, bank_code=ICBC, at=tx.now)
        assert (again.id, again.name) == (added.id, "李敏")


@pytest.mark.parametrize("name", ["李" * 81, "李\u200b敏", "李\x07"])
def test_a_name_that_nobody_could_read_is_refused(hub: Hub, banks: dict[str, Bank], name: str) -> None:
    with hub.writing(HUB) as tx, pytest.raises(InvalidValue, match="staff_name"):
        staff.add(tx, role=Role.REVIEWER, email="clerk@icbc.example", bank_code=ICBC, at=tx.now, name=name)
