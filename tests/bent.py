"""Bytes that somebody changed, as tests of what finds that need them."""


def bent(content: bytes) -> bytes:
    """The same but for its last byte, which is another one whatever it was."""
    return content[:-1] + bytes([content[-1] ^ 1])
