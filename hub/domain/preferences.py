"""How a person wants the hub to look and to tell them things, and on which day of the month they are paid.

Nothing of it changes what anybody owes, signs or sees; who chose nothing has the defaults.
"""

from dataclasses import dataclass
from enum import StrEnum

from hub.domain.errors import InvalidValue
from hub.domain.wage_day import LAST_DAY


class NoticeChannel(StrEnum):
    """A way on which a person is told what happened."""

    MAIL = "mail"
    SMS = "sms"


class Telling(StrEnum):
    """By what a person wants to be told."""

    MAIL = "mail"
    SMS = "sms"
    BOTH = "both"


class Language(StrEnum):
    """A language of the pages."""

    CHINESE = "zh"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a person chose. `wage_day` is the day of the month on which wages come, 31 for the last one; None unsaid.

    `telling` None: by mail where there is an address, by text message where there is none. `is_quiet`: nothing is told
    but what the law asks for; codes come all the same. Raises `InvalidValue` for a day that no month has.
    """

    wage_day: int | None = None
    telling: Telling | None = None
    is_quiet: bool = False
    has_large_print: bool = False
    has_high_contrast: bool = False
    language: Language | None = None

    def __post_init__(self) -> None:
        if self.wage_day is not None and not 1 <= self.wage_day <= LAST_DAY:
            raise InvalidValue("out_of_range", min=1, max=LAST_DAY)

    def channels(self, *, has_address: bool) -> frozenset[NoticeChannel]:
        """On which ways to tell the person, who has given a mail address or not; by text message where it is needed."""
        if not has_address:
            return frozenset({NoticeChannel.SMS})
        match self.telling:
            case Telling.SMS:
                return frozenset({NoticeChannel.SMS})
            case Telling.BOTH:
                return frozenset(NoticeChannel)
        return frozenset({NoticeChannel.MAIL})
