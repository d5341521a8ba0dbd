"""What a PDF holds beside its pages, which no bank gets: the words of a log, not the things themselves."""

from enum import StrEnum, unique


@unique
class ActiveContent(StrEnum):
    """A kind of thing that was taken out of a PDF (ISO 32000-2, the clause in brackets)."""

    SCRIPT = "script"
    """JavaScript (12.6.4.17)."""
    ACTION = "action"
    """What a reader does by itself or at a press, but for links: launching, sending, showing (12.6)."""
    LINK = "link"
    """Ways to another page or to the network (12.5.6.5)."""
    FORM = "form"
    """Fields to be filled in (12.7); what they show was kept as a part of the page."""
    ANNOTATION = "annotation"
    """Notes, stamps and marks (12.5); what they show was kept as a part of the page."""
    ATTACHMENT = "attachment"
    """Files within the file (7.11.4)."""
    LAYER = "layer"
    """Content that can be shown and hidden (8.11); what is shown at first was kept."""
    RICH_MEDIA = "rich_media"
    """Films, sounds and models (13)."""
    METADATA = "metadata"
    """Who made the file, when and by what (14.3, 14.5)."""
