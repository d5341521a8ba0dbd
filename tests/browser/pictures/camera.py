"""Takes pictures of a page: at both widths of a phone, in both languages, in large print and in the dark."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

FOLDER = Path(os.environ.get("PICTURES", "build/pictures"))
"""Where they are put; git ignores it."""

Act = Callable[[Page], None]
_HIGHEST = 6_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One way of looking at a page."""

    width: int = 390
    language: str = "zh"
    text: str = "normal"
    is_dark: bool = False

    @property
    def name(self) -> str:
        """How its pictures are marked."""
        marks = [str(self.width), self.language]
        marks += ["large"] if self.text == "large" else []
        return "-".join(marks + (["dark"] if self.is_dark else []))


LOOKS = (
    Look(),
    Look(width=320),
    Look(width=390, language="en"),
    Look(width=320, text="large"),
    Look(width=320, text="large", language="en"),
    Look(is_dark=True),
)


@dataclass(slots=True, kw_only=True)
class Camera:
    """Takes pictures with one signed-in browser; `too_wide` keeps what does not fit its window."""

    page: Page
    url: str
    too_wide: list[str]

    def take(self, name: str, path: str, act: Act | None = None) -> None:
        """A picture in every look of the page at `path`, after `act` was done on it."""
        for look in LOOKS:
            self._choose(look)
            self.page.goto(path)
            if act is not None:
                act(self.page)
            self._shoot(f"{name}-{look.name}")

    def _choose(self, look: Look) -> None:
        self.page.set_viewport_size({"width": look.width, "height": 844})
        self.page.emulate_media(color_scheme="dark" if look.is_dark else "light")
        for name, value in (("hub_lang", look.language), ("hub_text", look.text)):
            self.page.context.add_cookies([{"name": name, "value": value, "url": self.url}])

    def _shoot(self, name: str) -> None:
        width, height, wider = self.page.evaluate(
            "(() => { const it = document.documentElement;"
            " return [it.clientWidth, it.scrollHeight, it.scrollWidth - it.clientWidth]; })()"
        )
        if wider > 0:
            self.too_wide.append(f"{name}: {wider} px too wide")
        # What stays in sight at the lower edge stands at the end of the picture, as it does at the end of the page.
        self.page.set_viewport_size({"width": width, "height": min(max(height, 844), _HIGHEST)})
        self.page.screenshot(path=str(FOLDER / f"{name}.png"))
