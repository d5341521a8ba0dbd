"""A text of the code that faces translate: marking it makes it known to the catalogue."""


def marked(text: str) -> str:
    """`text` itself."""
    return text
