"""The only place where real classes meet: settings become a hub with its database, store, keys, clock and queue."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import make_url
from sqlalchemy.orm import Session

from hub import steps
from hub.banks.catalogue import Catalogue
from hub.banks.port import Adapter
from hub.clocks import MovableClock, SystemClock
from hub.documents.confinement import hide_memory
from hub.documents.file_inspection import FileInspection
from hub.documents.inspection import Inspector
from hub.documents.printing import print_pdf
from hub.domain.actor import HUB, Actor
from hub.domain.clock import Clock
from hub.domain.errors import Unusable
from hub.environment import read_environment
from hub.jobs.port import Job
from hub.mail.senders import MailSender
from hub.mail.sms import SmsSender
from hub.secret_keys import SecretKeys
from hub.services.operating import key_changes
from hub.services.transaction import HubTransaction, begun_again
from hub.settings import Settings, parse_settings
from hub.surroundings import HubSurroundings
from hub.ways_out import WaysOut
from storage import banks, row_security, schema
from storage.claims import SILENT_WHILE_SENDING, Claims
from storage.database import Database, create_engine
from storage.evidence_store import EvidenceStore
from storage.sealing import Keyring
from storage.store_opening import open_store

if TYPE_CHECKING:
    from hub.jobs.engine import DbosQueue


class Hub(WaysOut):
    """One hub: what faces, jobs and commands are handed. Nothing is opened before it is asked for."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        adapters: Iterable[Adapter] | None = None,
        sms: SmsSender | None = None,
        mail: MailSender | None = None,
    ) -> None:
        super().__init__(settings, sms=sms, mail=mail)
        self.clock: Clock = clock or (
            MovableClock(settings.home / "clock.json") if settings.embedded else SystemClock()
        )
        self.adapters = Catalogue(adapters or (), surroundings=HubSurroundings(self) if adapters is None else None)
        # Where who acts calls from: whoever takes calls puts its own way to know in the place of this one.
        self.caller_address: Callable[[], str | None] = lambda: None
        # What a request asks to have printed; a worker prints with as many children as it was told.
        self.print_pdf: Callable[[str], bytes] = print_pdf

    @cached_property
    def database(self) -> Database:
        """The database of HUB_DATABASE_URL; on the embedded default its folder is made."""
        if self.settings.on_sqlite:
            self.settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Database(self.settings.database_url, pooled=self.settings.database_pooler is not None)

    @property
    def has_database(self) -> bool:
        """False where the SQLite file has still to be made, which `database` does when it is first connected to."""
        path = make_url(self.settings.database_url).database
        return not self.settings.on_sqlite or path is None or Path(path).exists()

    @cached_property
    def jobs(self) -> "DbosQueue":
        """The queue, in the same database."""
        from hub.jobs.engine import DbosQueue  # noqa: PLC0415 - a fifth of the time that a short command takes

        return DbosQueue(self.settings.database_url, pooled=self.settings.database_pooler is not None)

    @cached_property
    def secret_keys(self) -> SecretKeys:
        """Where the keys come from, and whether they open what is stored."""
        return SecretKeys(self.settings, self.database)

    @cached_property
    def keyring(self) -> Keyring:
        """The keys of HUB_SECRET_KEYS; see `SecretKeys.load`."""
        return self.secret_keys.load()

    def require_keys(self) -> None:
        """Whatever the database holds can be opened; raises `KeysUnusable`, with nothing written, where it cannot."""
        with self.database.reading() as session:
            self.secret_keys.are_noted(session, self.keyring)

    def _note_keys(self) -> None:
        """The first key is noted; where another came first before, the audit says so, and the next head covers it."""
        with self.database.reading() as session:
            if self.secret_keys.are_noted(session, self.keyring):
                return
        with self.writing(HUB) as tx:
            if not self.secret_keys.are_noted(tx.session, self.keyring):
                key_changes.note(tx, at=self.real_clock.now())

    @cached_property
    def store(self) -> EvidenceStore:
        """The evidence store of HUB_EVIDENCE_URL."""
        given = self.settings
        return open_store(given.evidence_url, s3_endpoint_url=given.s3_endpoint_url, lock=given.s3_object_lock)

    @cached_property
    def claims(self) -> Claims:
        """What this process has in hand that several workers share among them."""
        return Claims(self.database)

    @cached_property
    def sending_claims(self) -> Claims:
        """Likewise of what goes out, over which a server at the other end may keep this process waiting for long."""
        return Claims(self.database, silent_for=SILENT_WHILE_SENDING)

    @cached_property
    def inspector(self) -> Inspector:
        """What decodes files; its child process is started with the first."""
        return Inspector()

    @cached_property
    def inspect(self) -> FileInspection:
        """What judges files: by decoding them, and by the virus scanner where there is one."""
        return FileInspection(self.inspector, self.settings.scanner_url)

    @contextmanager
    def writing(self, actor: Actor) -> Iterator[HubTransaction]:
        """A transaction in which `actor` acts; its `now` is read once it has begun."""
        with self.database.writing(actor.bank_code) as session:
            yield self._transaction(session, actor)

    @contextmanager
    def autocommitting(self, actor: Actor) -> Iterator[HubTransaction]:
        """As `writing`, but for one statement alone, which stands as soon as it is done, without a transaction."""
        if actor.bank_code is not None:
            raise ValueError("a bank acts in a transaction, which alone can be confined to it")
        with self.database.autocommitting() as session:
            yield self._transaction(session, actor)

    @contextmanager
    def asking(self, actor: Actor) -> Iterator[HubTransaction]:
        """As `reading`, but for one question alone, without a transaction."""
        if actor.bank_code is not None:
            raise ValueError("a bank asks in a transaction, which alone can be confined to it")
        with self.database.asking() as session:
            yield self._transaction(session, actor)

    @contextmanager
    def reading(self, actor: Actor) -> Iterator[HubTransaction]:
        """A look at one state of things."""
        with self.database.reading(actor.bank_code) as session:
            yield self._transaction(session, actor)

    def _transaction(self, session: Session, actor: Actor) -> HubTransaction:
        return HubTransaction(
            session=session,
            keyring=self.keyring,
            now=self.clock.now(),
            actor=actor,
            jobs=_Jobs(self),
            adapters=self.adapters,
            public_url=self.settings.public_url,
            address=self.caller_address(),
        )

    def require_no_pooler(self, why: str) -> None:
        """Nobody pools the connections to the database; raises `Unusable` with `why` that has to be so."""
        if self.settings.database_pooler is not None:
            raise Unusable(f"{why}: give it the HUB_DATABASE_URL of PostgreSQL itself, without HUB_DATABASE_POOLER")

    def migrate(self) -> str | None:
        """The tables are up to date, the job engine's too; a second run changes nothing.

        Keys are asked for where rows that are there have to be sealed.

        Gives the SQL that somebody has to run first for the application to have a role of its own, or None.
        """
        from hub.jobs import engine  # noqa: PLC0415 - see `jobs`

        self.require_no_pooler("an upgrade changes tables as their owner")
        # Asked for before anything, since the folder of an embedded hub is made with it.
        database = self.database
        # First, so that where the hub's own tables are up to date the engine's are as well.
        engine.migrate(self.settings.database_url)
        owner = create_engine(self.settings.database_url)
        try:
            schema.upgrade(owner, keyring=lambda: self.keyring)
            if schema.standing(owner).is_newer:
                # Roles and grants of tables that this code does not know are not its to give.
                return None
            with owner.begin() as connection:
                to_run = row_security.make_role(connection)
        finally:
            owner.dispose()
        # Connections of before may still be the owner's.
        database.close()
        return to_run

    def upgrade(self) -> str | None:
        """The database is up to date and can be opened; raises `KeysUnusable`. A second run changes nothing.

        Gives what `migrate` gives.
        """
        to_run = self.migrate()
        self._make_usable()
        return to_run

    def _make_usable(self) -> None:
        begun_again(self._note_keys)
        with self.reading(HUB) as tx:
            is_to_do = banks.has_unsealed_secrets(tx)
        if is_to_do:
            with self.writing(HUB) as tx:
                banks.seal_secrets(tx, self.adapters.secret_settings)

    @contextmanager
    def filling(self) -> Iterator[HubTransaction]:
        """One transaction of the owner of the tables, for what fills an empty database; the job engine's are there.

        Afterwards the application has its role, where it may have one.
        """
        from hub.jobs import engine  # noqa: PLC0415 - see `jobs`

        self.require_no_pooler("a restore fills tables as their owner")
        database = self.database
        engine.migrate(self.settings.database_url)
        owner = create_engine(self.settings.database_url)
        try:
            with Session(owner) as session, session.begin():
                yield self._transaction(session, HUB)
            with owner.begin() as connection:
                row_security.make_role(connection)
        finally:
            owner.dispose()
        database.close()

    @property
    def restore_mark(self) -> Path:
        """The file that says which restore was begun and not finished."""
        return self.settings.home / "restore-unfinished"

    def mark_restore(self, source: str) -> None:
        """The hub does not start until `restore_mark` is gone."""
        self.settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.restore_mark.write_text(f"{source}\n")

    def aside(self, home: Path, *, evidence: Path) -> "Hub":
        """A hub with the same keys and an empty database in the folder `home`, over stored files that lie elsewhere."""
        settings = replace(
            self.settings,
            home=home,
            database_url="sqlite:///" + quote(str(home / "hub.db")),
            database_pooler=None,
            evidence_url="file://" + quote(str(evidence)),
            s3_object_lock=None,
        )
        made = Hub(settings, clock=self.clock)
        made.keyring = self.keyring
        return made

    @property
    def is_up_to_date(self) -> bool:
        """Whether the newest migration of the database was run."""
        return schema.is_up_to_date(self.database.engine)

    def require_up_to_date(self) -> None:
        """The database can be used: an embedded one is brought up to date, another one must be.

        Raises `Unusable`, and `KeysUnusable` where the keys do not open what is stored.
        """
        if self.restore_mark.exists():
            raise Unusable(
                f"a restore was begun and not finished ({self.restore_mark.read_text().strip()}): run it again; to "
                f"give it up, empty database and evidence store and remove {self.restore_mark}"
            )
        if self.settings.embedded:
            if not self.is_up_to_date:
                self.migrate()
            self._make_usable()
        elif not self.is_up_to_date:
            raise Unusable("the database is not up to date: run `hub db upgrade` first")
        else:
            begun_again(self._note_keys)

    def close(self) -> None:
        """Connections are closed, and no child process is left."""
        for name in ("inspector", "jobs", "claims", "sending_claims", "database"):
            if name in self.__dict__:
                self.__dict__[name].close()


class _Jobs:
    """The queue as transactions see it: most of them put nothing in, and then its engine need not be loaded."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def enqueue(self, session: Session, job: Job) -> None:
        """See `JobQueue`."""
        self._hub.jobs.enqueue(session, job)


def hub_from_environment(*, public_url: str | None = None) -> Hub:
    """The hub that the environment and `.env` describe; raises `Unusable` naming every wrong setting.

    `public_url` is where an embedded hub's links lead, for a process that knows its own address better. From then on
    no other process of this user can read this one's memory, which has the keys in it.
    """
    hide_memory()
    settings = parse_settings(read_environment())
    if public_url is not None and settings.embedded:
        settings = replace(settings, public_url=public_url)
    if settings.embedded:
        steps.die_where_set(os.environ)
    return Hub(settings)
