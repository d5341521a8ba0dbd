"""One application to two banks, told in phases; each phase can be told to a hub that dies at any moment."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests import applications
from tests.applications import CMB, ICBC
from tests.kills.stubborn import Journal, Send, Stubborn

APP = "host app"
BANKS = (ICBC, CMB)


def body_of(person: int, evidence: list[str], *, banks: tuple[str, ...] = BANKS) -> Any:
    """An application that is right on the day it is sent, whenever that is."""
    return applications.of_today(
        applications.application(
            *banks,
            applicant=applications.person(person),
            evidence=[{"id": each, "kind": "payslip"} for each in evidence],
        )
    )


def terms() -> Any:
    """The bank's terms, likewise."""
    return applications.terms(first_due_on=applications.in_four_weeks())


@dataclass(kw_only=True)
class Story:
    """What has happened so far, and who tells it."""

    clients: Mapping[str, Stubborn]
    journal: Journal
    evidence: list[str] = field(default_factory=list)
    application: str = ""
    negotiations: dict[str, str] = field(default_factory=dict)
    offer: str = ""

    def carried_on(self, send: Send, between: Callable[[], None]) -> Story:
        """The same story so far, to be told to another server."""
        journal = Journal(calls=deepcopy(self.journal.calls))
        clients = {
            name: replace(client, send=send, between=between, journal=journal) for name, client in self.clients.items()
        }
        return Story(
            clients=clients,
            journal=journal,
            evidence=list(self.evidence),
            application=self.application,
            negotiations=dict(self.negotiations),
            offer=self.offer,
        )

    @property
    def app(self) -> Stubborn:
        """The cardholder's app."""
        return self.clients[APP]

    def upload(self) -> None:
        """Two files were uploaded."""
        for name in ("工资单.pdf", "流水.pdf"):
            file = self.app.upload(applications.pdf(name), kind="payslip", name=name)
            self.evidence.append(file["id"])

    def submit(self) -> None:
        """The application was sent."""
        made = self.app.post("/applications", body_of(1, self.evidence))
        self.application = made["id"]
        self.negotiations = {each["bank"]["code"]: each["id"] for each in made["negotiations"]}

    def decide(self) -> None:
        """Both banks acknowledged, the person wrote to one, and the other made an offer."""
        for code in BANKS:
            self.clients[code].post(f"/bank/negotiations/{self.negotiations[code]}/acknowledge")
        mine = self.negotiations[ICBC]
        self.app.post(f"/negotiations/{self.negotiations[CMB]}/messages", {"text": "请尽快答复"})
        self.offer = self.clients[ICBC].post(f"/bank/negotiations/{mine}/offers", {"terms": terms()})["id"]

    def agree(self, read_code: Callable[[], str]) -> None:
        """The offer was accepted with the code that came to the mobile."""
        offer = f"/negotiations/{self.negotiations[ICBC]}/offers/{self.offer}"
        self.app.post(f"{offer}/confirmation-codes")
        self.app.post(f"{offer}/accept", {"confirmation_code": read_code()})

    def one_of_many(self, between: Callable[[], None], *, patience_s: float | None = None) -> Stubborn:
        """One of many clients that use the app's token at once; `patience_s` None is that of all."""
        return replace(self.app, between=between, patience_s=self.app.patience_s if patience_s is None else patience_s)

    def show(self, who: str, path: str) -> tuple[int, Any]:
        """What the client of that name is shown."""
        return self.clients[who].get(path)

    def negotiation(self, code: str) -> Any:
        """The negotiation with that bank as the app sees it."""
        status, shown = self.app.get(f"/negotiations/{self.negotiations[code]}")
        assert status == 200, shown
        return shown


def newest_code(folder: Path) -> str | None:
    """The six digits of the newest text message in the folder, None where there is none."""
    messages = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    return json.loads(messages[-1].read_text(encoding="utf-8"))["text"][:6] if messages else None
