"""How people and a bank's own people meet, and what for."""

from enum import StrEnum


class AppointmentKind(StrEnum):
    """Where the bank's people and the person meet."""

    BRANCH = "branch"
    VIDEO = "video"
    HOME = "home"


class AppointmentPurpose(StrEnum):
    """What the person wants help with. There is none for collecting, and none will be added."""

    FILE = "file"  # help with an application
    IDENTITY = "identity"
    PAPERS = "papers"
    SIGN = "sign"
    OTHER = "other"  # in the person's own words


class AskedBy(StrEnum):
    """Whose wish it is that they meet, by the person's word."""

    PERSON = "person"
    BANK = "bank"
