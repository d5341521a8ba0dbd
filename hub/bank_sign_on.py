"""OpenID Connect with a bank's own provider: the code flow with PKCE, and a token believed only when it is right.

Calls go out by the rules of all calls to banks (`hub.banks.outgoing`). What the provider says of itself and its keys
are kept for an hour; a key that nobody knows asks for them anew, once a minute at most.
"""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from hub.banks.outgoing import OutgoingHttp
from hub.domain.errors import InvalidValue, TryAgain
from hub.domain.sign_on import Identity, SignedOn, SignOn, SignOnFailed, SignOnTrouble

ANSWER_S = 10.0
"""Seconds for an answer: a person waits for it."""
# By configuration, never by the token.
_ALGORITHMS: Final = ["RS256", "PS256", "ES256"]
_KEPT_FOR: Final = timedelta(hours=1)
_ASKED_AGAIN: Final = timedelta(minutes=1)
_LEEWAY: Final = timedelta(seconds=60)
_MOST_KEPT: Final = 100
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# OpenID Connect Core 1.0, 2.
_LONGEST_SUBJECT: Final = 255
_UNRESERVED: Final = "-._~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What one sign-in is known by: `state` and `nonce` come back, `verifier` proves that we began it."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Provider:
    metadata: Mapping[str, Any]
    keys: KeySet
    asked_at: datetime


class BankSignOn:
    """The providers of all banks, as one process knows them."""

    def __init__(self, http: OutgoingHttp, now: Callable[[], datetime]) -> None:
        """`now` tells the real time, by which tokens run."""
        self._http = http
        self._now = now
        self._known: dict[str, _Provider] = {}

    def address(self, bank: SignOn, started: Started, *, redirect_uri: str, again: bool) -> str:
        """Where the person's browser goes; raises `SignOnFailed`. With `again` they prove anew who they are."""
        asked = {
            "response_type": "code",
            "client_id": bank.client_id,
            "redirect_uri": redirect_uri,
            "scope": "openid email profile",
            "state": started.state,
            "nonce": started.nonce,
            "code_challenge": create_s256_code_challenge(started.verifier),
            "code_challenge_method": "S256",
            **({"prompt": "login", "max_age": "0"} if again else {}),
        }
        endpoint = str(self._provider(bank.issuer).metadata["authorization_endpoint"])
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"

    def redeem(self, bank: SignOn, started: Started, code: str, *, redirect_uri: str) -> SignedOn:
        """Whom the code stands for, as the provider has signed it; raises `SignOnFailed`."""
        provider = self._provider(bank.issuer)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": started.verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        methods = provider.metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if bank.secret and "client_secret_basic" in methods:
            headers["Authorization"] = _basic(bank)
        else:
            form |= {"client_id": bank.client_id, **({"client_secret": bank.secret} if bank.secret else {})}
        url = str(provider.metadata["token_endpoint"])
        answered = _json(*self._asked(lambda: self._http.post(url, urlencode(form).encode(), headers)), "token")
        token = answered.get("id_token")
        if not isinstance(token, str):
            raise _wrong("no id_token")
        return self._read(bank, started, token)

    def _read(self, bank: SignOn, started: Started, token: str) -> SignedOn:
        claims = self._claims(bank.issuer, token)
        now, audience = self._now(), claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        expires, issued = _instant(claims.get("exp")), _instant(claims.get("iat"))
        checks = {
            "iss": claims.get("iss") == bank.issuer,
            "aud": bank.client_id in audiences,
            "azp": claims.get("azp", bank.client_id) == bank.client_id and (len(audiences) == 1 or "azp" in claims),
            "exp": expires is not None and expires > now - _LEEWAY,
            "iat": issued is not None and issued < now + _LEEWAY,
            "nonce": hmac.compare_digest(str(claims.get("nonce", "")).encode(), started.nonce.encode()),
            "email_verified": bank.claim != "email" or claims.get("email_verified") is not False,
        }
        if not all(checks.values()):
            raise _wrong("id_token: " + ", ".join(name for name, holds in checks.items() if not holds))
        value, subject, amr = claims.get(bank.claim), claims.get("sub"), claims.get("amr")
        if not isinstance(value, str):
            raise _wrong("id_token without the claim that names the account")
        if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
            raise _wrong("id_token: sub")
        return SignedOn(
            identity=Identity(issuer=bank.issuer, subject=subject),
            value=value,
            amr=tuple(each for each in amr if isinstance(each, str)) if isinstance(amr, list) else (),
            acr=str(claims.get("acr", "")),
            proved_at=_instant(claims.get("auth_time")),
        )

    def _claims(self, issuer: str, token: str) -> Mapping[str, Any]:
        provider = self._provider(issuer)
        try:
            return jwt.decode(token, provider.keys, algorithms=_ALGORITHMS).claims
        except (JoseError, ValueError, KeyError, TypeError):
            # Perhaps it has changed its key.
            if provider.asked_at > self._now() - _ASKED_AGAIN:
                raise _wrong("id_token: signature") from None
        self._known.pop(issuer, None)
        try:
            return jwt.decode(token, self._provider(issuer).keys, algorithms=_ALGORITHMS).claims
        except (JoseError, ValueError, KeyError, TypeError):
            raise _wrong("id_token: signature") from None

    def _provider(self, issuer: str) -> _Provider:
        now, known = self._now(), self._known.get(issuer)
        if known is not None and timedelta() <= now - known.asked_at < _KEPT_FOR:
            return known
        metadata = self._got(f"{issuer.rstrip('/')}/.well-known/openid-configuration", "metadata")
        if metadata.get("issuer") != issuer:
            raise _wrong("metadata of another issuer")
        for name in _ENDPOINTS:
            try:
                self._http.check_url(str(metadata.get(name, "")))
            except InvalidValue as error:
                raise _wrong(f"metadata: {name}") from error
        try:
            keys = KeySet.import_key_set(self._got(str(metadata["jwks_uri"]), "keys"))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise _wrong("keys") from error
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        found = _Provider(metadata=metadata, keys=keys, asked_at=now)
        self._known[issuer] = found
        return found

    def _got(self, url: str, what: str) -> Mapping[str, Any]:
        return _json(*self._asked(lambda: self._http.get(url, {"Accept": "application/json"})), what)

    def _asked(self, call: Callable[[], Any]) -> tuple[int, bytes]:
        try:
            answer = call()
        except TryAgain as error:
            raise SignOnFailed(SignOnTrouble.UNREACHABLE, error.detail) from error
        except InvalidValue as error:
            raise SignOnFailed(SignOnTrouble.UNREACHABLE, error.code) from error
        return answer.status, answer.body


def _basic(bank: SignOn) -> str:
    pair = f"{quote(bank.client_id, safe=_UNRESERVED)}:{quote(bank.secret, safe=_UNRESERVED)}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def _json(status: int, body: bytes, what: str) -> Mapping[str, Any]:
    if status != 200:
        trouble = SignOnTrouble.UNREACHABLE if status >= 500 else SignOnTrouble.WRONG_ANSWER
        raise SignOnFailed(trouble, f"{what}: answered {status}")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _wrong(f"{what}: no JSON") from error
    if not isinstance(found, dict):
        raise _wrong(f"{what}: no object")
    return found


def _instant(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**11:
        return None
    return datetime.fromtimestamp(value, UTC)


def _wrong(detail: str) -> SignOnFailed:
    return SignOnFailed(SignOnTrouble.WRONG_ANSWER, detail)
