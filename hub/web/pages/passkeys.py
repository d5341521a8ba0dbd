"""Passkeys, by py_webauthn: what a device is asked, and whether what it says is true.

A challenge is drawn for one page, is good for five minutes and is taken once. Every answer proves two factors: that the
device is there, and that it has checked its owner by finger, face or PIN.
"""

import secrets
import time
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

from flask import session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.parse_authentication_credential_json import parse_authentication_credential_json
from webauthn.helpers.parse_registration_credential_json import parse_registration_credential_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from hub.domain.actor import HUB
from hub.domain.errors import TooManyTries
from hub.services.accounts import passkeys
from hub.services.accounts.passkeys import Passkey
from hub.services.accounts.staff import Staff
from hub.services.accounts.staff_sign_in import Account
from hub.settings import is_address
from hub.web import sign_in_limits
from hub.web.access import face
from hub.web.pages.translation import translate
from hub.web.pages.visitors import now_for_sessions

ANSWER: Final = "passkey"
"""The hidden field in which `passkey.js` sends what the device said."""

_CHALLENGES: Final = "passkey_challenges"
_CHALLENGE_S: Final = 300
# Of pages that are open beside each other.
_MOST_CHALLENGES: Final = 4
_LONGEST_ANSWER: Final = 20_000
# JSON too deep for its reader is a RecursionError.
_WRONG: Final = (WebAuthnException, ValueError, KeyError, TypeError, RecursionError)


def are_possible() -> bool:
    """Whether browsers offer passkeys here: never where the hub is reached by a number instead of a name."""
    return not is_address(_host())


def _host() -> str:
    return urlsplit(face().hub.settings.public_url).hostname or ""


def _origin() -> str:
    parts = urlsplit(face().hub.settings.public_url)
    return f"{parts.scheme}://{parts.netloc}"


def new_options(person: Staff, known: list[Passkey]) -> str:
    """What a device is asked that shall make a passkey for the person, as JSON; not one that made one of `known`."""
    return options_to_json(
        generate_registration_options(
            rp_id=_host(),
            rp_name=translate("还款协商工作台"),
            user_id=person.id.encode(),
            user_name=person.email,
            user_display_name=person.name or person.email,
            challenge=_new_challenge(),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=_descriptors(known),
        )
    )


def sign_in_options(known: list[Passkey] | None = None) -> str:
    """What a device is asked that shall prove who holds it, as JSON: with one of `known`, or with any it has."""
    return options_to_json(
        generate_authentication_options(
            rp_id=_host(),
            challenge=_new_challenge(),
            allow_credentials=None if known is None else _descriptors(known),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def _descriptors(known: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=each.credential_id) for each in known]


def _new_challenge() -> bytes:
    challenge = secrets.token_bytes(32)
    asked = [*session.get(_CHALLENGES, []), [bytes_to_base64url(challenge), int(time.time())]]
    session[_CHALLENGES] = asked[-_MOST_CHALLENGES:]
    return challenge


def _take_challenge(client_data: bytes) -> bytes | None:
    """The challenge that this browser was asked and that is answered here, for the only time; None for any other."""
    answered = parse_client_data_json(client_data).challenge
    spelt = bytes_to_base64url(answered)
    asked = session.get(_CHALLENGES, [])
    session[_CHALLENGES] = [each for each in asked if each[0] != spelt]
    if not any(each[0] == spelt and each[1] >= time.time() - _CHALLENGE_S for each in asked):
        return None
    # The cookie is the browser's, who may send an old one: that it was taken is kept here.
    with suppress(TooManyTries):
        face().limits.count(sign_in_limits.challenge(spelt))
        return answered
    return None


def checked_new(given: str) -> VerifiedRegistration | None:
    """The passkey that a device has made; None where it answers nothing that was asked here."""
    try:
        credential = parse_registration_credential_json(given[:_LONGEST_ANSWER])
        challenge = _take_challenge(credential.response.client_data_json)
        if challenge is None:
            return None
        return verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except _WRONG:
        return None


def proved(given: str) -> Account | None:
    """Whose device has answered what was asked here, its count noted; None where nothing is proved."""
    try:
        credential = parse_authentication_credential_json(given[:_LONGEST_ANSWER])
        challenge = _take_challenge(credential.response.client_data_json)
    except _WRONG:
        return None
    hub = face().hub
    with hub.reading(HUB) as tx:
        found = passkeys.find(tx, credential.raw_id)
    if challenge is None or found is None:
        return None
    passkey, account = found
    handle = credential.response.user_handle
    if handle is not None and handle != account.staff.id.encode():
        return None
    try:
        checked: Any = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except _WRONG:
        return None
    with hub.writing(HUB) as tx:
        is_used = passkeys.use(tx, passkey.credential_id, checked.new_sign_count, at=now_for_sessions())
    return account if is_used else None


__all__ = ["ANSWER", "are_possible", "base64url_to_bytes", "checked_new", "new_options", "proved", "sign_in_options"]
