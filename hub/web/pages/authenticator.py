"""Passwords and authenticator codes of staff, by Flask-Security: its hashing, its rules and its one-time codes.

Its own pages are not used: they speak JSON beside forms, rescue by e-mail, and know no limit of tries. So it lives in
an application of its own, that answers no request, and adds nothing to the requests of the hub's.
"""

import base64
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

import qrcode
from flask import Flask, current_app
from flask_security import RoleMixin, Security, UserMixin, hash_password
from flask_security.datastore import UserDatastore
from flask_security.totp import Totp
from passlib.exc import TokenError
from passlib.totp import TOTP, AppWallet
from qrcode.image.svg import SvgPathImage

from hub.domain.actor import HUB
from hub.domain.errors import Fault
from hub.services.accounts import staff
from hub.services.accounts.staff import Account
from hub.wiring import Hub

SHORTEST_PASSWORD: Final = 12
_LONGEST_PASSWORD: Final = 200
_ISSUER: Final = "还款协商"
_FEWEST_SIGNS: Final = 5
_SHORTEST_WORD: Final = 4
# A phone's clock may be this far off, in seconds either way.
_WINDOW_S: Final = 30
_EXTENSION: Final = "hub_authenticator"


class StaffUser(UserMixin):
    """An account as Flask-Security knows it."""

    fs_uniquifier = ""
    tf_primary_method: str | None = None
    tf_totp_secret: str | None = None

    def __init__(self, account: Account) -> None:
        self.staff_id = account.staff.id
        self.email = account.staff.email
        self.password = account.password_hash
        self.fs_uniquifier = account.mark
        self.active = True


class NoRole(RoleMixin):
    """What Flask-Security calls a role; the hub's are words of its own."""


class Accounts(UserDatastore):
    """What Flask-Security may do with accounts: keep a password in a newer form, and nothing else."""

    def __init__(self, hub: Hub) -> None:
        super().__init__(StaffUser, NoRole)
        self._hub = hub

    def put(self, model: StaffUser) -> StaffUser:
        """The password's hash is kept."""
        with self._hub.writing(HUB) as tx:
            staff.keep_password(tx, model.staff_id, model.password or "")
        return model

    def find_user(self, case_insensitive: bool = False, **_: Any) -> None:
        """Nobody: our pages find accounts by themselves."""

    def find_role(self, role: str) -> None:
        """None: roles are words of ours."""


class Codes(Totp):
    """One-time codes by the hub's real clock, with secrets sealed by the newest key and opened by all."""

    def __init__(self, keys: dict[str, str], issuer: str, *, hub: Hub) -> None:
        wallet = AppWallet(keys, default_tag=next(iter(keys)))
        self._totp = TOTP.using(issuer=issuer, wallet=wallet, now=lambda: hub.real_clock.now().timestamp())

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The picture to scan, as a `data:` address: one path, a tenth of what a box for each dot would weigh."""
        drawn = qrcode.make(self.get_totp_uri(username, totp), image_factory=SvgPathImage).to_string()
        return f"data:image/svg+xml;base64,{base64.b64encode(drawn).decode()}"

    def counter_of(self, code: str, sealed: str, *, after: int | None) -> int | None:
        """The time step that `code` is of, or None for a wrong one and for one of a step up to `after`."""
        try:
            matched = self._totp.verify(code, sealed, window=_WINDOW_S, last_counter=after)
        except TokenError:
            return None
        return int(matched.counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """What a person puts into the authenticator: a picture to scan, or a key to type. `sealed` is kept."""

    sealed: str
    image: str
    key: str
    email: str


class Authenticator:
    """Passwords and one-time codes of one hub."""

    def __init__(self, hub: Hub) -> None:
        self._keeper = Flask("hub_accounts", static_folder=None)
        tags = [each.hex()[:16] for each in hub.keyring.indexes("tag", purpose="authenticator")]
        keys = [each.hex() for each in hub.keyring.indexes("key", purpose="authenticator")]
        self._keeper.config.update(
            SECRET_KEY=keys[0],
            # One slow hash without a salt of the application: passwords outlive a change of HUB_SECRET_KEYS.
            SECURITY_PASSWORD_SINGLE_HASH=True,
            SECURITY_PASSWORD_LENGTH_MIN=SHORTEST_PASSWORD,
            SECURITY_TWO_FACTOR=True,
            SECURITY_TWO_FACTOR_REQUIRED=True,
            SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
            SECURITY_TOTP_SECRETS=dict(zip(tags, keys, strict=True)),
            SECURITY_TOTP_ISSUER=_ISSUER,
        )
        self._security = Security(
            self._keeper,
            Accounts(hub),
            register_blueprint=False,
            totp_cls=cast("type[Codes]", partial(Codes, hub=hub)),
        )

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        with self._keeper.app_context():
            yield

    def hashed(self, password: str) -> str:
        """The form in which the password is kept."""
        with self._at_work():
            return hash_password(self._security.password_util.normalize(password))

    def is_right(self, account: Account | None, password: str) -> bool:
        """Whether the password is the account's; takes as long where there is no such account."""
        if len(password) > _LONGEST_PASSWORD:
            return False
        if account is None or account.password_hash is None:
            self.hashed(password)
            return False
        with self._at_work():
            normal = self._security.password_util.normalize(password)
            return bool(StaffUser(account).verify_and_update_password(normal))

    def set_up(self, email: str, sealed: str | None = None) -> SetUp:
        """A fresh secret for the account's authenticator, or the one that was shown before."""
        codes = self._codes
        kept = sealed or codes.generate_totp_secret()
        image = codes.generate_qrcode(email, kept)
        return SetUp(sealed=kept, image=image, key=codes.get_totp_pretty_key(kept), email=email)

    def counter_of(self, code: str, sealed: str, *, after: int | None) -> int | None:
        """The time step that `code` is of, or None for a wrong one and for one of a step up to `after`."""
        return self._codes.counter_of(code, sealed, after=after)

    @property
    def _codes(self) -> Codes:
        return cast("Codes", self._security.totp_factory)


def password_faults(password: str, again: str, *, email: str) -> list[Fault]:
    """What is wrong with a new password."""
    if not SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        return [Fault("/password", "password_too_short", {"limit": SHORTEST_PASSWORD})]
    plain, own_name = password.lower(), email.partition("@")[0]
    is_own_name = len(own_name) >= _SHORTEST_WORD and own_name in plain
    if len(set(plain)) < _FEWEST_SIGNS or is_own_name or plain.isdigit():
        return [Fault("/password", "password_common")]
    if not secrets.compare_digest(password.encode(), again.encode()):
        return [Fault("/again", "passwords_differ")]
    return []


def authenticator() -> Authenticator:
    """The one of the present application."""
    return cast("Authenticator", current_app.extensions[_EXTENSION])


def install(app: Flask, hub: Hub) -> None:
    """Passwords and codes can be checked."""
    app.extensions[_EXTENSION] = Authenticator(hub)
