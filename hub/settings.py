"""The HUB_ settings, checked all at once: a wrong or unknown variable is named and stops the start.

Where they are read is `hub.environment`; nothing here opens a file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote, urlsplit

from hub.domain.errors import Unusable
from hub.domain.object_lock import LockMode, ObjectLock
from hub.domain.retention import Periods

KNOWN = (
    "HUB_HOME",
    "HUB_DATABASE_URL",
    "HUB_DATABASE_POOLER",
    "HUB_EVIDENCE_URL",
    "HUB_S3_ENDPOINT_URL",
    "HUB_S3_OBJECT_LOCK_DAYS",
    "HUB_S3_OBJECT_LOCK_MODE",
    "HUB_SMTP_URL",
    "HUB_SMS_URL",
    "HUB_SMS_SIGNATURE",
    "HUB_IDENTITY_URL",
    "HUB_SCANNER_URL",
    "HUB_OCR",
    "HUB_SECRET_KEYS",
    "HUB_PUBLIC_URL",
    "HUB_ALLOWED_HOSTS",
    "HUB_HELP_PHONE",
    "HUB_OPERATOR_EMAIL",
    "HUB_TRUSTED_PROXIES",
    "HUB_METRICS_PORT",
    "HUB_RETENTION",
    "HUB_PAPER_KEY_FILE",
    "HUB_PAPER_CERTIFICATE_FILE",
    "HUB_PAPER_PASSWORD_FILE",
    "HUB_TSA_URL",
    "HUB_ENV",
)
_ADDRESS = re.compile(r"[^@\s<>()\[\],;:\"\\]+@[^@\s<>()\[\],;:\"\\]+")
# A run of digits beside a code would be taken for it.
_SIGNATURE = re.compile(r"(?!.*\d{4})[0-9A-Za-z\u4e00-\u9fff]{2,16}")
_EXAMPLE = re.compile(r"demo|example|password|change.?me", re.IGNORECASE)
# A random secret of 32 hex digits has fewer different ones once in some millions.
LEAST_SIGNS = 8
EMBEDDED = "embedded"
PRODUCTION = "production"
TESSERACT = "tesseract"
TRANSACTION = "transaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the operator can set. `secret_keys` is None where the embedded default shall make its own."""

    home: Path
    database_url: str
    evidence_url: str
    # What pools connections between the hub and PostgreSQL, by how it hands them out.
    database_pooler: str | None = None
    s3_endpoint_url: str | None = None
    s3_object_lock: ObjectLock | None = None
    smtp_url: str | None = None
    sms_url: str | None = None
    sms_signature: str | None = None
    identity_url: str | None = None
    scanner_url: str | None = None
    # What reads files for amounts; none does unless it is named.
    ocr: str | None = None
    secret_keys: str | None = field(default=None, repr=False)
    public_url: str = "http://127.0.0.1:8000"
    allowed_hosts: frozenset[str] = frozenset()
    help_phone: str | None = None
    operator_emails: tuple[str, ...] = ()
    trusted_proxies: int = 0
    metrics_port: int | None = None
    # For how long negotiations are kept after their end.
    retention: Periods = field(default_factory=lambda: Periods.parse(""))
    # What papers are sealed with: a key in PEM and its certificates, or both in one file in PKCS#12.
    paper_key_file: Path | None = None
    paper_certificate_file: Path | None = None
    paper_password_file: Path | None = None
    tsa_url: str | None = None
    env: str = EMBEDDED

    @property
    def embedded(self) -> bool:
        """Whether this is the embedded default: one host, demo faces, a clock that can be moved."""
        return self.env == EMBEDDED

    @property
    def is_local(self) -> bool:
        """Whether this is the embedded default of one machine: a SQLite file, and links that lead to loopback."""
        return self.embedded and self.on_sqlite and is_loopback(urlsplit(self.public_url).hostname or "")

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is a SQLite file, so one host and one worker."""
        return self.database_url.startswith("sqlite")


def is_address(host: str) -> bool:
    """Whether `host` is a number, and no name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address, is this machine for itself alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def parse_settings(variables: Mapping[str, str]) -> Settings:
    """Settings from HUB_ `variables`; raises `Unusable` naming every wrong or unknown one in one line."""
    wrong = [f"{name} is not a setting of the hub" for name in sorted(variables) if name not in KNOWN]
    given = {name: value.strip() for name, value in variables.items() if value.strip()}
    home = Path(given.get("HUB_HOME", "./var")).absolute()
    settings = Settings(
        home=home,
        database_url=given.get("HUB_DATABASE_URL", "sqlite:///" + quote(str(home / "hub.db"))),
        evidence_url=given.get("HUB_EVIDENCE_URL", "file://" + quote(str(home / "evidence"))),
        database_pooler=given.get("HUB_DATABASE_POOLER"),
        s3_endpoint_url=given.get("HUB_S3_ENDPOINT_URL"),
        s3_object_lock=_object_lock(given, wrong),
        smtp_url=given.get("HUB_SMTP_URL"),
        sms_url=given.get("HUB_SMS_URL"),
        sms_signature=given.get("HUB_SMS_SIGNATURE", "").removeprefix("【").removesuffix("】") or None,
        identity_url=given.get("HUB_IDENTITY_URL"),
        scanner_url=given.get("HUB_SCANNER_URL"),
        ocr=given.get("HUB_OCR"),
        secret_keys=given.get("HUB_SECRET_KEYS"),
        public_url=given.get("HUB_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
        allowed_hosts=frozenset(given.get("HUB_ALLOWED_HOSTS", "").replace(",", " ").split()),
        help_phone=given.get("HUB_HELP_PHONE"),
        operator_emails=tuple(given.get("HUB_OPERATOR_EMAIL", "").replace(",", " ").split()),
        trusted_proxies=_number(given, "HUB_TRUSTED_PROXIES", 0, range(9), wrong) or 0,
        metrics_port=_number(given, "HUB_METRICS_PORT", None, range(1, 65_536), wrong),
        retention=_periods(given, wrong),
        paper_key_file=_path(given, "HUB_PAPER_KEY_FILE"),
        paper_certificate_file=_path(given, "HUB_PAPER_CERTIFICATE_FILE"),
        paper_password_file=_path(given, "HUB_PAPER_PASSWORD_FILE"),
        tsa_url=given.get("HUB_TSA_URL"),
        env=given.get("HUB_ENV", EMBEDDED),
    )
    wrong += _wrong_forms(settings)
    if settings.env == PRODUCTION:
        wrong += _not_fit_for_production(settings, given)
    if wrong:
        raise Unusable("settings: " + "; ".join(wrong))
    return settings


def _path(given: Mapping[str, str], name: str) -> Path | None:
    return Path(given[name]).absolute() if name in given else None


def _periods(given: Mapping[str, str], wrong: list[str]) -> Periods:
    """How long is kept what, as HUB_RETENTION has it; `wrong` says so where that is shorter than it may be."""
    try:
        return Periods.parse(given.get("HUB_RETENTION", ""))
    except Unusable as error:
        wrong.append(str(error))
        return Periods.parse("")


def _number(given: Mapping[str, str], name: str, default: int | None, allowed: range, wrong: list[str]) -> int | None:
    """The number that was given under `name`, or the default; `wrong` says so where it is none of those allowed."""
    text = given.get(name)
    if text is None:
        return default
    if text.isascii() and text.isdigit() and len(text) < 9 and int(text) in allowed:
        return int(text)
    wrong.append(f"{name} must be a whole number from {allowed[0]} to {allowed[-1]}")
    return default


def _object_lock(given: Mapping[str, str], wrong: list[str]) -> ObjectLock | None:
    """How long S3 holds originals; None where it is not said, or what was said is wrong."""
    days = _number(given, "HUB_S3_OBJECT_LOCK_DAYS", None, range(1, 36_501), wrong)
    mode = given.get("HUB_S3_OBJECT_LOCK_MODE", LockMode.GOVERNANCE)
    if mode not in set(LockMode):
        wrong.append(f"HUB_S3_OBJECT_LOCK_MODE must be {' or '.join(LockMode)}")
        return None
    if days is None:
        return None
    if not given.get("HUB_EVIDENCE_URL", "").startswith("s3://"):
        wrong.append("HUB_S3_OBJECT_LOCK_DAYS is for a store in S3: HUB_EVIDENCE_URL must begin with s3://")
    return ObjectLock(days=days, mode=LockMode(mode))


def _wrong_forms(settings: Settings) -> list[str]:
    forms = (
        ("HUB_DATABASE_URL", settings.database_url, ("sqlite", "postgresql+psycopg")),
        ("HUB_EVIDENCE_URL", settings.evidence_url, ("file", "s3")),
        ("HUB_S3_ENDPOINT_URL", settings.s3_endpoint_url, ("http", "https")),
        ("HUB_SMTP_URL", settings.smtp_url, ("smtp", "smtps")),
        ("HUB_SMS_URL", settings.sms_url, ("http", "https")),
        ("HUB_IDENTITY_URL", settings.identity_url, ("http", "https", "simulated")),
        ("HUB_SCANNER_URL", settings.scanner_url, ("unix", "tcp")),
        ("HUB_PUBLIC_URL", settings.public_url, ("http", "https")),
        ("HUB_TSA_URL", settings.tsa_url, ("http", "https")),
    )
    wrong = [
        f"{name} must begin with {' or '.join(scheme + '://' for scheme in schemes)}"
        for name, value, schemes in forms
        if value is not None and not _is_url(value, schemes)
    ]
    if settings.database_pooler not in (None, TRANSACTION):
        wrong.append(f"HUB_DATABASE_POOLER must be {TRANSACTION}, or not be set")
    if settings.database_pooler is not None and settings.on_sqlite:
        wrong.append("HUB_DATABASE_POOLER is for PostgreSQL: HUB_DATABASE_URL must begin with postgresql+psycopg://")
    if settings.ocr not in (None, TESSERACT):
        wrong.append(f"HUB_OCR must be {TESSERACT}, or not be set")
    if not all(_ADDRESS.fullmatch(each) for each in settings.operator_emails):
        wrong.append("HUB_OPERATOR_EMAIL must be one or more e-mail addresses, parted by commas")
    if settings.sms_signature is not None and not _SIGNATURE.fullmatch(settings.sms_signature):
        wrong.append("HUB_SMS_SIGNATURE must be a name of 2 to 16 letters, without 【】 and without a long number")
    if settings.paper_key_file is None and (settings.paper_certificate_file or settings.paper_password_file):
        wrong.append("HUB_PAPER_KEY_FILE is needed beside HUB_PAPER_CERTIFICATE_FILE and HUB_PAPER_PASSWORD_FILE")
    if settings.env not in (EMBEDDED, PRODUCTION):
        wrong.append(f"HUB_ENV must be {EMBEDDED} or {PRODUCTION}")
    return wrong


def _is_url(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for what is no number
    except ValueError:
        return False
    return parts.scheme in schemes and "://" in text


def _goes_in_clear(url: str | None) -> bool:
    """Whether what is said to `url` can be read on its way; nothing is on its way to the machine itself."""
    if url is None:
        return False
    # The scheme may be written in capitals as well.
    parts = urlsplit(url)
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")


def _is_weak(secret: str) -> bool:
    """Whether somebody could guess the secret: few different signs, a repetition, or a word of an example in it."""
    repeats = any(secret == (secret[:size] * len(secret))[: len(secret)] for size in range(1, len(secret) // 2 + 1))
    return len(set(secret)) < LEAST_SIGNS or repeats or _EXAMPLE.search(secret) is not None


def _not_fit_for_production(settings: Settings, given: Mapping[str, str]) -> list[str]:
    needed = (
        "HUB_DATABASE_URL",
        "HUB_EVIDENCE_URL",
        "HUB_SMTP_URL",
        "HUB_SMS_URL",
        "HUB_SECRET_KEYS",
        "HUB_PUBLIC_URL",
    )
    wrong = [f"production needs {name}" for name in needed if name not in given]
    if "HUB_SCANNER_URL" not in given:
        wrong.append("production needs HUB_SCANNER_URL, so that no unscanned file reaches a bank")
    if not settings.public_url.startswith("https://"):
        wrong.append("HUB_PUBLIC_URL must be https in production")
    if settings.identity_url is not None and not settings.identity_url.startswith("https://"):
        wrong.append("HUB_IDENTITY_URL must be https in production")
    wrong += [
        f"{name} must be https in production, since what goes there is nobody else's to read"
        for name, url in (("HUB_SMS_URL", settings.sms_url), ("HUB_S3_ENDPOINT_URL", settings.s3_endpoint_url))
        if _goes_in_clear(url)
    ]
    if any(_is_weak(each.strip()) for each in (settings.secret_keys or "").split(",") if each.strip()):
        wrong.append(
            "HUB_SECRET_KEYS holds a demo secret or one that can be guessed; make one with "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(32))'`"
        )
    return wrong
