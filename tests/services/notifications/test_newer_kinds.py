"""A newer release works beside this one: mails of kinds that this one does not know wait for it, and hold up none."""

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.clock import FixedClock
from hub.domain.preferences import NoticeChannel
from hub.services.notifications import channels, outgoing_sms
from hub.wiring import Hub
from storage.records import MailRecord
from tests.services.conftest import OpenCase, SetRules
from tests.services.notifications.test_outgoing_sms import Gateway
from tests.services.posting import DESK, PERSON, Posting

NEWER = "of_a_newer_release"


@pytest.mark.parametrize("channel", [None, *NoticeChannel])
def test_a_mail_of_a_kind_from_a_newer_release_waits_for_it(
    hub: Hub, clock: FixedClock, set_rules: SetRules, open_case: OpenCase, channel: NoticeChannel | None
) -> None:
    set_rules(desk_email=DESK)
    posting = Posting(hub=hub, clock=clock)
    case = open_case()
    if channel is not None:
        channels.decide_due(hub, posting.machine)
    with hub.writing(HUB) as tx:
        rows = tx.session.scalars(sa.select(MailRecord).where(MailRecord.negotiation_id == case.id)).all()
        newer = next(row for row in rows if row.reader == "cardholder" or channel is None)
        newer.kind, newer.channel = NEWER, channel
        # As long due as any, so that it stands before the others.
        newer.next_try_at = min(row.next_try_at for row in rows)
    readers = {reader for reader, _ in posting.send()}
    gateway = Gateway()
    outgoing_sms.send_due(hub, gateway, posting.machine)
    assert readers & {DESK, PERSON}
    with hub.reading(HUB) as tx:
        [(status, attempts, held_until)] = tx.session.execute(
            sa.select(MailRecord.status, MailRecord.attempts, MailRecord.held_until).where(MailRecord.kind == NEWER)
        )
        assert (status, attempts, held_until) == ("waiting", 0, None)
        due = MailRecord.status == "waiting", MailRecord.next_try_at <= tx.now, MailRecord.kind != NEWER
        assert tx.session.scalars(sa.select(MailRecord.id).where(*due)).all() == []
