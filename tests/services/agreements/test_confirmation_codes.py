"""The code that signs an offer: how long it is good, how often it is sent and tried, and what stops guessing."""

from datetime import timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.errors import ConfirmationStopped, NotFound, TooManyTries
from hub.domain.operator_task import Task
from hub.services import freed_codes
from hub.services.agreements import confirmation_codes
from hub.services.operating import operator_tasks
from tests.services.agreements.conftest import fault_of
from tests.services.case import Case


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_is_good_for_ten_minutes(case: Case) -> None:
    offer = case.offer()
    code = case.send_code(offer)
    case.clock.at += timedelta(minutes=10)
    assert fault_of(case, offer, code) == "confirmation_code_expired"
    code = case.send_code(offer)
    case.clock.at += timedelta(minutes=9, seconds=59)
    assert (fault_of(case, offer, code), case.status) == (None, "agreed")


def test_five_wrong_tries_are_counted_although_refused_and_use_the_code_up(case: Case) -> None:
    offer = case.offer()
    code = case.send_code(offer)
    found = [fault_of(case, offer, another(code)) for _ in range(5)]
    assert found == ["wrong_confirmation_code"] * 5
    assert fault_of(case, offer, code) == "confirmation_code_used_up"
    assert (case.status, case.view()["agreement"]) == ("offered", None)
    assert fault_of(case, offer, case.send_code(offer)) is None


def test_the_right_code_at_the_fifth_try_is_taken(case: Case) -> None:
    offer = case.offer()
    code = case.send_code(offer)
    for _ in range(4):
        fault_of(case, offer, another(code))
    assert fault_of(case, offer, code) is None


def test_only_the_newest_code_is_good(case: Case) -> None:
    offer = case.offer()
    first = case.send_code(offer)
    second = case.send_code(offer)
    while second == first:
        case.clock.at += timedelta(minutes=5)
        second = case.send_code(offer)
    assert fault_of(case, offer, first) == "wrong_confirmation_code"
    assert fault_of(case, offer, second) is None


def test_the_code_of_another_offer_is_useless(case: Case) -> None:
    first, second = case.offer(), case.offer()
    code = case.send_code(first)
    assert fault_of(case, second, code) == "confirmation_code_not_sent"
    assert fault_of(case, first, code) is None


def refused_for(case: Case, offer: str) -> int:
    """How many seconds no code is sent for the offer."""
    entries = len(case.log())
    with pytest.raises(TooManyTries) as refusal:
        case.send_code(offer)
    assert len(case.log()) == entries
    return refusal.value.retry_after_s


def test_a_code_that_got_lost_is_sent_again_at_once_and_then_after_waits_that_grow(case: Case) -> None:
    offer = case.offer()
    waits = []
    case.send_code(offer)
    for _ in range(4):
        try:
            case.send_code(offer)
            waits.append(0)
        except TooManyTries as error:
            waits.append(error.retry_after_s)
            case.clock.at += timedelta(seconds=error.retry_after_s)
            case.send_code(offer)
    assert waits == [0, 60, 300, 1800]


def test_an_offer_takes_five_codes_in_a_day(case: Case) -> None:
    offer = case.offer()
    first_at = case.clock.at
    for wait in (0, 0, 60, 300, 1800):
        case.clock.at += timedelta(seconds=wait)
        case.send_code(offer)
    assert refused_for(case, offer) == 24 * 3600 - 2160
    case.clock.at = first_at + timedelta(hours=24)
    case.accept(offer)


def try_wrongly(case: Case, offer: str, times: int) -> None:
    """`times` wrong tries of fresh codes, five each, with the waits kept."""
    code = ""
    for number in range(times):
        if number % 5 == 0:
            case.clock.at += timedelta(minutes=5)
            code = case.send_code(offer)
        assert fault_of(case, offer, another(code)) == "wrong_confirmation_code"


def kinds(case: Case) -> list[str]:
    return [entry.header.kind for entry in case.log() if entry.header.kind.startswith("codes_")]


def tasks_of(case: Case) -> list[Task]:
    with case.hub.reading(HUB) as tx:
        return [each for each in operator_tasks.open_tasks(tx) if each.kind == "codes_guessed"]


def test_the_log_says_every_fifth_wrong_try_and_the_tenth_is_a_task(case: Case) -> None:
    offer = case.offer()
    try_wrongly(case, offer, 4)
    assert (kinds(case), tasks_of(case)) == ([], [])
    assert fault_of(case, offer, "wrong") == "wrong_confirmation_code"
    assert (kinds(case), tasks_of(case)) == (["codes_wrong"], [])
    try_wrongly(case, offer, 5)
    assert kinds(case) == ["codes_wrong"] * 2
    assert [each.params for each in tasks_of(case)] == [{"offer": offer, "tries": 10}]


def test_fifteen_wrong_tries_stop_the_offer_however_many_days_pass_until_the_hub_frees_it(case: Case) -> None:
    offer, other = case.offer(), case.offer()
    try_wrongly(case, offer, 14)
    case.clock.at += timedelta(minutes=30)
    code = case.send_code(offer)
    assert fault_of(case, offer, another(code)) == "wrong_confirmation_code"
    assert kinds(case)[-1] == "codes_stopped"
    with pytest.raises(ConfirmationStopped):
        case.try_code(offer, code)
    case.clock.at += timedelta(days=2)
    with pytest.raises(ConfirmationStopped):
        case.send_code(offer)
    assert case.status == "offered"
    [task] = tasks_of(case)
    with case.hub.writing(HUB) as tx:
        assert freed_codes.free(tx, task.id)
    with case.hub.writing(HUB) as tx:
        assert not freed_codes.free(tx, task.id)
    assert (kinds(case)[-1], tasks_of(case)) == ("codes_freed", [])
    assert case.send_code(other)
    case.accept(offer)


def test_the_right_code_is_no_wrong_try(case: Case) -> None:
    offer = case.offer()
    try_wrongly(case, offer, 14)
    case.clock.at += timedelta(minutes=30)
    assert fault_of(case, offer, case.send_code(offer)) is None


def test_no_other_task_frees_codes(case: Case) -> None:
    with case.hub.writing(HUB) as tx:
        operator_tasks.not_judged(tx, files=3)
    with case.hub.reading(HUB) as tx:
        [task] = operator_tasks.open_tasks(tx)
    with pytest.raises(NotFound), case.hub.writing(HUB) as tx:
        freed_codes.free(tx, task.id)


def test_the_message_names_the_code_and_nothing_about_the_debt(case: Case) -> None:
    offer = case.offer()
    with case.hub.writing(case.cardholder) as tx:
        message = confirmation_codes.send(tx, case.id, offer, client_id=case.client_id)
    assert message.to.startswith("138")
    assert len(message.to) == 11
    digits = "".join(each for each in message.text if each.isdigit())
    assert digits[6:] == "10"
    assert message.code not in str([entry.text for entry in case.log()])
