"""Recordings of calls and other records of them: which sounds and pictures are taken, by their first bytes."""

import filetype

from hub.domain.errors import UnsupportedType
from hub.domain.evidence import (
    SoundType,
    media_type_of,
)

RECORDING = "recording"
"""The kind of a call's recording, which only a bank gives."""

# Recorders of phones write sound into the boxes of moving pictures; their names tell it from a film.
_SOUND_BRANDS = frozenset({b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"3gp4", b"3gp5", b"3gp6"})
_SOUND_NAMES = (".m4a", ".m4b", ".3ga", ".3gp", ".3gpp", ".aac", ".mp3")


def record_type_of(head: bytes, name: str) -> str:
    """The media type of a person's own record, a sound or what is taken as evidence; raises `UnsupportedType`."""
    sound = _find_sound_type(head, name)
    if sound is not None:
        return sound
    try:
        return media_type_of(head, name=name)
    except UnsupportedType as error:
        raise UnsupportedType("type_call_record" if error.code == "unsupported_type" else error.code) from error


def sound_type_of(head: bytes, name: str) -> str:
    """The media type of a call's recording; raises `UnsupportedType` for what is no sound."""
    sound = _find_sound_type(head, name)
    if sound is None:
        raise UnsupportedType("type_recording")
    return sound


def _find_sound_type(head: bytes, name: str) -> SoundType | None:
    found = filetype.audio_match(head)
    if found is not None and found.mime in set(SoundType):
        return SoundType(found.mime)
    is_boxed = head[4:8] == b"ftyp" and head[8:12] in _SOUND_BRANDS and b"vide" not in head
    return SoundType.M4A if is_boxed and name.lower().endswith(_SOUND_NAMES) else None
