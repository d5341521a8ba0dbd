"""Whether a cardholder's pages are in stronger colours: as the device asks for, or because the person chose it."""

from typing import Final, Literal

from hub.web.pages.choice_cookies import ChoiceCookie

Contrast = Literal["normal", "high"]
COOKIE: Final = ChoiceCookie("hub_contrast")


def contrast() -> Contrast:
    """What the person chose in this browser."""
    return "high" if COOKIE.value == "high" else "normal"
