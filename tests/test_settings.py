"""Settings: all checked at once, each wrong one named."""

from pathlib import Path

import pytest

from hub.domain.errors import Unusable
from hub.domain.object_lock import LockMode, ObjectLock
from hub.settings import Settings, parse_settings
from hub.wiring import Hub

SECRET = "qT7-vN2xKzR9bLw4YpHc8sJd1mFg5uE0"
PRODUCTION = {
    "HUB_ENV": "production",
    "HUB_DATABASE_URL": "postgresql+psycopg://hub@db/hub",
    "HUB_EVIDENCE_URL": "s3://evidence/hub",
    "HUB_SMTP_URL": "smtps://mail.example",
    "HUB_SMS_URL": "https://sms.example",
    "HUB_SCANNER_URL": "tcp://scanner:3310",
    "HUB_SECRET_KEYS": SECRET,
    "HUB_PUBLIC_URL": "https://hub.example",
}


def test_nothing_set_is_the_embedded_default() -> None:
    settings = parse_settings({})
    home = Path.cwd() / "var"
    assert settings.home == home
    assert settings.database_url == f"sqlite:///{home}/hub.db"
    assert settings.evidence_url == f"file://{home}/evidence"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.embedded
    assert settings.on_sqlite


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUB_DATABASE_URL", "mysql://db/hub"),
        ("HUB_DATABASE_POOLER", "session"),
        ("HUB_DATABASE_POOLER", "transaction"),  # SQLite has none
        ("HUB_EVIDENCE_URL", "/srv/evidence"),
        ("HUB_S3_ENDPOINT_URL", "localhost:9000"),
        ("HUB_S3_OBJECT_LOCK_DAYS", "0"),
        ("HUB_S3_OBJECT_LOCK_DAYS", "30"),  # a folder has no lock
        ("HUB_S3_OBJECT_LOCK_MODE", "forever"),
        ("HUB_SMTP_URL", "mail.example:25"),
        ("HUB_SMS_URL", "ftp://sms.example"),
        ("HUB_SCANNER_URL", "3310"),
        ("HUB_OCR", "on"),
        ("HUB_PUBLIC_URL", "hub.example"),
        ("HUB_ENV", "staging"),
        ("HUB_OPERATOR_EMAIL", "o@hub.example, nobody"),
        ("HUB_TRUSTED_PROXIES", "-1"),
        ("HUB_TRUSTED_PROXIES", "one"),
        ("HUB_TRUSTED_PROXIES", "9"),
        ("HUB_METRICS_PORT", "0"),
        ("HUB_METRICS_PORT", "65536"),
        ("HUB_METRICS_PORT", "²"),
        ("HUB_SMS_SIGNATURE", "还"),
        ("HUB_SMS_SIGNATURE", "还款协商 服务"),
        ("HUB_SMS_SIGNATURE", "热线 12378"),
        ("HUB_SMS_SIGNATURE", "热线12378"),
        ("HUB_SMS_SIGNATURE", "【【协商】】"),
        ("HUB_SMS_SIGNATURE", "名" * 17),
        ("HUB_TSA_URL", "ftp://stamps.example"),
        ("HUB_PAPER_CERTIFICATE_FILE", "/etc/hub/certificate.pem"),  # without its key
        ("HUB_PAPER_PASSWORD_FILE", "/etc/hub/password"),
        ("HUB_COLOUR", "teal"),
    ],
)
def test_a_wrong_or_unknown_one_stops_the_start_by_name(name: str, value: str) -> None:
    with pytest.raises(Unusable, match=name):
        parse_settings({name: value})


def test_proxies_and_the_port_of_the_metrics_are_numbers() -> None:
    settings = parse_settings({"HUB_TRUSTED_PROXIES": "2", "HUB_METRICS_PORT": "9100"})
    assert (settings.trusted_proxies, settings.metrics_port) == (2, 9100)


def test_files_of_the_seal_are_whole_paths_and_time_stamps_may_come_by_plain_http() -> None:
    given = {"HUB_PAPER_KEY_FILE": "key.pem", "HUB_PAPER_CERTIFICATE_FILE": "/etc/hub/certificate.pem"}
    settings = parse_settings({**PRODUCTION, **given, "HUB_TSA_URL": "http://stamps.example/tsa"})
    assert settings.paper_key_file == Path.cwd() / "key.pem"
    assert settings.paper_certificate_file == Path("/etc/hub/certificate.pem")
    assert settings.tsa_url == "http://stamps.example/tsa"


def test_originals_in_s3_are_held_for_days_against_all_but_who_may_bypass_it() -> None:
    held = {"HUB_EVIDENCE_URL": "s3://evidence/hub", "HUB_S3_OBJECT_LOCK_DAYS": "1830"}
    assert parse_settings(held).s3_object_lock == ObjectLock(days=1830, mode=LockMode.GOVERNANCE)
    held["HUB_S3_OBJECT_LOCK_MODE"] = "compliance"
    assert parse_settings(held).s3_object_lock == ObjectLock(days=1830, mode=LockMode.COMPLIANCE)


def test_every_wrong_one_is_named_in_one_line() -> None:
    with pytest.raises(Unusable) as stopped:
        parse_settings({"HUB_ENV": "staging", "HUB_COLOUR": "teal", "HUB_SMTP_URL": "mail"})
    text = str(stopped.value)
    assert "\n" not in text
    assert all(name in text for name in ("HUB_ENV", "HUB_COLOUR", "HUB_SMTP_URL"))


def test_a_complete_production_starts() -> None:
    assert not parse_settings(PRODUCTION).embedded


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "HUB_ENV"])
def test_production_does_not_start_without_one_of_its_settings(name: str) -> None:
    with pytest.raises(Unusable, match=name):
        parse_settings({key: value for key, value in PRODUCTION.items() if key != name})


def test_production_does_not_start_on_plain_http_links_or_demo_secrets() -> None:
    with pytest.raises(Unusable, match="HUB_PUBLIC_URL"):
        parse_settings({**PRODUCTION, "HUB_PUBLIC_URL": "http://hub.example"})
    with pytest.raises(Unusable, match="HUB_SECRET_KEYS"):
        parse_settings({**PRODUCTION, "HUB_SECRET_KEYS": "demo" * 10})


def test_secrets_are_not_in_the_settings_repr() -> None:
    assert SECRET not in repr(Settings(home=Path("/x"), database_url="", evidence_url="", secret_keys=SECRET))


@pytest.mark.parametrize(
    "weak",
    [
        "a" * 40,
        "ab" * 20,
        "correct horse 12" * 2,
        "0123456789abcdef" * 2,
        "changeme-" + SECRET,
        "aabbccddaabbccddeeaabbccddffaabb",
    ],
)
def test_production_does_not_start_on_a_key_that_can_be_guessed(weak: str) -> None:
    for keys in (weak, f"{SECRET},{weak}"):
        with pytest.raises(Unusable, match="HUB_SECRET_KEYS") as stopped:
            parse_settings({**PRODUCTION, "HUB_SECRET_KEYS": keys})
        assert weak not in str(stopped.value)
    assert parse_settings({"HUB_SECRET_KEYS": weak}).embedded


@pytest.mark.parametrize("name", ["HUB_SMS_URL", "HUB_S3_ENDPOINT_URL"])
def test_production_sends_nothing_in_clear(name: str) -> None:
    for url in ("http://gateway.example/send", "HTTP://gateway.example/send"):
        with pytest.raises(Unusable, match=name):
            parse_settings({**PRODUCTION, name: url})
    for url in ("https://gateway.example/send", "http://127.0.0.1:9000"):
        assert not parse_settings({**PRODUCTION, name: url}).embedded


@pytest.mark.parametrize(
    "folder", ["a b", "中文", "100%", "100%25", "what?", "a#b", "h 中文 100%25#a?b", "%2F", "a&b=c"]
)
def test_the_database_and_the_files_lie_inside_the_home_whatever_it_is_called(tmp_path: Path, folder: str) -> None:
    home = tmp_path / folder
    hub = Hub(parse_settings({"HUB_HOME": str(home)}))
    hub.upgrade()
    hub.store.check()
    hub.close()
    assert [each.name for each in tmp_path.iterdir()] == [folder]
    assert {"hub.db", "evidence", "secret-keys"} <= {each.name for each in home.iterdir()}


@pytest.mark.parametrize("url", ["smtp://[", "smtp://mail.example:many", "smtp://mail.example:99999"])
def test_an_address_that_is_none_is_named(url: str) -> None:
    with pytest.raises(Unusable, match="HUB_SMTP_URL"):
        parse_settings({"HUB_SMTP_URL": url})


@pytest.mark.parametrize("written", ["协商服务", "【协商服务】"])
def test_the_name_in_front_of_text_messages_is_taken_with_and_without_its_brackets(written: str) -> None:
    assert parse_settings({"HUB_SMS_SIGNATURE": written}).sms_signature == "协商服务"
