"""Many decisions on one case at one moment: one stands, and all others hear whose it is, and since when."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape
from threading import Barrier

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hub.domain.actor import HUB
from hub.services.accounts import clients
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from tests.services.case import LARGE_OFFER, Case
from tests.services.test_races import sound
from tests.web.caller import Caller
from tests.web.pages.clerk import Clerk, Fields
from tests.web.pages.portal.offer_forms import offer_form

# SQLite has one writer at a time, and each of these asks for its turn.
ON_SQLITE, ON_POSTGRESQL = 100, 200
MOST_TRIES = 50
DECISIONS = {"offered", "rejected", "withdrawn"}
Send = Callable[[], TestResponse]
Ways = dict[str, Callable[[], Send]]
Answer = tuple[str, int, str]


def pressing(app: Flask, clerk: Clerk, path: str, fields: Fields) -> Send:
    """Presses the button of a form that lies open in a window of the clerk's browser."""
    cookie = clerk.web.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    window = app.test_client(use_cookies=False)
    form = {**fields, "once": secrets.token_urlsafe(18), "step": "send"}
    headers = {"Cookie": f"{cookie.key}={cookie.value}"}
    return lambda: window.post(f"{clerk.address}{path}", data=form, headers=headers)


def withdrawing(app: Flask, case: Case) -> Send:
    """Ends the case as its cardholder, through their application."""
    with case.hub.writing(HUB) as tx:
        client = case.sent.client
        token = clients.grant_token(tx, client, sorted(client.scopes), at=case.hub.real_clock.now())
    caller = Caller(app.test_client(), token, client)
    return lambda: caller.post(f"/negotiations/{case.id}/withdraw", {"text": "不需要了"})


def answered(send: Send) -> TestResponse:
    """The answer, asked for again as long as the hub is busy and says when to come back."""
    for _ in range(MOST_TRIES):
        answer = send()
        if answer.status_code != 503:
            return answer
        assert "Retry-After" in answer.headers
    raise AssertionError("busy for ever")


def trouble_in(answer: TestResponse) -> str:
    """What a page says of why nothing was done, without its marks."""
    text = answer.get_data(as_text=True).partition('id="trouble">')[2].partition("</div>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def said_by(words: str) -> str:
    """Whose change it is that those words tell of, where they say when it was too; empty for others."""
    found = re.search(r"更新的人： (\S+) ，时间：2026 年 11 月 21 日（周六）10:00", words)
    return "" if found is None else found[1]


def at_once(case: Case, ways: Ways) -> list[Answer]:
    """(way, status, trouble) of every answer to very many decisions, in turn of these ways, let go at one moment."""
    how_many = ON_SQLITE if case.hub.database.on_sqlite else ON_POSTGRESQL
    gate = Barrier(how_many)
    names = [list(ways)[number % len(ways)] for number in range(how_many)]
    sends = [ways[name]() for name in names]

    def run(name: str, send: Send) -> Answer:
        gate.wait(60)
        answer = answered(send)
        return name, answer.status_code, trouble_in(answer)

    with ThreadPoolExecutor(how_many) as pool:
        return list(pool.map(run, names, sends))


@pytest.fixture
def ways(app: Flask, case: Case, clerk: Clerk, chief: Clerk) -> Ways:
    """What may be decided on the case, by the name of the way; every form lies open, and a large offer waits."""
    path = f"/offers/{case.offer(LARGE_OFFER)}"
    offer, approval = offer_form(clerk), chief.form(path, "approve")
    rejection = {**chief.form("/reject"), "reason_code": "can_afford", "text": "收入足够"}
    return {
        "offer": lambda: pressing(app, clerk, "/offer", offer),
        "reject": lambda: pressing(app, chief, "/reject", rejection),
        "approve": lambda: pressing(app, chief, f"{path}/approve", approval),
    }


@dataclass(frozen=True, slots=True)
class Left:
    """What there is of a case after all: the decisions in its log, how its bank's offers stand, who approved one."""

    decisions: list[str]
    offers: list[str]
    approvals: int


def left_of(case: Case) -> Left:
    """What the decisions have left behind."""
    view = case.view(Case.REVIEWER.party)
    with case.hub.reading(HUB) as tx:
        approvals = [line for line in audit.newest(tx) if line.kind == AuditKind.OFFER_APPROVED]
    return Left(
        [kind for kind in case.kinds() if kind in DECISIONS],
        sorted(offer["status"] for offer in view["offers"]),
        len(approvals),
    )


LEFT = {
    "offer": Left(["offered"], ["open", "superseded"], 0),
    "approve": Left(["offered"], ["open"], 1),
    "reject": Left(["rejected"], ["superseded"], 0),
}


def test_of_many_decisions_of_a_bank_at_once_one_stands(case: Case, clerk: Clerk, chief: Clerk, ways: Ways) -> None:
    answers = at_once(case, ways)
    [winner] = [way for way, status, _ in answers if status == 303]
    who = clerk.name if winner == "offer" else chief.name
    assert {(status, said_by(words)) for _, status, words in answers} == {(303, ""), (409, who)}
    assert left_of(case) == LEFT[winner]
    assert sound(case.hub)


def test_a_withdrawal_among_them_is_the_last_and_stands_for_good(
    app: Flask, case: Case, clerk: Clerk, chief: Clerk, ways: Ways
) -> None:
    answers = at_once(case, {**ways, "withdraw": lambda: withdrawing(app, case)})
    winners = [way for way, status, _ in answers if status == 303]
    withdrawals = {status for way, status, _ in answers if way == "withdraw"}
    if winners == ["reject"]:
        # After a no there is nothing to withdraw any more.
        assert (left_of(case), withdrawals) == (LEFT["reject"], {409})
    else:
        # An offer may be withdrawn from; and what is withdrawn is so, however often that is said.
        assert len(winners) <= 1
        assert left_of(case).decisions == [*("offered" for _ in winners), "withdrawn"]
        assert withdrawals == {200}
    refused = [(status, said_by(words)) for way, status, words in answers if way != "withdraw" and status != 303]
    names = {clerk.name if "offer" in winners else chief.name, "客户"} if winners else {"客户"}
    assert {status for status, _ in refused} == {409}
    assert {who for _, who in refused} <= names
    assert sound(case.hub)
