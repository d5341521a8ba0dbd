"""What a page's script is answered that sends one file: its row, or in words why it was not taken."""

from collections.abc import Callable
from typing import Any

from flask import Response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from hub.domain.errors import InvalidValue, Refused, TooLarge, UnsupportedType
from hub.domain.evidence import MAX_FILE_SIZE
from hub.web.pages.rendering import PRIVATE
from hub.web.pages.translation import fault_text


def answered(take: Callable[[], Response]) -> Response:
    """The answer of `take`, or 413, 415 or 422 with a sentence about the file that it refuses."""
    try:
        return take()
    except TooLarge as error:
        return words(413, fault_text("file_too_large", {"size": request.content_length or 0, "limit": error.limit}))
    except UnsupportedType as error:
        return words(415, fault_text(error.code))
    except InvalidValue as error:
        return words(422, fault_text(error.code, {**error.params}))
    except Refused as error:
        return words(422, " ".join(fault_text(each.code, {**each.params}) for each in error.faults))


def too_large(_error: RequestEntityTooLarge) -> Response:
    """Words, where the file is so large that it was not read."""
    return words(413, fault_text("file_too_large", {"size": request.content_length or 0, "limit": MAX_FILE_SIZE}))


def rows(template: str, *, status: int = 200, **context: Any) -> Response:
    """Rows of a page, made by its own template."""
    return private(Response(render_template(template, **context), status=status))


def words(status: int, sentence: str) -> Response:
    """A sentence for the person."""
    return private(Response(sentence, status=status, content_type="text/plain; charset=utf-8"))


def nothing() -> Response:
    """It was done, and there is nothing to show."""
    return private(Response(status=204))


def private(response: Response) -> Response:
    """The same answer, for its reader alone."""
    response.headers["Cache-Control"] = PRIVATE
    return response
