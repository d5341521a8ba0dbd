"""A hub's ways out, by its settings: mails, text messages, calls to other systems, and what seals its papers."""

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from hub.banks.outgoing import OutgoingHttp, Reach
from hub.clocks import SystemClock
from hub.domain.clock import Clock
from hub.domain.identity import IdentityChecker
from hub.identity_checkers import ANSWER_S as CHECKER_ANSWER_S
from hub.identity_checkers import checker_of
from hub.mail.senders import MailFolder, MailSender, SmtpSender
from hub.mail.sms import GATEWAY_ANSWER_S, Signed, SmsFolder, SmsGateway, SmsSender
from hub.paper_sealing import PaperSealing
from hub.partners.port import Partners
from hub.partners.signed_http import SignedHttp
from hub.settings import Settings

if TYPE_CHECKING:
    from hub.bank_sign_on import BankSignOn


class WaysOut:
    """Every outside party that a hub speaks to, but for its banks. Nothing is opened before it is asked for."""

    def __init__(self, settings: Settings, *, sms: SmsSender | None = None, mail: MailSender | None = None) -> None:
        self.settings = settings
        # Tokens and keys of machines live in real time, however far the hub's clock was moved for a demo.
        self.real_clock: Clock = SystemClock()
        self._sms = sms
        self._mail = mail

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
            return SmtpSender(self.settings.smtp_url, self.settings.public_url, in_clear=self.settings.embedded)
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
    def partners(self) -> Partners:
        """The lenders to whom people are referred."""
        return SignedHttp(self.http, self._real_now)

    @cached_property
    def identity_checker(self) -> IdentityChecker | None:
        """Who can say that name, document, mobile and card belong together; None without HUB_IDENTITY_URL."""
        return checker_of(self.settings.identity_url, OutgoingHttp(self.reach, answer_s=CHECKER_ANSWER_S))

    @cached_property
    def sealing(self) -> PaperSealing:
        """What seals papers."""
        return PaperSealing(self.settings, self._real_now)

    @cached_property
    def bank_sign_on(self) -> "BankSignOn":
        """Banks' own sign-on for their people."""
        from hub.bank_sign_on import ANSWER_S, BankSignOn  # noqa: PLC0415 - few banks have one

        return BankSignOn(OutgoingHttp(self.reach, answer_s=ANSWER_S), self._real_now)

    def _real_now(self) -> datetime:
        return self.real_clock.now()


def _way_to_gateway(host: str) -> OutgoingHttp:
    """Calls to a host that the operator named by a setting, wherever it is, and to no other."""
    return OutgoingHttp(Reach(loopback=True, allowed_hosts=frozenset({host})), answer_s=GATEWAY_ANSWER_S)
