"""Evidence goes from a folder through a backup into S3, and from there into a folder again."""

from pathlib import Path

import pytest

from hub.services.backups import making
from storage.backup_folder import BackupFolder
from tests.services.backups.conftest import VERSION, Filled, MakeHub, breaches_of, put_back
from tests.storage.bodies import new_name
from tests.storage.s3_server import BUCKET, S3Server, s3_server

__all__ = ["s3_server"]

pytestmark = pytest.mark.slow


@pytest.fixture
def database(sqlite_database: str) -> str:
    """The other database keeps its files alike."""
    return sqlite_database


def test_evidence_is_restored_into_s3_and_backed_up_from_there(
    filled: Filled, tmp_path: Path, empty_hub: MakeHub, s3_server: S3Server
) -> None:
    first = filled.back_up(tmp_path / "first")
    places = {"evidence_url": f"s3://{BUCKET}/{new_name()}", "s3_endpoint_url": s3_server.endpoint_url}
    in_s3 = empty_hub("sqlite", **places)
    put_back(tmp_path / "first", in_s3)
    assert breaches_of(in_s3) == []
    second = making.back_up(
        in_s3, in_s3.store, BackupFolder(tmp_path / "second"), in_s3.real_clock, hub_version=VERSION
    )
    assert (second.objects, second.object_bytes) == (first.objects, first.object_bytes)
    in_folder = empty_hub("sqlite")
    put_back(tmp_path / "second", in_folder)
    assert breaches_of(in_folder) == []
    before, after = (
        {each.name: each.read_bytes() for each in (tmp_path / name / "objects").glob("*/*")}
        for name in ("first", "second")
    )
    assert before == after
