"""A small OpenID provider on the loopback: a real HTTP server that signs real tokens, and that can be made to lie."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, RSAKey

CLIENT_ID, CLIENT_SECRET = "hub", "a secret: with/odd signs"


class Provider:
    """What one provider knows. `claims` is what it signs of whoever signs in there, beside what it must."""

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        self.issuer = url
        self.now = now
        self.claims: dict[str, Any] = {"sub": "1001", "email": "clerk@bank.example", "email_verified": True}
        # Over what it would say: `None` leaves a claim out.
        self.lies: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.metadata_lies: dict[str, Any] = {}
        self.refusal = ""
        self.status = 200
        self.asked: list[str] = []
        self.key: Key = self.new_key()
        self._codes: dict[str, Mapping[str, str]] = {}

    def new_key(self, algorithm: str = "RS256") -> Key:
        """Signs from now on, and is published alone."""
        kid = secrets.token_hex(4)
        options: Any = {"kid": kid, "use": "sig"}
        self.algorithm = algorithm
        made: Key = RSAKey.generate_key(2048, options) if algorithm == "RS256" else ECKey.generate_key("P-256", options)
        self.key = made
        return made

    def get(self, path: str, query: Mapping[str, str]) -> tuple[int, Any]:
        if self.status != 200:
            return self.status, {}
        match path:
            case "/.well-known/openid-configuration":
                return 200, {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                    **self.metadata_lies,
                }
            case "/keys":
                return 200, KeySet([self.key]).as_dict(private=False)
            case "/authorize":
                return 302, self.authorize(query)
        return 404, {}

    def authorize(self, query: Mapping[str, str]) -> str:
        """Where the browser goes of somebody who has just signed in there."""
        back = {"state": query["state"], "iss": self.issuer}
        if self.refusal:
            return f"{query['redirect_uri']}?{urlencode({**back, 'error': self.refusal})}"
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({**back, 'code': code})}"

    def token(self, form: Mapping[str, str], authorization: str) -> tuple[int, Any]:
        if self.status != 200:
            return self.status, {}
        pair = f"{CLIENT_ID}:a%20secret%3A%20with%2Fodd%20signs"
        asked = self._codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode()
        if (
            asked is None
            or authorization != "Basic " + base64.b64encode(pair.encode()).decode()
            or asked["redirect_uri"] != form["redirect_uri"]
            or asked["code_challenge"] != challenge.rstrip("=")
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.signed(asked)}

    def signed(self, asked: Mapping[str, str]) -> str:
        """The token about whoever signed in."""
        now = int(self.now().timestamp())
        told = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": asked["nonce"],
            **self.claims,
            **self.lies,
        }
        claims = {name: value for name, value in told.items() if value is not None}
        if self.algorithm == "none":
            parts = [{"alg": "none", "typ": "JWT"}, claims]
            return ".".join([*(_spelt(json.dumps(each).encode()) for each in parts), ""])
        return jwt.encode({"alg": self.algorithm, "kid": self.key.kid}, claims, self.key)


def _spelt(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@contextmanager
def running(now: Callable[[], datetime]) -> Iterator[Provider]:
    """A provider that answers on the loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            status, answer = provider.get(parts.path, {name: each[0] for name, each in parse_qs(parts.query).items()})
            self._answer(status, answer)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            provider.asked.append(self.path)
            form = {name: each[0] for name, each in parse_qs(body).items()}
            self._answer(*provider.token(form, self.headers.get("Authorization", "")))

        def _answer(self, status: int, answer: Any) -> None:
            body = b"" if status == 302 else json.dumps(answer).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", answer)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_address[1]}", now)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
