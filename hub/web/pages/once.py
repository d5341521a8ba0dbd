"""Forms that make something: posted twice, they make it once, and both posts lead to the same page."""

import hashlib
import io
import re
import secrets
import time
from collections.abc import Callable
from typing import IO

from flask import Response, request
from markupsafe import Markup

from hub.domain.errors import IdempotencyKeyBusy
from hub.services.accounts.cardholders import Cardholder
from hub.services.accounts.staff import Staff
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.idempotency import Once, Reply

_FIELD = "once"
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
# Nor is what was asked for before anything is done (`fresh_sign_in`).
_NO_CONTENT = frozenset({"csrf_token", "confirm.code", "confirm.press", "confirm.passkey"})
# A second tap waits for the first one's result this long.
_WAIT_S = 10.0
_STEP_S = 0.1

Effect = Callable[[HubTransaction], str]
"""Does something and says which page to show then."""


def once_field() -> Markup:
    """The hidden field of a form that makes something."""
    return Markup('<input type="hidden" name="once" value="%s">') % secrets.token_urlsafe(18)


def do_once(visitor: Cardholder | Staff, effect: Effect, *, afterwards: Callable[[], None] | None = None) -> Response:
    """Leads to the page that `effect` names; done in one transaction by `visitor`, and once for each shown form.

    The same form with other contents is another effect: somebody went back and changed it. `afterwards` happens once
    the transaction is committed, and not for a second post.
    """

    def answer(tx: HubTransaction) -> Reply:
        return Reply(status=303, body=None, location=effect(tx), afterwards=afterwards)

    once = Once(
        hub=face().hub,
        actor=visitor.actor,
        client_id=visitor.owner_key,
        key=_key(),
        fingerprint="",
        keys_in_use=face().keys_in_use,
    )
    done = _waiting(once, answer)
    return Response(status=303, headers={"Location": done.location or "/", "Cache-Control": "private, no-store"})


def _waiting(once: Once, answer: Callable[[HubTransaction], Reply]) -> Reply:
    give_up_at = time.monotonic() + _WAIT_S
    while True:
        try:
            done, _ = once.do(answer)
        except IdempotencyKeyBusy:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(_STEP_S)
        else:
            return done


def _key() -> str | None:
    given = request.form.get(_FIELD, "")
    if not _KEY.fullmatch(given):
        return None
    digest = hashlib.sha256()
    for part in (given, request.method, request.path):
        digest.update(part.encode() + b"\0")
    for name, typed in sorted(request.form.lists()):
        if name not in _NO_CONTENT:
            digest.update(repr((name, typed)).encode())
    for name, files in sorted(request.files.lists()):
        for file in files:
            digest.update(repr((name, file.filename, _size_of(file.stream))).encode())
    return digest.hexdigest()


def _size_of(stream: IO[bytes]) -> int:
    at = stream.tell()
    size = stream.seek(0, io.SEEK_END)
    stream.seek(at)
    return size
