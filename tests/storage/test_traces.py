"""What an application came from is noted once, whichever of its banks it is looked at for first."""

from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.domain.doubts import TraceSort
from hub.wiring import Hub
from storage import application_traces, traces
from storage.records import ApplicationTraceRecord, EvidenceRecord, EvidenceTraceRecord
from tests.applications import ICBC
from tests.conftest import Submit
from tests.jobs.waiting import wait_until

WAITING = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def test_of_two_that_look_at_one_application_at_once_neither_is_broken_off(hub: Hub, submitted: Submit) -> None:
    sent = submitted(ICBC)

    def note() -> None:
        with hub.writing(HUB) as tx:
            application_traces.note(tx, sent.id, TraceSort.HELPER, "13800138000", at=tx.now)
            traces.add_file(tx, tx.session.get_one(EvidenceRecord, sent.evidence[0]))

    with ThreadPoolExecutor(1) as pool:
        with hub.writing(HUB) as tx:
            application_traces.note(tx, sent.id, TraceSort.HELPER, "13800138000", at=tx.now)
            traces.add_file(tx, tx.session.get_one(EvidenceRecord, sent.evidence[0]))
            second = pool.submit(note)
            # On SQLite it does not even begin.
            if not hub.database.on_sqlite:
                wait_until(lambda: tx.session.scalar(WAITING), what="the second to wait for the first")
        second.result()
    with hub.reading(HUB) as tx:
        for table in (ApplicationTraceRecord, EvidenceTraceRecord):
            assert tx.session.scalar(sa.select(sa.func.count()).select_from(table)) == 1
