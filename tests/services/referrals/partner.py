"""A partner that honours the port over a real socket: it checks what it is told, and says what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

from standardwebhooks.webhooks import Webhook as Signer

from hub.banks.port import Incoming
from hub.banks.standard_webhooks import is_signed, signed_headers
from hub.domain.actor import HUB
from hub.domain.referral import HandedOver, Outcome, PartnerAnswer, ReferralConsent
from hub.domain.referral_consent import TEXT
from hub.domain.referral_partner import LoanExample, LoanKind, ReferralPartner
from hub.partners.port import PartnerAddress, PartnerCall, PartnerMessage
from hub.services.accounts.subjects import Subject
from hub.services.referrals import answering, partners, referrals
from hub.services.transaction import HubTransaction
from hub.wiring import Hub
from storage.drafts import FORM_CLIENT

CODE = "anxin"
EXAMPLE = LoanExample(principal_fen=1_000_000, cost_fen=8_000, months=1)


def partner(code: str = CODE, **changes: Any) -> ReferralPartner:
    """A licensed lender."""
    plain: dict[str, Any] = {
        "code": code,
        "name_zh": "安信消费金融",
        "name_en": "Anxin Consumer Finance",
        "licence_no": "L0001H211000001",
        "kinds": (LoanKind.AT_THE_END,),
        "max_annual_percent": Decimal("18.00"),
        "example": EXAMPLE,
        "url": "https://anxin.example/",
        "handover_url": "http://127.0.0.1:9/referrals",
    }
    return ReferralPartner(**{**plain, **changes})


def add_partner(hub: Hub, code: str = CODE, **changes: Any) -> str:
    """The partner is in the register and people are shown it; gives its secret."""
    with hub.writing(HUB) as tx:
        partners.add(tx, partner(code, **changes))
        return partners.renew_secret(tx, code)


class FarPartner:
    """The partner's own system: takes what is signed for it, unless `answers` holds another status."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.heard: list[tuple[str, bytes]] = []
        self.secret = ""
        partner_ = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(partner_.take({name.lower(): text for name, text in self.headers.items()}, body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/referrals"

    def take(self, headers: Mapping[str, str], body: bytes) -> int:
        """What it answers; only what is signed with its secret is heard."""
        if not is_signed(Signer(self.secret), Incoming(headers=headers, body=body)):
            return 401
        status = self.answers.pop(0) if self.answers else 204
        if status < 300:
            self.heard.append((headers["webhook-id"], body))
        return status

    def said(self) -> list[dict[str, Any]]:
        """(type, data) of all that was heard."""
        return [
            {name: each for name, each in json.loads(body).items() if name != "timestamp"} for _, body in self.heard
        ]

    def answer(self, referral: str, outcome: str, *, at: datetime, event_id: str = "answer-1", **beside: object) -> Any:
        """(headers, body) of its own call to the hub."""
        data = {"referral": referral, "outcome": outcome, **beside}
        body = json.dumps({"type": "referral.answered", "data": data}).encode()
        return signed_headers(event_id, at, body, [Signer(self.secret)]), body


@contextmanager
def far_partner() -> Iterator[FarPartner]:
    """The partner's system, up."""
    made = FarPartner()
    thread = Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        thread.join()
        made.server.server_close()


class SaidHere:
    """Partners whose word is taken as it stands, for what is not about proving it."""

    def tell(self, message: PartnerMessage, to: PartnerAddress) -> None:
        """It has it."""

    def read(self, incoming: Incoming, secret: str) -> PartnerCall:
        """Whatever came."""
        return PartnerCall(event_id="said-here", content=incoming.body, digest="said-here")


def consented(tx: HubTransaction, mobile: str, *, email: str) -> tuple[Subject, str]:
    """Who came by a text message to that mobile agreed to be referred: the person, and the referral's id."""
    subject = Subject(indexes=tuple(tx.keyring.indexes(mobile, purpose="mobile")), client_id=FORM_CLIENT)
    record, _ = referrals.show(tx, subject, CODE)
    named = HandedOver(name="王小明", mobile=mobile)
    given = ReferralConsent(version=TEXT.version, given_at=tx.now, handed_over=named, email=email)
    referrals.consent(tx, subject, record, given)
    return subject, record.id


def consent_and_revoke(hub: Hub) -> None:
    """A person agreed to be referred, and took it back."""
    add_partner(hub)
    with hub.writing(HUB) as tx:
        subject, referral_id = consented(tx, "13800138000", email="")
        referrals.revoke(tx, subject, referral_id)


def referred(hub: Hub, mobile: str, *, email: str) -> str:
    """Who came by a text message to that mobile was referred, and the partner declined; gives the referral."""
    add_partner(hub)
    with hub.writing(HUB) as tx:
        _, referral_id = consented(tx, mobile, email=email)
    answer = PartnerAnswer(referral=referral_id, outcome=Outcome.DECLINED)
    nothing = Incoming(headers={}, body=b"")
    answering.take(hub, SaidHere(), nothing, partner_code=CODE, load=lambda _: answer)
    return referral_id
