"""What is stuck, and how it came to that."""

from __future__ import annotations

import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.wiring import Hub
from storage import mails
from storage.records import MailRecord, NegotiationRecord
from tests.conftest import Submitted


def reference_of(hub: Hub, there: Submitted) -> str:
    with hub.reading(HUB) as tx:
        return tx.session.get_one(NegotiationRecord, there.negotiation).reference


def status_of(hub: Hub, there: Submitted) -> str:
    with hub.reading(HUB) as tx:
        return tx.session.get_one(NegotiationRecord, there.negotiation).status


def fails(_argument: str) -> None:
    raise RuntimeError("hub/services/screening.py:7")


def refuse_a_mail(hub: Hub) -> str:
    with hub.writing(HUB) as tx:
        mail = tx.session.scalars(sa.select(MailRecord).order_by(MailRecord.id)).first()
        assert mail is not None
        mails.settle(tx, mail, mails.MailStatus.FAILED, "550 <xm@example.com>: user unknown")
        return mail.id
