"""The word for calls: the person's app and the bank that reads the case know it, and the reading is on record."""

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import access_log
from tests.web.caller import Caller, made


def test_both_sides_know_the_same_word_and_the_reading_is_on_record(
    host_app: Caller, icbc: Caller, delivered: str, hub: Hub
) -> None:
    told = made(host_app.get(delivered), 200)
    word, _, number = told["call_word"].partition("·")
    assert (len(word), len(number)) == (2, 2)
    case = made(icbc.get(f"/bank{delivered}"), 200)
    assert case["call_word"] == told["call_word"]
    with hub.reading(HUB) as tx:
        assert [each.what for each in access_log.list_readings(tx, told["id"]) if each.actor.startswith("bank:")] == [
            "negotiation"
        ]


def test_the_queue_says_it_to_nobody(icbc: Caller, delivered: str) -> None:
    [listed] = made(icbc.get("/bank/negotiations"), 200)["items"]
    assert listed["id"] in delivered
    assert "call_word" not in listed
    assert "call_word" not in made(icbc.post(f"/bank{delivered}/acknowledge"), 200)


def test_no_two_negotiations_share_theirs_by_design(host_app: Caller, delivered: str) -> None:
    """Nothing of the negotiation is in it: it is drawn by chance and kept."""
    first = made(host_app.get(delivered), 200)["call_word"]
    assert made(host_app.get(delivered), 200)["call_word"] == first
