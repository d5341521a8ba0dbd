"""Files on their way out: a whole record is packed with no transaction open, whoever asks for it."""

import io
import zipfile
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from hub.wiring import Hub
from storage.evidence_store import FolderStore
from tests.applications import ICBC, person
from tests.conftest import Submit
from tests.web.caller import Caller
from tests.web.pages.cardholders import launched


@pytest.fixture
def open_while_reading(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many connections to the database were in use at each piece that was read from the store."""
    counted: list[int] = []
    read = FolderStore.read

    def watched(store: FolderStore, name: str, key: bytes, size: int) -> Iterator[bytes]:
        for piece in read(store, name, key, size):
            counted.append(hub.database.engine.pool.checkedout())  # type: ignore[attr-defined]  # of a QueuePool
            yield piece

    monkeypatch.setattr(FolderStore, "read", watched)
    return counted


def names_in(record: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(record)) as packed:
        return set(packed.namelist())


@pytest.mark.parametrize("face", ["api", "page"])
def test_no_transaction_is_open_while_the_store_is_read_for_a_record(
    face: str,
    app: Flask,
    host_app: Caller,
    submitted: Submit,
    work_off: Callable[[], int],
    open_while_reading: list[int],
) -> None:
    someone = person()
    sent = submitted(ICBC, client=host_app.client, applicant=someone)
    work_off()
    below = f"/negotiations/{sent.negotiations[ICBC]}/record.zip"
    if face == "api":
        answer = host_app.get(below)
    else:
        answer = launched(app, host_app, **{name: each for name, each in someone.items() if name != "email"}).web.get(
            f"/my{below}", buffered=True
        )
    assert answer.status_code == 200
    assert {"log.jsonl", "application-form.pdf", f"evidence/{sent.evidence[0]}.pdf"} <= names_in(answer.data)
    # The form and the file, at least.
    assert len(open_while_reading) >= 2
    assert set(open_while_reading) == {0}
