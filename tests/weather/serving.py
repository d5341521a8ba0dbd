"""A hub behind its real door: a child process that serves over HTTP, and a program that calls it with a token."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import urllib3

from hub.domain.actor import HUB
from hub.services.accounts import clients as client_deeds
from hub.settings import Settings, parse_settings
from hub.wiring import Hub
from storage import banks as bank_rows
from storage.clients import add_client
from tests.applications import BANK_NAMES, pdf
from tests.commands.set_clock import set_to_morning
from tests.dying_together import dying_with_us
from tests.jobs.waiting import PATIENTLY_S, wait_until

SECRET = "a-secret-of-the-weather-that-is-long-enough-to-be-one"
_AT = re.compile(r"http://127\.0\.0\.1:([1-9]\d*)")


def settings_of(home: Path, database_url: str) -> Settings:
    """Settings of a hub in this process."""
    return parse_settings({"HUB_HOME": str(home), "HUB_DATABASE_URL": database_url, "HUB_SECRET_KEYS": SECRET})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back over HTTP."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The problem's code for programs."""
        code: str = self.json["code"]
        return code


@dataclass(kw_only=True)
class Program:
    """Calls the API of a hub that serves at `address`; an answer that never came is an error of urllib3's."""

    address: str
    token: str
    pool: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(maxsize=16, retries=False, timeout=urllib3.Timeout(60))
    )

    def get(self, path: str) -> Answer:
        """Of any path, also beside the API."""
        return self.call("GET", path)

    def call(self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        all_headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "zh-CN", **(headers or {})}
        given = self.pool.request(method, self.address + path, body=body or None, headers=all_headers)
        return Answer(status=given.status, headers=dict(given.headers), body=given.data)

    def post(self, path: str, data: object, *, key: str | None = None) -> Answer:
        headers = {"Content-Type": "application/json", "Idempotency-Key": key or uuid.uuid4().hex}
        return self.call("POST", f"/api/v1{path}", body=json.dumps(data).encode(), headers=headers)

    def upload(self, content: bytes | None = None, *, key: str | None = None) -> Answer:
        """A file as the body itself."""
        headers = {
            "Content-Type": "application/pdf",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote('工资单.pdf')}",
            "Idempotency-Key": key or uuid.uuid4().hex,
        }
        return self.call("POST", "/api/v1/evidence?kind=payslip", body=content or pdf(), headers=headers)

    def upload_form(self, content: bytes) -> Answer:
        """A file as a part of a form."""
        body, content_type = urllib3.encode_multipart_formdata(
            {"kind": "payslip", "file": ("payslip.pdf", content, "application/pdf")}
        )
        headers = {"Content-Type": content_type, "Idempotency-Key": uuid.uuid4().hex}
        return self.call("POST", "/api/v1/evidence", body=body, headers=headers)


class ServedHub:
    """`hub up` in a process of its own, with banks and a program that may write and read.

    `variables` are its HUB_ settings and whatever else its environment shall hold.
    """

    def __init__(self, folder: Path, variables: Mapping[str, str], *words: str) -> None:
        self.home = folder / "home"
        self.home.mkdir(mode=0o700, exist_ok=True)
        set_to_morning(self.home)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        self._hub_variables = {"HUB_HOME": str(self.home), "HUB_SECRET_KEYS": SECRET, **variables}
        self._environment = kept | self._hub_variables
        self._folder = folder
        token = self._prepare()
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                dying_with_us([sys.executable, "-u", "-m", "hub", *(words or ("up", "--port", "0"))], signal.SIGTERM),
                cwd=folder, stdout=log, stderr=log, env=self._environment,
            )  # fmt: skip
        self.program = Program(address="", token=token)

    def require_address(self) -> None:
        """The process takes calls, and its program knows where."""
        wait_until(self._has_begun, what="an address")
        found = _AT.search(self.said)
        assert found is not None, self.said
        self.program.address = found[0]

    def _has_begun(self) -> bool:
        return _AT.search(self.said) is not None or self.process.poll() is not None

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def database_url(self) -> str:
        """Where its rows are, where it was given a database."""
        return self._hub_variables["HUB_DATABASE_URL"]

    def opened(self) -> Hub:
        """The same hub in this process, to look into; the caller closes it."""
        settings = {name: value for name, value in self._hub_variables.items() if name.startswith("HUB_")}
        return Hub(parse_settings(settings))

    def count(self, table: str) -> int:
        """How many rows a table has."""
        hub = self.opened()
        try:
            with hub.reading(HUB) as tx:
                rows: int = tx.session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
                return rows
        finally:
            hub.close()

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A `hub` command beside the one that serves."""
        return subprocess.run(
            [sys.executable, "-m", "hub", *words],
            cwd=self._folder, env=self._environment, text=True, capture_output=True, check=False, timeout=PATIENTLY_S,
        )  # fmt: skip

    def end(self) -> int:
        """The process was asked to end; gives its status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENTLY_S)

    def kill(self) -> None:
        """The process is gone."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENTLY_S)

    def _prepare(self) -> str:
        hub = self.opened()
        try:
            hub.upgrade()
            with hub.writing(HUB) as tx:
                for code, (zh, en) in BANK_NAMES.items():
                    bank_rows.add_bank(tx, code=code, name_zh=zh, name_en=en, adapter="portal", settings={})
                scopes = ("applications:write", "applications:read")
                client, _ = add_client(tx, name="a host app", scopes=scopes, bank_code=None)
                return client_deeds.grant_token(tx, client, sorted(client.scopes), at=hub.real_clock.now())
        finally:
            hub.close()
