"""A program that calls the API with its token, and says what came back in a few words."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.domain.client import Client
from tests.applications import pdf

API = "/api/v1"


class Caller:
    """One API client. Paths are below /api/v1; a POST gets an Idempotency-Key of its own unless `key` says which."""

    def __init__(self, web: FlaskClient, token: str, client: Client) -> None:
        self.web = web
        self.token = token
        self.client = client

    def call(self, method: str, path: str, *, headers: dict[str, str] | None = None, **options: Any) -> TestResponse:
        """The answer, whatever it is."""
        all_headers = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        answer = self.web.open(API + path, method=method, headers=all_headers, buffered=True, **options)
        # The test client spools a large form to a file of its own, and forgets it.
        answer.request.environ["wsgi.input"].close()
        return answer

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.call("DELETE", path, **options)

    def put(self, path: str, json: object, **options: Any) -> TestResponse:
        return self.call("PUT", path, json=json, **options)

    def post(self, path: str, json: object = None, *, key: str | None = "", **options: Any) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if key is not None:
            headers["Idempotency-Key"] = key or uuid.uuid4().hex
        body = {} if json is None else {"json": json}
        return self.call("POST", path, headers=headers, **body, **options)

    def upload(
        self,
        content: bytes | None = None,
        *,
        kind: str = "payslip",
        name: str = "工资单.pdf",
        media_type: str = "application/pdf",
        subject: str | None = None,
        key: str | None = "",
    ) -> TestResponse:
        """A file as the body itself."""
        query = {"kind": kind} | ({} if subject is None else {"subject": subject})
        return self.post(
            "/evidence",
            key=key,
            query_string=query,
            data=pdf() if content is None else content,
            content_type=media_type,
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
        )


def json_of(answer: TestResponse) -> Any:
    """The JSON of an answer, whatever its status."""
    return answer.get_json()


def made(answer: TestResponse, status: int = 201) -> Any:
    """The JSON of an answer that has to have this status."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json()
