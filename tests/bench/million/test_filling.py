"""What the bench fills in is whole: every invariant holds of copies as it does of what they are copies of."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.domain.actor import HUB
from hub.services.documents import records
from hub.services.log_heads import verifying
from hub.services.operating import invariants
from storage.records import LogEntryRecord, NegotiationRecord
from tests.bench.million import filling
from tests.bench.million.keeping import stories_store
from tests.bench.million.stories import PLOTS
from tests.bench.servers import Place, open_hub
from tests.storage.postgres_server import PostgresServer

pytestmark = pytest.mark.slow

MANY = 60
_TOLD = {"agreed": 30, "erased": 210, "new": 2}


@pytest.fixture
def where(migrated_server: PostgresServer, tmp_path: Path) -> Iterator[Place]:
    migrated_server.execute("CREATE ROLE web SUPERUSER LOGIN")
    yield Place(kind="postgresql", folder=tmp_path, server=migrated_server)
    for name in ("base", "stories", filling.name_of(MANY)):
        migrated_server.drop_database(name)
    migrated_server.execute("DROP ROLE web")


def test_copies_of_negotiations_are_whole(where: Place) -> None:
    plots = [replace(each, days_ago=(_TOLD[each.name],)) for each in PLOTS if each.name in _TOLD]
    told = filling.tell(where, plots=plots)

    filling.fill(where, told, MANY)

    with closing(open_hub(where, filling.name_of(MANY))) as hub:
        now = hub.real_clock.now()
        with hub.reading(HUB) as tx:
            found = tx.session.scalars(sa.select(NegotiationRecord)).all()
            assert len(found) == MANY
            assert len({each.person_index for each in found if each.erased_at is None}) > MANY // 3
            assert {each.status for each in found} == {"agreed", "rejected", "awaiting_bank"}
            assert [records.verify_log(tx, each.id) for each in found] == [None] * MANY
            assert list(verifying.broken_heads(tx)) == []
            assert list(invariants.breaches(tx, stories_store(hub, now + timedelta(days=1)))) == []
            entries = tx.session.scalar(sa.select(sa.func.count()).select_from(LogEntryRecord)) or 0
            assert entries > 10 * MANY
