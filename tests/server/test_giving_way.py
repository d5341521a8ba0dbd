"""Background work gives way to requests that share its process, and is not held up for ever."""

import threading
from collections.abc import Iterable
from typing import Any

import pytest

from hub.server.giving_way import RequestsInHand


class Served:
    """An application whose one request is in hand until it is let go; `happened` says what came when."""

    def __init__(self, longest_s: float) -> None:
        self.app = RequestsInHand(self._answer, longest_s=longest_s)
        self.happened: list[str] = []
        self._came, self._let_go = threading.Event(), threading.Event()
        self._request = threading.Thread(target=self.app, args=({}, None))
        self._work = threading.Thread(target=self._give_way_and_work)

    def _answer(self, _environ: Any, _start_response: Any) -> Iterable[bytes]:
        self._came.set()
        assert self._let_go.wait(30.0)
        self.happened.append("answered")
        return []

    def _give_way_and_work(self) -> None:
        self.app.give_way()
        self.happened.append("worked")

    def request_comes(self) -> None:
        self._request.start()
        assert self._came.wait(30.0)

    def work_begins(self) -> None:
        self._work.start()

    def work_ends(self) -> None:
        self._work.join(30.0)

    def request_ends(self) -> None:
        self._let_go.set()
        self._request.join(30.0)


def test_work_waits_until_no_request_is_in_hand() -> None:
    served = Served(longest_s=30.0)
    served.request_comes()
    served.work_begins()
    served.request_ends()
    served.work_ends()
    assert served.happened == ["answered", "worked"]


def test_work_goes_on_after_a_while_however_long_requests_take() -> None:
    served = Served(longest_s=0.01)
    served.request_comes()
    served.work_begins()
    served.work_ends()
    served.request_ends()
    assert served.happened == ["worked", "answered"]


def test_work_goes_on_at_once_where_nobody_waits() -> None:
    served = Served(longest_s=30.0)
    served.work_begins()
    served.work_ends()
    assert served.happened == ["worked"]


def test_a_request_that_fails_is_not_in_hand_any_more() -> None:
    def fail(_environ: Any, _start_response: Any) -> Iterable[bytes]:
        raise LookupError("nothing there")

    app = RequestsInHand(fail, longest_s=30.0)
    with pytest.raises(LookupError, match="nothing there"):
        app({}, lambda *_: lambda _: None)
    app.give_way()
