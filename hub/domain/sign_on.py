"""A bank's own sign-on for its people, by OpenID Connect: what the bank sets of it, and why a sign-in by it fails."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from hub.domain.errors import InvalidValue

MANY_FACTORS = "mfa"
"""What RFC 8176 calls it in `amr` when more than one factor was used."""
_CLAIM = re.compile(r"[A-Za-z0-9_:./-]{1,60}")
_DOMAIN = re.compile(r"(?=.{1,253}\Z)[a-z0-9-]+(\.[a-z0-9-]+)+")


class SecondFactor(StrEnum):
    """Who asks for the second factor of somebody who comes by the bank's sign-on."""

    # The hub, as of everybody.
    HUB = "hub"
    # The bank has always asked for it.
    ALWAYS = "always"
    # Whichever: the bank's token says whether it has (`amr`, `acr`).
    ASSERTED = "asserted"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOn:
    """What is needed to ask a bank's provider. `secret` is empty of a client that proves itself by PKCE alone.

    `claim` names the address of the account; where it has no domain, and one is allowed, that is added.
    """

    issuer: str
    client_id: str
    secret: str
    claim: str
    domains: tuple[str, ...]
    second_factor: SecondFactor
    acr_values: tuple[str, ...]

    def counts_as_second_factor(self, said: "SignedOn") -> bool:
        """Whether the hub need not ask for a second factor itself."""
        if self.second_factor is SecondFactor.ASSERTED:
            return MANY_FACTORS in said.amr or said.acr in self.acr_values
        return self.second_factor is SecondFactor.ALWAYS

    def address_of(self, value: str) -> str | None:
        """The address of the account that a claim names; None where its domain is none of the allowed ones."""
        name, _, domain = value.strip().lower().rpartition("@")
        if not name and len(self.domains) == 1:
            name, domain = domain, self.domains[0]
        return f"{name}@{domain}" if name and (not self.domains or domain in self.domains) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody is at a provider: `iss` and `sub`, which it never gives to another person.

    An address it may (OpenID Connect Core 1.0, 5.7).
    """

    issuer: str
    subject: str

    @property
    def digest(self) -> bytes:
        """What is kept of it: nothing but whether it is the same is ever asked."""
        return hashlib.sha256(f"{self.issuer}\n{self.subject}".encode()).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOn:
    """What a provider has signed about somebody: the claim that names the account, and how they proved who they are."""

    identity: Identity
    value: str
    amr: tuple[str, ...]
    acr: str
    proved_at: datetime | None


class SignOnTrouble(StrEnum):
    """Why a sign-in by a bank's sign-on came to nothing."""

    NOT_SET = "not_set"
    CANCELLED = "cancelled"
    OVER = "over"
    UNREACHABLE = "unreachable"
    WRONG_ANSWER = "wrong_answer"
    NO_ACCOUNT = "no_account"
    # The account is known to be somebody else's there.
    OTHER_PERSON = "other_person"


class SignOnFailed(Exception):
    """The bank's sign-on let nobody in; `detail` is for the log and holds no secret."""

    def __init__(self, trouble: SignOnTrouble, detail: str = "") -> None:
        super().__init__(trouble, detail)
        self.trouble = trouble
        self.detail = detail


def read_issuer(text: str) -> str:
    """The address of a provider; raises `InvalidValue`."""
    parts = urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment or "@" in text:
        raise InvalidValue("url_form")
    return text


def read_claim(text: str) -> str:
    """The name of a claim; raises `InvalidValue`."""
    if not _CLAIM.fullmatch(text):
        raise InvalidValue("sign_on_claim")
    return text


def read_domains(text: str) -> tuple[str, ...]:
    """The domains in a list; raises `InvalidValue`."""
    found = tuple(dict.fromkeys(re.split(r"[\s,，、;；]+", text.strip().lower())))
    if not all(_DOMAIN.fullmatch(each) for each in found):
        raise InvalidValue("sign_on_domains")
    return found


def read_second_factor(text: str) -> SecondFactor:
    """Who asks for the second factor; raises `InvalidValue`."""
    try:
        return SecondFactor(text)
    except ValueError as error:
        raise InvalidValue("sign_on_second_factor") from error


def read_acr(text: str) -> tuple[str, ...]:
    """The values of `acr` that say that two factors were used."""
    return tuple(dict.fromkeys(text.split()))
