"""The keys of a database that is migrated in a test."""

from storage.sealing import Keyring

KEYS, OTHERS = (Keyring.parse(letter * 40) for letter in "ab")
