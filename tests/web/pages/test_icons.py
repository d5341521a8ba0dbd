"""The symbols that templates name, and those that are sent with the first page."""

import re
from pathlib import Path

from hub.web.pages.assets import STATIC
from hub.web.pages.portal import navigation
from hub.web.pages.rendering import TEMPLATES

_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_NAMED = re.compile(r'(?:\bicon|\bicon_row|\bpage_symbol)\("([a-z0-9-]+)"|\bsymbol="([a-z0-9-]+)"')


def _named_in(template: Path) -> set[str]:
    text = _COMMENT.sub("", template.read_text("utf-8"))
    return {name for found in _NAMED.findall(text) for name in found if name}


def test_every_icon_that_a_template_names_is_there_and_none_is_unused() -> None:
    named = set().union(*(_named_in(each) for each in [*TEMPLATES.rglob("*.html"), Path(navigation.__file__)]))
    assert "chevron-right" in named
    assert set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text("utf-8"))) == named


def test_no_icon_is_sent_twice() -> None:
    there = re.findall(r'(?m)^<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text("utf-8"))
    assert len(there) == len(set(there))
