"""Of a rejected file nothing stays but the fact: its name and the reason, no bytes and no key."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from hub.domain.actor import HUB
from hub.domain.errors import EvidenceErased, StoreFull
from hub.services.evidence import contents, evidence_files, judging, scrubbing
from hub.services.operating import invariants
from hub.settings import Settings
from storage.evidence_store import EvidenceStore, FolderStore
from storage.records import EvidenceRecord
from storage.store_opening import open_store
from tests.services.case import Case
from tests.services.conftest import OpenCase
from tests.storage.bodies import LONG_AFTER, new_name
from tests.storage.s3_server import BUCKET, s3_server

__all__ = ["s3_server"]


@pytest.fixture
def case(open_case: OpenCase) -> Case:
    """A negotiation that is the bank's turn."""
    return open_case()


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, case: Case) -> EvidenceStore:
    """Where the file lies that is rejected."""
    if request.param == "folder":
        return case.hub.store
    server = request.getfixturevalue("s3_server")
    store = open_store(f"s3://{BUCKET}/{new_name()}", s3_endpoint_url=server.endpoint_url)
    case.hub.__dict__["store"] = store
    return store


def row_of(case: Case, evidence_id: str) -> EvidenceRecord:
    with case.hub.reading(HUB) as tx:
        return tx.session.get_one(EvidenceRecord, evidence_id)


def test_the_bytes_of_a_rejected_file_are_gone_and_the_fact_stays(case: Case, store: EvidenceStore) -> None:
    before = set(store.list_names(LONG_AFTER))
    file = case.upload(name="病毒.pdf")
    assert len(set(store.list_names(LONG_AFTER)) - before) == 1
    case.judge(file.id, "infected")
    assert set(store.list_names(LONG_AFTER)) == before
    assert row_of(case, file.id).file_key_sealed == b""
    with case.hub.reading(case.cardholder) as tx:
        shown = evidence_files.view(tx, file.id, client_id=case.client_id)
        assert (shown["file_name"], shown["status"], shown["reason"]) == ("病毒.pdf", "rejected", "infected")
        with pytest.raises(EvidenceErased):
            contents.of_client(tx, store, file.id, client_id=case.client_id)


def test_a_rejected_file_can_still_be_taken_back(case: Case) -> None:
    file = case.upload()
    case.judge(file.id, "unreadable")
    with case.hub.writing(case.cardholder) as tx:
        names = evidence_files.remove(tx, file.id, client_id=case.client_id)
    evidence_files.delete_bytes(case.hub.store, names)
    with case.hub.reading(HUB) as tx:
        assert tx.session.get(EvidenceRecord, file.id) is None


def test_bytes_that_could_not_be_deleted_are_swept(case: Case, settings: Settings) -> None:
    class Away(FolderStore):
        def delete(self, name: str) -> None:
            raise StoreFull(name)

    folder = settings.home / "evidence"
    file = case.upload()
    judging.judge(case.hub, Away(folder), lambda *_: "infected", [file.id])
    name = row_of(case, file.id).store_name
    path = folder / name[-2:] / name
    assert path.exists()
    old = (datetime.now(UTC) - timedelta(hours=25)).timestamp()
    os.utime(path, (old, old))
    evidence_files.sweep_orphans(case.hub, case.hub.store, real_now=datetime.now(UTC))
    assert not path.exists()


def test_nobody_misses_the_bytes_of_a_rejected_file(case: Case) -> None:
    case.judge(case.upload().id, "infected")
    turns = (datetime(2026, 11, 21, tzinfo=UTC) + scrubbing.EVERY * turn for turn in range(scrubbing.SLICES))
    assert sum(scrubbing.scrub(case.hub, case.hub.store, at=at) for at in turns) == 0
    with case.hub.reading(HUB) as tx:
        assert list(invariants.breaches(tx, case.hub.store)) == []
