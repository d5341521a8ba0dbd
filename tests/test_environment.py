"""Secrets come from files as well: named by a variable, or handed over by systemd; each of them once."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.domain.errors import Unusable
from hub.environment import CREDENTIALS, SECRETS, read_environment
from hub.settings import KNOWN

VALUE = "smtps://hub:a word%20of@mail.example"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, with no variable of the hub or of systemd set."""
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv(CREDENTIALS, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_may_hold_what_holds_a_password_or_a_key() -> None:
    assert set(SECRETS) < set(KNOWN)


@pytest.mark.parametrize("name", SECRETS)
def test_a_variable_may_name_the_file_that_holds_a_secret(
    name: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "secret").write_text(f"{VALUE}\n")
    monkeypatch.setenv(f"{name}_FILE", str(place / "secret"))
    assert read_environment() == {name: VALUE}


@pytest.mark.parametrize("name", SECRETS)
def test_a_credential_of_systemd_that_is_called_like_a_setting_holds_it(
    name: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / name).write_text(VALUE)
    (place / "something else").write_text("of another program")
    monkeypatch.setenv(CREDENTIALS, str(place))
    assert read_environment() == {name: VALUE}


def test_the_env_file_may_name_it_too(place: Path) -> None:
    (place / "secret").write_text(VALUE)
    (place / ".env").write_text(f"HUB_SMTP_URL_FILE={place / 'secret'}\n")
    assert read_environment() == {"HUB_SMTP_URL": VALUE}


@contextmanager
def as_nobody() -> Iterator[None]:
    """Rights hold meanwhile: root may read and enter everything."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.fixture
def for_everybody(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to stand in that others may reach as well."""
    with tempfile.TemporaryDirectory(dir="/tmp") as made:
        Path(made).chmod(0o755)
        monkeypatch.chdir(made)
        yield Path(made)
        Path(made).chmod(0o700)


def test_a_folder_that_cannot_be_entered_has_no_env_file(for_everybody: Path) -> None:
    (for_everybody / ".env").write_text("HUB_ENV=production\n")
    for_everybody.chmod(0o000)
    with as_nobody():
        assert read_environment() == {}


def test_an_env_file_that_is_there_and_cannot_be_read_is_refused_by_name(for_everybody: Path) -> None:
    (for_everybody / ".env").touch(0o000)
    with as_nobody(), pytest.raises(Unusable, match=r"\.env cannot be read \(Permission denied\): correct its rights"):
        read_environment()


@pytest.mark.parametrize(
    ("content", "why"), [(None, "No such file or directory"), (b" \n", "is empty"), (b"\xff\x00", "UTF-8")]
)
def test_a_file_without_a_secret_is_refused_by_name(
    content: bytes | None, why: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = place / "secret"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("HUB_SECRET_KEYS_FILE", str(path))
    with pytest.raises(Unusable, match=f"{path}.*{why}"):
        read_environment()


def test_a_secret_of_two_lines_is_refused_and_not_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "secret").write_text("one-key\nanother-key\n")
    monkeypatch.setenv("HUB_SECRET_KEYS_FILE", str(place / "secret"))
    with pytest.raises(Unusable, match="HUB_SECRET_KEYS") as refused:
        read_environment()
    assert "another-key" not in str(refused.value)


@pytest.mark.parametrize("ways", [("variable", "file"), ("file", "credential"), ("variable", "credential")])
def test_a_secret_that_is_given_twice_is_refused(
    ways: tuple[str, str], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "HUB_SMS_URL").write_text(VALUE)
    if "variable" in ways:
        monkeypatch.setenv("HUB_SMS_URL", VALUE)
    if "file" in ways:
        monkeypatch.setenv("HUB_SMS_URL_FILE", str(place / "HUB_SMS_URL"))
    if "credential" in ways:
        monkeypatch.setenv(CREDENTIALS, str(place))
    with pytest.raises(Unusable, match="HUB_SMS_URL is given twice"):
        read_environment()


def test_what_is_no_secret_has_no_file(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_PUBLIC_URL_FILE", str(place / "address"))
    assert read_environment() == {"HUB_PUBLIC_URL_FILE": str(place / "address")}
