"""Where a hub's secret keys come from, by its settings: given, or made by an embedded hub for itself."""

from pathlib import Path

from sqlalchemy.orm import Session

from hub.domain.errors import KeysUnusable, Unusable
from hub.settings import Settings
from storage import own_secret, sealing_keys
from storage.database import Database
from storage.sealing import Keyring


class SecretKeys:
    """The keys of HUB_SECRET_KEYS, or those in the file of an embedded hub; and whether they fit what is stored."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database

    @property
    def are_made(self) -> bool:
        """False where the embedded default has still to make its own, which `load` does."""
        given = self._settings.secret_keys is not None or not self._settings.embedded
        return given or own_secret.read(own_keys_of(self._settings)) is not None or self._holds_anything()

    def load(self) -> Keyring:
        """The keys; the embedded default makes its own, where nothing is stored yet.

        Raises `KeysUnusable` where its own are lost, and `Unusable` where they have to be given and are not.
        """
        text = self._settings.secret_keys
        if text is None and self._settings.embedded:
            text = self._own_secret()
        if text is None:
            raise Unusable("HUB_SECRET_KEYS is needed: set it to one or more secrets of 32 characters or more")
        return Keyring.parse(text)

    def are_noted(self, session: Session, keyring: Keyring) -> bool:
        """Whether the first of the keys is noted; raises `KeysUnusable` where they do not open what is stored."""
        given = self._settings.secret_keys is not None
        place = "HUB_SECRET_KEYS" if given else str(own_keys_of(self._settings))
        return sealing_keys.require(session, keyring, place=place)

    def _holds_anything(self) -> bool:
        with self._database.reading() as session:
            return sealing_keys.holds_anything(session)

    def _own_secret(self) -> str:
        path = own_keys_of(self._settings)
        found = own_secret.read(path)
        if found is not None:
            return found
        if self._holds_anything():
            # Another process that starts just now may have made it, and noted it there.
            found = own_secret.read(path)
            if found is None:
                raise KeysUnusable(
                    f"{path} is missing, and the database was sealed with it: put it back from its copy, or set "
                    "HUB_SECRET_KEYS to what it held; no new one was made"
                )
            return found
        return own_secret.make(path, Keyring.new_secret())


def own_keys_of(settings: Settings) -> Path:
    """Where the embedded default keeps the keys that it made itself."""
    return settings.home / "secret-keys"
