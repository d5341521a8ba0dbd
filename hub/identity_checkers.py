"""Who tells whether name, document, mobile and card belong to one person: a service over HTTP, or a simulated one.

`HUB_IDENTITY_URL` names it. The service gets the four as JSON and answers 200 with `{"matches": true|false}`.
"""

import json
from dataclasses import asdict
from typing import Any

from hub.banks.outgoing import OutgoingHttp
from hub.domain.errors import TryAgain
from hub.domain.identity import IdentityChecker, IdentityQuestion

SIMULATED = "simulated://"
ANSWER_S = 5.0
"""Seconds for an answer: a person waits for it at the end of the form."""
UNKNOWN_TO_THE_SIMULATED = "0000"
"""The last digits of the mobiles that the simulated checker does not know."""


class SimulatedChecker:
    """Knows everybody whose mobile does not end in 0000; for demos and tests."""

    def matches(self, question: IdentityQuestion) -> bool:
        """Whether the simulated register knows the person by that mobile."""
        return not question.mobile.endswith(UNKNOWN_TO_THE_SIMULATED)


class HttpChecker:
    """Asks a service over HTTP."""

    def __init__(self, url: str, http: OutgoingHttp) -> None:
        self._url = url
        self._http = http

    def matches(self, question: IdentityQuestion) -> bool:
        """What the service says; raises `TryAgain` for everything but a whole answer in its form."""
        body = json.dumps(asdict(question), ensure_ascii=False).encode()
        answer = self._http.post(self._url, body, {"Content-Type": "application/json"})
        if answer.status != 200:
            raise TryAgain(f"the checker of identities answered {answer.status}")
        try:
            verdict: Any = json.loads(answer.body)
            matches = verdict["matches"]
        except (ValueError, KeyError, TypeError) as error:
            raise TryAgain("the checker of identities answered in another form") from error
        if not isinstance(matches, bool):
            raise TryAgain("the checker of identities answered in another form")
        return matches


def checker_of(url: str | None, http: OutgoingHttp) -> IdentityChecker | None:
    """The checker that HUB_IDENTITY_URL names, or None without one."""
    if url is None:
        return None
    return SimulatedChecker() if url.startswith(SIMULATED) else HttpChecker(url, http)
