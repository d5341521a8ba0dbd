"""The keys that sealed a database, noted on both kinds of it, also by processes that start at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from hub.domain.errors import KeysUnusable
from hub.settings import Settings
from hub.wiring import Hub
from storage import sealing_keys
from storage.records import SealingKeyRecord

OTHER = "another-secret-of-the-tests-that-is-long-enough-to-be-one"


def opened(settings: Settings, keys: str) -> int:
    """How many keys are noted once the hub was brought up to date with these."""
    hub = Hub(replace(settings, secret_keys=keys))
    try:
        hub.upgrade()
        with hub.database.reading() as session:
            assert sealing_keys.holds_anything(session)
            return session.scalar(sa.select(sa.func.count()).select_from(SealingKeyRecord)) or 0
    finally:
        hub.close()


def test_keys_are_noted_and_another_is_refused(settings: Settings) -> None:
    first = str(settings.secret_keys)
    assert opened(settings, first) == 1
    with pytest.raises(KeysUnusable):
        opened(settings, OTHER)
    assert opened(settings, f"{OTHER},{first}") == 2
    with pytest.raises(KeysUnusable):
        opened(settings, first)


def test_processes_that_start_at_once_note_a_key_once(settings: Settings) -> None:
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(lambda _: opened(settings, str(settings.secret_keys)), range(3))) == [1] * 3


def test_a_key_of_the_same_id_and_another_secret_is_refused(settings: Settings) -> None:
    opened(settings, str(settings.secret_keys))
    hub = Hub(settings)
    with hub.database.writing() as session:
        session.execute(sa.update(SealingKeyRecord).values(check_value=b"x" * 32))
    hub.close()
    with pytest.raises(KeysUnusable):
        opened(settings, str(settings.secret_keys))
