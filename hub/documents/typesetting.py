"""What every printed document shares: the template environment, how money and times are written, the digest.

Templates get one value and hold no arithmetic beyond what these filters do.
"""

import hashlib
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hub.domain.amounts import yuan
from hub.domain.china import CHINA, spoken_day
from hub.domain.errors import InvalidValue
from hub.domain.plain import canonical, to_plain

TEMPLATES = Path(__file__).parents[2] / "templates" / "documents"


def moment(at: datetime) -> str:
    """`at` in China time, to the second."""
    local = at.astimezone(CHINA)
    return f"{spoken_day(local)} {local:%H:%M:%S}"


def clock(at: datetime) -> str:
    """The time of `at` in China, to the second."""
    return f"{at.astimezone(CHINA):%H:%M:%S}"


def percent(value: Decimal) -> str:
    """`value` with two decimals and its sign."""
    return f"{value:.2f}%"


def file_size(size: int) -> str:
    """`size` in bytes as people read it: 1.2 MB, 340 KB."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} KB"


# What a line never ends with: a number before its unit, a year before its month.
_IN_ONE = re.compile(r"(?<=\d) (?=[年月日元期个])|(?<=[年月]) (?=\d)")


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text that people typed, without blank ones; amounts and dates stay in one line."""
    return [_IN_ONE.sub("\u00a0", line.strip()) for line in text.splitlines() if line.strip()]


def content_digest(value: object) -> str:
    """The hex SHA-256 of everything a document's value holds: the same content gives the same digest."""
    return hashlib.sha256(canonical(to_plain(value))).hexdigest()


def table_width(largest_fen: int) -> str:
    """The class of a table whose largest amount is `largest_fen`: smaller figures from 100 million yuan."""
    return "wide" if largest_fen >= 10_000_000_000 else ""


def require_amounts(*amounts_fen: int) -> None:
    """Raises InvalidValue unless every amount is 0 or more."""
    if any(amount < 0 for amount in amounts_fen):
        raise InvalidValue("document_amount_negative")


def require_instants(*instants: datetime) -> None:
    """Raises InvalidValue unless every instant knows its offset."""
    if any(at.tzinfo is None for at in instants):
        raise InvalidValue("document_time_without_offset")


def _environment() -> Environment:
    # An own environment, not the web's: no request, no translation, and a missing name is an error.
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (yuan, moment, clock, percent, file_size, paragraphs, table_width)
    environment.filters.update({"day": spoken_day, **{function.__name__: function for function in filters}})
    return environment


_ENVIRONMENT = _environment()


def html_from(template: str, **values: object) -> str:
    """The named template as HTML, every value escaped."""
    return _ENVIRONMENT.get_template(template).render(**values)
