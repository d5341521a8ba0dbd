"""What the doors for people allow. A stranger's wrong tries keep nobody out of their own account.

Tries count against the pair of account and address, with waits that grow. From addresses where nobody has signed in to
the account yet they also count together, so that many addresses are no way round.
"""

from datetime import timedelta
from typing import Final

from hub.domain.identifiers import compared_email
from hub.services.accounts.attempts import Limit, Try
from hub.web.limits import Limits, caller_address

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def _growing(name: str, *steps: tuple[int, timedelta]) -> tuple[Limit, ...]:
    return tuple(Limit(name=name, amount=amount, window=window) for amount, window in steps)


STAFF: Final = "staff"
MOBILE: Final = "mobile"

_PASSWORDS_FROM_ADDRESS: Final = Limit(name="staff-addresses", amount=120, window=_MINUTE)
_PASSWORDS: Final = _growing("staff-passwords", (10, 15 * _MINUTE), (20, _HOUR), (40, _DAY))
_PASSWORDS_OF_STRANGERS: Final = Limit(name="staff-passwords-of-strangers", amount=100, window=_HOUR)
_STAFF_CODES: Final = Limit(name="staff-codes", amount=20, window=_HOUR)

_PASSKEYS_FROM_ADDRESS: Final = Limit(name="passkeys-addresses", amount=60, window=_MINUTE)
# As long as any challenge is good, and longer.
_CHALLENGES: Final = Limit(name="passkey-challenges", amount=1, window=10 * _MINUTE)

_SIGN_ONS_FROM_ADDRESS: Final = Limit(name="sign-ons-addresses", amount=60, window=_MINUTE)
_SIGN_ON_ANSWERS_FROM_ADDRESS: Final = Limit(name="sign-on-answers-addresses", amount=60, window=_MINUTE)
_SIGN_ON_STATES: Final = Limit(name="sign-on-states", amount=1, window=_HOUR)

_TEXTS_TO_ADDRESS: Final = Limit(name="texts-addresses", amount=60, window=_HOUR)
_TEXTS: Final = _growing("texts", (5, _HOUR), (10, _DAY))
_TEXTS_OF_STRANGERS: Final = _growing("texts-of-strangers", (10, _HOUR), (20, _DAY))
_GUESSES_FROM_ADDRESS: Final = Limit(name="guesses-addresses", amount=60, window=_HOUR)
_GUESSES: Final = Limit(name="guesses", amount=15, window=_DAY)
_GUESSES_OF_STRANGERS: Final = Limit(name="guesses-of-strangers", amount=15, window=_DAY)


def passwords(limits: Limits, email: str) -> list[Try]:
    """What one try at the password of that account counts against."""
    account, address = compared_email(email)[:254], caller_address()
    tries: list[Try] = [(_PASSWORDS_FROM_ADDRESS, (address,)), *((each, (account, address)) for each in _PASSWORDS)]
    if not limits.knows(STAFF, account, address):
        tries.append((_PASSWORDS_OF_STRANGERS, (account,)))
    return tries


def staff_codes(staff_id: str) -> Try:
    """What one try at the second step counts against; only who knows the password comes so far."""
    return _STAFF_CODES, (staff_id,)


def passkeys() -> Try:
    """What one try with a passkey counts against: nobody is named before it is checked."""
    return _PASSKEYS_FROM_ADDRESS, (caller_address(),)


def challenge(spelt: str) -> Try:
    """What an answer to a challenge of a passkey counts against: it is taken once."""
    return _CHALLENGES, (spelt,)


def sign_ons() -> Try:
    """What one way to a bank's sign-on counts against: it makes the hub call out."""
    return _SIGN_ONS_FROM_ADDRESS, (caller_address(),)


def sign_on_answers() -> Try:
    """What one way back from a bank's sign-on counts against: each that was in vain is written down for good."""
    return _SIGN_ON_ANSWERS_FROM_ADDRESS, (caller_address(),)


def sign_on_state(state: str) -> Try:
    """What one answer of a bank's sign-on counts against: it is taken once."""
    return _SIGN_ON_STATES, (state,)


def texts(limits: Limits, mobile: str) -> list[Try]:
    """What one text message to that number counts against."""
    return _of_mobile(limits, mobile, _TEXTS_TO_ADDRESS, _TEXTS, _TEXTS_OF_STRANGERS)


def guesses(limits: Limits, mobile: str) -> list[Try]:
    """What one try at a code sent to that number counts against."""
    return _of_mobile(limits, mobile, _GUESSES_FROM_ADDRESS, (_GUESSES,), (_GUESSES_OF_STRANGERS,))


def _of_mobile(
    limits: Limits, mobile: str, one: Limit, pair: tuple[Limit, ...], strangers: tuple[Limit, ...]
) -> list[Try]:
    address = caller_address()
    tries: list[Try] = [(one, (address,)), *((each, (mobile, address)) for each in pair)]
    if not limits.knows(MOBILE, mobile, address):
        tries += [(each, (mobile,)) for each in strangers]
    return tries


def signed_in(limits: Limits, what: str, account: str) -> None:
    """The caller's address is known for that account."""
    limits.remember(what, compared_email(account)[:254], caller_address())
