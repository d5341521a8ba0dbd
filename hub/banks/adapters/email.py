"""A bank whose system is a mailbox: its desk is told of each message by one mail, and acts in the portal."""

import contextlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from hub.banks.port import Bundle, Message, Receipt, Surroundings
from hub.domain.bank import Bank
from hub.domain.bank_settings import true_or_false
from hub.domain.errors import TryAgain
from hub.domain.identifiers import mobile

# 32 signs that nobody takes for one another, so each is worth five bits.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_GROUPS, _SIGNS = 4, 4


class Email:
    """Mails the bank's `desk_email`; with `attach_pdf` the form and the evidence go with it as one locked PDF."""

    kind = "email"
    settings: Mapping[str, Callable[[str], Any]] = MappingProxyType(
        {"attach_pdf": true_or_false, "desk_mobile": mobile},
    )
    required = frozenset({"desk_email"})
    in_house = False

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings

    def deliver(self, message: Message, bank: Bank) -> Receipt:
        """The mail server has the mail; raises `TryAgain`, or `RefusedForGood` where it never will."""
        password = self.password(message.id, bank) if message.enclosures else None
        bundle = None if password is None else self._surroundings.bundle(message.enclosures, password)
        self._surroundings.send_mail(self._surroundings.desk_mail(message, bank, bundle))
        if password is not None and bundle is not None and bundle.content is not None:
            self._tell_password(message, bank, password)
        return Receipt(detail=_receipt_detail(bundle))

    def password(self, message_id: str, bank: Bank) -> str | None:
        """What opens the PDF of that message, the same each time; None where this bank is sent no files."""
        if not true_or_false(bank.settings.get("attach_pdf") or "false"):
            return None
        secret = self._surroundings.secret_for(f"pdf:{message_id}")
        signs = [ALPHABET[byte % len(ALPHABET)] for byte in secret[: _GROUPS * _SIGNS]]
        return "-".join("".join(signs[at : at + _SIGNS]) for at in range(0, len(signs), _SIGNS))

    def _tell_password(self, message: Message, bank: Bank, password: str) -> None:
        number = bank.settings.get("desk_mobile")
        if number:
            # The mail is there and the portal shows the password too: without the text message nothing is lost.
            with contextlib.suppress(TryAgain):
                self._surroundings.send_text(to=mobile(number), text=f"{message.reference} 邮件附件的密码：{password}")


def _receipt_detail(bundle: Bundle | None) -> str:
    if bundle is None:
        return "the mail server took it"
    if bundle.content is None:
        return f"the mail server took it without the {bundle.left_out} files, which could not be enclosed"
    return f"the mail server took it with a PDF of {len(bundle.content)} bytes, {bundle.left_out} files left out"


def make(surroundings: Surroundings) -> Email:
    """The adapter."""
    return Email(surroundings)
