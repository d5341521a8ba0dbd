"""What is wrong with a hub that died and came back: by its own commands, its rows, and the journal of its clients."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.services.evidence import evidence_files
from hub.wiring import Hub
from tests.kills import history
from tests.kills.house import House
from tests.kills.story import Story

# Of what there may be one only, and the table that would show a second.
ONE_EACH = {
    "negotiation": "SELECT application_id || '/' || bank_code FROM negotiation",
    "agreement": "SELECT negotiation_id FROM agreement",
    "document": "SELECT negotiation_id || '/' || kind || '/' || version FROM document",
    "delivery of one content": "SELECT negotiation_id || '/' || kind || '/' || sha256 FROM delivery",
    # Several things that one reader is told at one moment go out as one message.
    "reader of a message": (
        "SELECT message_id FROM (SELECT DISTINCT message_id, bank_code, reader, staff_id FROM mail) AS told"
    ),
}


def faults_of(house: House, story: Story) -> list[str]:
    """Whatever is not as it must be. The hub serves meanwhile; it is ended before the commands look."""
    faults = [*history.faults(story.journal.calls, story.show), *_asked_again(story)]
    house.end()
    for words in (("check", "--all"), ("log", "verify")):
        status = house.command(*words)
        if status != 0:
            faults.append(f"hub {' '.join(words)} ended with {status}: {house.log.read_text()[-2000:]}")
    return faults + _rows(house)


def _asked_again(story: Story) -> list[str]:
    faults = []
    for call in story.journal.calls:
        if call.answered:
            status, answer = story.clients[call.who].ask_again(call)
            if (status, answer) != (call.status, call.answer):
                faults.append(f"{call.path} under its key is answered {status}, and was {call.status}")
    return faults


def _rows(house: House) -> list[str]:
    hub = Hub(house.settings)
    try:
        faults = [f"given up: {job.name} ({job.error})" for job in hub.jobs.list_dead()]
        with hub.reading(HUB) as tx:
            for what, query in ONE_EACH.items():
                names = list(tx.session.execute(sa.text(query)).scalars())
                if len(set(names)) != len(names):
                    faults.append(f"more than one {what}: {sorted(names)}")
            mails = set(tx.session.execute(sa.text("SELECT message_id FROM mail WHERE attempts > 0")).scalars())
            stored = {
                name
                for table in ("evidence", "clean_copy", "viewing_page", "document")
                for name in tx.session.execute(sa.text(f"SELECT store_name FROM {table}")).scalars()
            }
        # Files that nobody owns are swept a day later, and nothing else is.
        evidence_files.sweep_orphans(hub, hub.store, real_now=hub.real_clock.now() + timedelta(hours=25))
    finally:
        hub.close()
    lying = {path.name for path in (house.home / "evidence").glob("??/*")}
    if lying != stored:
        faults.append(
            f"in the store {len(lying - stored)} without a row, and {len(stored - lying)} rows without a file"
        )
    written = len(list(_mails(house.home)))
    if written > len(mails) + len(house.deaths):
        faults.append(f"{written} mails written, {len(mails)} in the outbox")
    return faults


def _mails(home: Path) -> list[Path]:
    return list((home / "mail").glob("*.eml"))
