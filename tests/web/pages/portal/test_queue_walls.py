"""Another bank's cases change nothing that a bank's people see: byte for byte, but for tokens and times."""

import re
from collections.abc import Callable

from flask import Flask

from hub.services.operating import tallies
from tests.applications import CITIC, ICBC, card
from tests.services.case import LARGE_OFFER
from tests.services.conftest import OpenCase
from tests.web.caller import Caller
from tests.web.pages.clerk import Clerk

ADDRESSES = (
    "/portal/",
    "/portal/?tab=unassigned&sort=-owed",
    "/portal/?tab=messages",
    "/portal/?reason=illness&owed=10k-30k&replied=1",
    "/portal/?limit=1",
    "/portal/views",
    f"/portal/?q={card()[-4:]}",
    "/portal/?q=ZZZZ",
    "/portal/dashboard",
    "/portal/answers",
    "/portal/reviews",
    "/portal/agreements",
    "/portal/agreements?tab=in_force",
    "/portal/exports",
    "/portal/exports/new?kind=queue",
    "/portal/bank",
    "/portal/calendar",
    "/portal/mandates",
)


def without_tokens(page: str) -> str:
    """The page but for what is drawn anew each time: tokens, the signature of a cursor, seconds of the session."""
    page = re.sub(r'name="(?:csrf_token|once)" value="[^"]+"', "", page)
    return re.sub(r'data-session-left="\d+"', "", page)


def test_a_bank_sees_the_same_before_and_after_another_has_more(
    app: Flask, open_case: OpenCase, bank_app: Callable[[str], Caller]
) -> None:
    # Three people are as many as it takes for every hint that is drawn across people to stand already.
    cases = [open_case() for _ in range(3)]
    clerk, program = Clerk(app, "supervisor", cases[0]), bank_app(ICBC)
    paths = ("/bank/negotiations", "/bank/negotiations?limit=1", f"/bank/negotiations/{cases[0].id}/desk", "/banks")

    def seen() -> dict[str, str]:
        tallies.renew(cases[0].hub)
        pages = {each: without_tokens(clerk.page(each)) for each in (*ADDRESSES, clerk.address)}
        answers = {each: without_tokens(program.get(each).get_data(as_text=True)) for each in paths}
        return {**pages, **answers}

    before = seen()
    others = [open_case(CITIC) for _ in range(5)]
    for other in others:
        other.write("请尽快")
    others[0].accept(others[0].offer())
    others[1].offer(LARGE_OFFER)
    others[2].reject()
    others[3].withdraw()
    after = seen()
    assert {address for address in before if after[address] != before[address]} == set()
