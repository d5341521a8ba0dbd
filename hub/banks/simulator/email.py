"""The far side of `email`: the mail server of a bank's desk, which keeps what it takes. Its staff act in the portal."""

import email
import email.policy
import hashlib
import re
from email.message import EmailMessage

from hub.banks.simulator.listening import ListeningBank
from hub.banks.simulator.port import Arrived, Does, Event, Heard, Joining, Place, Way
from hub.banks.simulator.smtp_side import Given, SmtpSide
from hub.domain.delivery import MessageKind

DESK = "desk@bank.example"
_MESSAGE_ID = re.compile(r"<([0-9A-Za-z-]{1,64})@[^<>@\s]+>")


class EmailSide(ListeningBank[SmtpSide]):
    """A mailbox at an address of the bank; each mail is a file below `mail/` in the bank's folder."""

    kind = "email"
    speaks = False
    does = frozenset({Does.TAKE, Does.FAIL, Does.REFUSE, Does.CUT})
    ways: frozenset[Way] = frozenset()

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self._address = place.given.get("desk_email") or DESK
        self._mails = place.folder / "mail"

    @property
    def joining(self) -> Joining:
        """The desk's address, and the mail server that takes its mail."""
        return Joining(
            settings={"desk_email": self._address}, environment={"HUB_SMTP_URL": f"smtp://127.0.0.1:{self._port}"}
        )

    def _listen(self) -> SmtpSide:
        self._mails.mkdir(mode=0o700, exist_ok=True)
        return SmtpSide(self._place.port, self._answer)

    def say(self, event: Event) -> Heard:
        """Nothing was told: what the bank decides, its staff do in the portal."""
        return Heard(taken=False, detail=f"a bank of kind {self.kind} tells the hub nothing: {event.type}")

    def _answer(self, given: Given) -> str | None:
        desk, listening = self._desk, self._listening
        if desk is None or listening is None:
            return "421 4.3.2 not yet"
        mail = email.message_from_bytes(given.content, _class=EmailMessage, policy=email.policy.default)
        arrived = _arrived(mail)
        if arrived is None:
            # The hub's other mails go to the same server.
            self._keep(given, hashlib.sha256(given.content).hexdigest()[:32])
            desk.notice("another mail")
            return "250 2.0.0 kept"
        reaction = desk.take(arrived)
        listening.wait(reaction.after_s)
        match reaction.does:
            case Does.FAIL:
                return f"{_code(reaction.word, '4', '451')} 4.7.1 greylisted, try again"
            case Does.REFUSE:
                return f"{_code(reaction.word, '5', '550')} 5.1.1 no such mailbox"
        self._keep(given, arrived.id)
        return None if reaction.does is Does.CUT else "250 2.0.0 kept"

    def _keep(self, given: Given, name: str) -> None:
        part = self._mails / f"{name}.part"
        part.write_bytes(given.content)
        part.replace(self._mails / f"{name}.eml")


def _code(word: str, begins: str, usual: str) -> str:
    return word if re.fullmatch(rf"{begins}\d\d", word) else usual


def _arrived(mail: EmailMessage) -> Arrived | None:
    named = _MESSAGE_ID.fullmatch(str(mail["Message-ID"]))
    kind, about = str(mail["X-Negotiation-Message"]), str(mail["X-Request"] or mail["X-Negotiation"])
    if named is None or kind not in set(MessageKind):
        return None
    # The due time and the lock of what is enclosed are made anew in each attempt; what it is about is not.
    digest = hashlib.sha256(f"{named[1]} {kind} {about}".encode()).hexdigest()
    # Nothing by which a desk could decide: people read the mail and go to the portal.
    return Arrived(id=named[1], kind=MessageKind(kind), data={}, digest=digest)


def make(place: Place) -> EmailSide:
    """The simulated bank."""
    return EmailSide(place)
