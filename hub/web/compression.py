"""Pages are sent compressed. What compresses tells by its length what stands in it twice, so two things are seen to.

Secrets of a page are drawn anew for each answer: the CSRF token by a mask, tokens of forms and of waiting files by
chance. And a signed-in person's page is sent plain where another site asked for it, which could put guesses into its
address and count bytes (BREACH). Browsers say who asked; of one that does not, every address with a query is doubted.
"""

import gzip
from typing import Final

from flask import Flask, Response, request

from hub.web.headers import is_api

# Shorter than this, it is one packet anyway.
_LEAST: Final = 1024
# Higher levels take twice the time for a hundredth of the size.
_LEVEL: Final = 6
_OWN: Final = frozenset({"same-origin", "none"})


def install(app: Flask) -> None:
    """Pages, and what their scripts read, are compressed for who takes that. Downloads and the API are left alone."""

    @app.after_request
    def compress(response: Response) -> Response:
        if not _is_of_pages(response):
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] > 0 and not _may_be_measured():
            content = response.get_data()
            if len(content) >= _LEAST:
                response.set_data(gzip.compress(content, _LEVEL, mtime=0))
                response.headers["Content-Encoding"] = "gzip"
        return response


def _is_of_pages(response: Response) -> bool:
    if response.is_streamed or response.direct_passthrough or "Content-Encoding" in response.headers:
        return False
    return response.mimetype == "text/html" or (response.mimetype == "application/json" and not is_api(request.path))


def _may_be_measured() -> bool:
    """Whether another site may have asked, with the cookies of somebody whose page it is."""
    if not request.cookies:
        return False
    asked_by = request.headers.get("Sec-Fetch-Site")
    return bool(request.query_string) if asked_by is None else asked_by not in _OWN
