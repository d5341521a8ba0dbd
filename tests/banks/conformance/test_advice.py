"""Advice that fits what a bank answered."""

from __future__ import annotations

from functools import partial

import pytest

from hub.banks.outgoing import OutgoingHttp
from hub.banks.simulator.http_side import Reply
from tests.banks.conformance.trials import Run, endpoint
from tests.banks.joined import FarBank
from tests.storage.postgres_server import free_port

pytestmark = pytest.mark.slow


ADVICE = [
    (Reply(status=302), "Redirects are not followed"),
    (Reply(status=401, body="签名不对".encode()), "compare secret or keys"),
    (Reply(status=404), "path of the bank's url"),
    (Reply(status=410), "never to come again"),
    (Reply(status=500, body=b"<h1>Oops</h1>\n\n at line 7"), "own system failed"),
    (Reply(status=400, body=b"x" * 500), "the secret and the clock"),
]


@pytest.mark.parametrize(("reply", "advised"), ADVICE, ids=[str(reply.status) for reply, _ in ADVICE])
def test_the_advice_fits_what_the_bank_answered_and_its_words_are_shown(
    webhook: FarBank, examine: Run, reply: Reply, advised: str
) -> None:
    with endpoint(lambda _: reply) as url:
        first = examine(webhook, listens=False, url=url)[0]
    assert advised in first.to_do
    words = " ".join(reply.body.decode().split())
    assert first.came.startswith(f"HTTP {reply.status}, " if reply.status != 410 else "HTTP 410 (")
    assert (words[:200] in first.came, len(first.came) < 400) == (True, True)


def test_where_nobody_listens_the_advice_says_so(webhook: FarBank, examine: Run) -> None:
    first = examine(webhook, listens=False, url=f"http://127.0.0.1:{free_port()}/")[0]
    assert ("no whole answer" in first.came, "Nobody listens there" in first.to_do) == (True, True)


def test_where_the_answer_takes_too_long_the_advice_says_how_long_it_may(
    webhook: FarBank, examine: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.ways_out.OutgoingHttp", partial(OutgoingHttp, answer_s=0.3))
    webhook.behave("silent,slow=1")
    first = examine(webhook, listens=False)[0]
    assert ("no whole answer" in first.came, "within 15 s" in first.to_do) == (True, True)
