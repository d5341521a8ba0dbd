"""Passwords and authenticator codes of staff, by libpass: argon2 for the ones, RFC 6238 for the others."""

import base64
import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Final, cast

import qrcode
from flask import Flask, current_app
from passlib.context import CryptContext
from passlib.exc import TokenError
from passlib.totp import TOTP, AppWallet
from qrcode.image.svg import SvgPathImage

from hub.domain.actor import HUB
from hub.domain.errors import Fault
from hub.services.accounts import staff_sign_in
from hub.services.accounts.staff_sign_in import Account
from hub.wiring import Hub

SHORTEST_PASSWORD: Final = 12
_LONGEST_PASSWORD: Final = 200
_ISSUER: Final = "还款协商"
# Of 0 to 4: some 10^8 guesses and more, by lists of common passwords, names, dates and ways over the keyboard.
_LEAST_STRENGTH: Final = 3
# Where a password is judged by: what is longer than that takes long and is no weaker.
_JUDGED_SIGNS: Final = 72
_SHORTEST_WORD: Final = 4
# Words that anybody would try here, beside somebody's own address.
_WORDS_OF_THE_HUB: Final = (
    *("hub", "negotiated", "repayment", "negotiatedrepayment", "xieshang", "huankuan", "xieshanghuankuan"),
    *("xinyongka", "yinhang", "协商还款", "还款协商", "信用卡", "银行", "admin", "supervisor", "reviewer", "auditor"),
)
# A phone's clock may be this far off, in seconds either way.
_WINDOW_S: Final = 30
_EXTENSION: Final = "hub_authenticator"
# One slow hash without a secret of the application: passwords outlive a change of HUB_SECRET_KEYS.
_PASSWORDS: Final = CryptContext(schemes=["argon2"])


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """What a person puts into the authenticator: a picture to scan, or a key to type. `sealed` is kept."""

    sealed: str
    image: str
    key: str
    email: str


class Authenticator:
    """Passwords and one-time codes of one hub. Secrets are sealed by its newest key and opened by all of them."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        tags = [each.hex()[:16] for each in hub.keyring.indexes("tag", purpose="authenticator")]
        keys = [each.hex() for each in hub.keyring.indexes("key", purpose="authenticator")]
        wallet = AppWallet(dict(zip(tags, keys, strict=True)), default_tag=tags[0])
        self._totp = TOTP.using(issuer=_ISSUER, wallet=wallet, now=lambda: hub.real_clock.now().timestamp())

    def hashed(self, password: str) -> str:
        """The form in which the password is kept."""
        return str(_PASSWORDS.hash(_normal(password)))

    def is_right(self, account: Account | None, password: str) -> bool:
        """Whether the password is the account's; takes as long where there is no such account.

        A right one is kept anew where it was hashed with other costs than today's.
        """
        if len(password) > _LONGEST_PASSWORD:
            return False
        if account is None or account.password_hash is None:
            self.hashed(password)
            return False
        is_right, newer = _PASSWORDS.verify_and_update(_normal(password), account.password_hash)
        if newer is not None:
            with self._hub.writing(HUB) as tx:
                staff_sign_in.keep_password(tx, account.staff.id, newer)
        return bool(is_right)

    def set_up(self, email: str, sealed: str | None = None) -> SetUp:
        """A fresh secret for the account's authenticator, or the one that was shown before."""
        secret = self._totp.from_source(sealed) if sealed else self._totp.new()
        # One path: a tenth of what a box for each dot would weigh.
        drawn = qrcode.make(secret.to_uri(email), image_factory=SvgPathImage).to_string()
        return SetUp(
            sealed=sealed or secret.to_json(encrypt=True),
            image=f"data:image/svg+xml;base64,{base64.b64encode(drawn).decode()}",
            key=secret.pretty_key(),
            email=email,
        )

    def counter_of(self, code: str, sealed: str, *, after: int | None) -> int | None:
        """The time step that `code` is of, or None for a wrong one and for one of a step up to `after`."""
        try:
            matched = self._totp.verify(code, sealed, window=_WINDOW_S, last_counter=after)
        except TokenError:
            return None
        return int(matched.counter)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKD", password)


def password_faults(password: str, again: str, *, email: str) -> list[Fault]:
    """What is wrong with a new password."""
    if not SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        return [Fault("/password", "password_too_short", {"limit": SHORTEST_PASSWORD})]
    plain, own_name = password.lower(), email.partition("@")[0]
    is_own_name = len(own_name) >= _SHORTEST_WORD and own_name in plain
    if is_own_name or plain.isdigit() or _strength(plain, email) < _LEAST_STRENGTH:
        return [Fault("/password", "password_common")]
    if not secrets.compare_digest(password.encode(), again.encode()):
        return [Fault("/again", "passwords_differ")]
    return []


def _strength(plain: str, email: str) -> int:
    # A megabyte of lists, for the few who enrol.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    own = re.split(r"[@.]", email.lower())
    return int(zxcvbn(plain[:_JUDGED_SIGNS], user_inputs=[email.lower(), *own, *_WORDS_OF_THE_HUB])["score"])


def authenticator() -> Authenticator:
    """The one of the present application."""
    return cast("Authenticator", current_app.extensions[_EXTENSION])


def install(app: Flask, hub: Hub) -> None:
    """Passwords and codes can be checked."""
    app.extensions[_EXTENSION] = Authenticator(hub)
