"""What adapters are given of the world: the hub's ways out, its clock and a secret of their own."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol

from hub.banks.outgoing import OutgoingHttp, Reach
from hub.banks.port import Bundle, Enclosure, Message
from hub.documents.bundle import bind
from hub.domain.bank import Bank
from hub.domain.clock import Clock
from hub.mail.desk import Sender, desk_mail
from hub.mail.senders import MailSender
from hub.mail.sms import SmsSender
from hub.settings import Settings
from storage.sealing import Keyring


class Outlets(Protocol):
    """What of a hub its adapters' surroundings are made from."""

    settings: Settings
    clock: Clock
    real_clock: Clock

    @property
    def http(self) -> OutgoingHttp: ...

    @property
    def reach(self) -> Reach: ...

    @property
    def mail(self) -> MailSender: ...

    @property
    def sms(self) -> SmsSender: ...

    @property
    def keyring(self) -> Keyring: ...


class HubSurroundings:
    """What adapters are given of the world: the hub's ways out, opened when they are first asked for."""

    def __init__(self, hub: Outlets) -> None:
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
