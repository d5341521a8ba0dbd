"""The only place where real classes meet: settings become a hub with its database, store, keys, clock and queue."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url
from sqlalchemy.orm import Session

from hub import steps
from hub.banks.catalogue import Catalogue
from hub.banks.outgoing import OutgoingHttp, Reach
from hub.banks.port import Adapter, Bundle, Enclosure, Message
from hub.clocks import MovableClock, SystemClock
from hub.documents.bundle import bind
from hub.documents.confinement import hide_memory
from hub.documents.file_inspection import FileInspection
from hub.documents.inspection import Inspector
from hub.documents.printing import print_pdf
from hub.domain.actor import HUB, Actor
from hub.domain.bank import Bank
from hub.domain.clock import Clock
from hub.domain.errors import KeysUnusable, Unusable
from hub.domain.identity import IdentityChecker
from hub.environment import read_environment
from hub.identity_checkers import ANSWER_S as CHECKER_ANSWER_S
from hub.identity_checkers import checker_of
from hub.jobs.port import Job
from hub.mail.desk import Sender, desk_mail
from hub.mail.senders import MailFolder, MailSender, SmtpSender
from hub.mail.sms import GATEWAY_ANSWER_S, Signed, SmsFolder, SmsGateway, SmsSender
from hub.services.transaction import HubTransaction, begun_again
from hub.settings import Settings, parse_settings
from storage import banks, own_secret, schema, sealing_keys
from storage.database import Database
from storage.evidence_store import EvidenceStore
from storage.sealing import Keyring
from storage.store_opening import open_store

if TYPE_CHECKING:
    from hub.jobs.engine import DbosQueue


class Hub:
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
        self.settings = settings
        self.clock: Clock = clock or self._clock()
        # Tokens and keys of machines live in real time, however far the hub's clock was moved for a demo.
        self.real_clock: Clock = SystemClock()
        self.adapters = Catalogue(adapters or (), surroundings=_Surroundings(self) if adapters is None else None)
        # Where who acts calls from: whoever takes calls puts its own way to know in the place of this one.
        self.caller_address: Callable[[], str | None] = lambda: None
        # What a request asks to have printed; a worker prints with as many children as it was told.
        self.print_pdf: Callable[[str], bytes] = print_pdf
        self._sms = sms
        self._mail = mail

    def _clock(self) -> Clock:
        if self.settings.embedded:
            return MovableClock(self.settings.home / "clock.json")
        return SystemClock()

    @cached_property
    def database(self) -> Database:
        """The database of HUB_DATABASE_URL; on the embedded default its folder is made."""
        if self.settings.on_sqlite:
            self.settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Database(self.settings.database_url)

    @property
    def has_database(self) -> bool:
        """False where the SQLite file has still to be made, which `database` does when it is first connected to."""
        path = make_url(self.settings.database_url).database
        return not self.settings.on_sqlite or path is None or Path(path).exists()

    @cached_property
    def jobs(self) -> "DbosQueue":
        """The queue, in the same database."""
        from hub.jobs.engine import DbosQueue  # noqa: PLC0415 - a fifth of the time that a short command takes

        return DbosQueue(self.settings.database_url)

    @cached_property
    def keyring(self) -> Keyring:
        """The keys of HUB_SECRET_KEYS; the embedded default makes its own, where nothing is stored yet.

        Raises `KeysUnusable` where its own are lost.
        """
        text = self.settings.secret_keys
        if text is None and self.settings.embedded:
            text = self._own_secret()
        if text is None:
            raise Unusable("HUB_SECRET_KEYS is needed: set it to one or more secrets of 32 characters or more")
        return Keyring.parse(text)

    @property
    def has_keys(self) -> bool:
        """False where the embedded default has still to make its own, which `keyring` does."""
        given = self.settings.secret_keys is not None or not self.settings.embedded
        return given or own_secret.read(own_keys_of(self.settings)) is not None or self._holds_anything()

    def _holds_anything(self) -> bool:
        with self.database.reading() as session:
            return sealing_keys.holds_anything(session)

    def _own_secret(self) -> str:
        path = own_keys_of(self.settings)
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

    def require_keys(self) -> None:
        """Whatever the database holds can be opened; raises `KeysUnusable`, with nothing written, where it cannot."""
        with self.database.reading() as session:
            self._are_keys_noted(session)

    def _are_keys_noted(self, session: Session) -> bool:
        given = self.settings.secret_keys is not None
        place = "HUB_SECRET_KEYS" if given else str(own_keys_of(self.settings))
        return sealing_keys.require(session, self.keyring, place=place)

    def _note_keys(self) -> None:
        with self.database.reading() as session:
            if self._are_keys_noted(session):
                return
        with self.database.writing() as session:
            if not self._are_keys_noted(session):
                sealing_keys.note(session, self.keyring, self.real_clock.now())

    @cached_property
    def store(self) -> EvidenceStore:
        """The evidence store of HUB_EVIDENCE_URL."""
        return open_store(self.settings.evidence_url, s3_endpoint_url=self.settings.s3_endpoint_url)

    @cached_property
    def inspector(self) -> Inspector:
        """What decodes files; its child process is started with the first."""
        return Inspector()

    @cached_property
    def inspect(self) -> FileInspection:
        """What judges files: by decoding them, and by the virus scanner where there is one."""
        return FileInspection(self.inspector, self.settings.scanner_url)

    @cached_property
    def sms(self) -> SmsSender:
        """Where text messages go."""
        if self._sms is not None:
            return self._sms
        url, signature = self.settings.sms_url, self.settings.sms_signature
        sender: SmsSender = SmsFolder(self.settings.home / "sms") if url is None else SmsGateway(url, _way_to_gateway)
        return sender if signature is None else Signed(sender, signature)

    @cached_property
    def mail(self) -> MailSender:
        """Where mails go."""
        if self._mail is not None:
            return self._mail
        if self.settings.smtp_url is not None:
            return SmtpSender(self.settings.smtp_url, self.settings.public_url)
        return MailFolder(self.settings.home / "mail", self.settings.public_url)

    @cached_property
    def reach(self) -> Reach:
        """Which hosts the hub may call."""
        return Reach(loopback=self.settings.embedded, allowed_hosts=self.settings.allowed_hosts)

    @cached_property
    def http(self) -> OutgoingHttp:
        """Calls to other systems."""
        return OutgoingHttp(self.reach)

    @cached_property
    def identity_checker(self) -> IdentityChecker | None:
        """Who can say that name, document, mobile and card belong together; None without HUB_IDENTITY_URL."""
        return checker_of(self.settings.identity_url, OutgoingHttp(self.reach, answer_s=CHECKER_ANSWER_S))

    @contextmanager
    def writing(self, actor: Actor) -> Iterator[HubTransaction]:
        """A transaction in which `actor` acts; its `now` is read once it has begun."""
        with self.database.writing() as session:
            yield self._transaction(session, actor)

    @contextmanager
    def autocommitting(self, actor: Actor) -> Iterator[HubTransaction]:
        """As `writing`, but for one statement alone, which stands as soon as it is done, without a transaction."""
        with self.database.autocommitting() as session:
            yield self._transaction(session, actor)

    @contextmanager
    def reading(self, actor: Actor) -> Iterator[HubTransaction]:
        """A look at one state of things."""
        with self.database.reading() as session:
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

    def migrate(self) -> None:
        """The tables are up to date, the job engine's too; a second run changes nothing. No key is asked for."""
        from hub.jobs import engine  # noqa: PLC0415 - see `jobs`

        # Asked for before anything, since the folder of an embedded hub is made with it.
        database = self.database
        # First, so that where the hub's own tables are up to date the engine's are as well.
        engine.migrate(self.settings.database_url)
        schema.upgrade(database.engine)

    def upgrade(self) -> None:
        """The database is up to date and can be opened; raises `KeysUnusable`. A second run changes nothing."""
        self.migrate()
        self._make_usable()

    def _make_usable(self) -> None:
        begun_again(self._note_keys)
        with self.reading(HUB) as tx:
            is_to_do = banks.has_unsealed_secrets(tx)
        if is_to_do:
            with self.writing(HUB) as tx:
                banks.seal_secrets(tx, self.adapters.secret_settings)

    @property
    def is_up_to_date(self) -> bool:
        """Whether the newest migration of the database was run."""
        return schema.is_up_to_date(self.database.engine)

    def require_up_to_date(self) -> None:
        """The database can be used: an embedded one is brought up to date, another one must be.

        Raises `Unusable`, and `KeysUnusable` where the keys do not open what is stored.
        """
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
        for name in ("inspector", "jobs", "database"):
            if name in self.__dict__:
                self.__dict__[name].close()


def _way_to_gateway(host: str) -> OutgoingHttp:
    """Calls to a host that the operator named by a setting, wherever it is, and to no other."""
    return OutgoingHttp(Reach(loopback=True, allowed_hosts=frozenset({host})), answer_s=GATEWAY_ANSWER_S)


class _Jobs:
    """The queue as transactions see it: most of them put nothing in, and then its engine need not be loaded."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def enqueue(self, session: Session, job: Job) -> None:
        """See `JobQueue`."""
        self._hub.jobs.enqueue(session, job)


class _Surroundings:
    """What adapters are given of the world: the hub's ways out, opened when they are first asked for."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    @property
    def public_url(self) -> str:
        return self._hub.settings.public_url

    @property
    def http(self) -> OutgoingHttp:
        return self._hub.http

    def now(self) -> datetime:
        return self._hub.real_clock.now()

    def check_host(self, host: str) -> str:
        return self._hub.reach.address_of(host)

    def send_mail(self, message: EmailMessage) -> None:
        if message["From"] is None:
            message["From"] = self._hub.mail.address
        with self._hub.mail.opened() as outlet:
            outlet.send(message)

    def send_text(self, *, to: str, text: str) -> None:
        self._hub.sms.send(to=to, text=text)

    def desk_mail(self, message: Message, bank: Bank, bundle: Bundle | None) -> EmailMessage:
        sender = Sender(address=self._hub.mail.address, public_url=self.public_url)
        return desk_mail(message, bank, bundle, sender=sender, at=self._hub.clock.now())

    def bundle(self, files: Sequence[Enclosure], password: str) -> Bundle:
        return bind(files, password)

    def secret_for(self, purpose: str) -> bytes:
        return self._hub.keyring.index(purpose, purpose="adapter")


def own_keys_of(settings: Settings) -> Path:
    """Where the embedded default keeps the keys that it made itself."""
    return settings.home / "secret-keys"


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
