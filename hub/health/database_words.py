"""What an operator is told to do about a database that cannot be used, by the word for why."""

from collections.abc import Mapping
from types import MappingProxyType

TO_DO: Mapping[str, str] = MappingProxyType(
    {
        "no_room": "its disk is full; make room",
        "locked": "another process holds it; try again in a moment",
        "starting": "it is starting; try again in a moment",
        "too_many_connections": "it takes no more connections; end some, or allow more",
        "sign_in_refused": "the server refuses the user or the password; check both in HUB_DATABASE_URL",
        "no_such_database": "the server has no database of that name; make it, or check the name in HUB_DATABASE_URL",
        "pooler_no_answer": "the pooler answers, the server behind it does not: does it run, and may the pooler in?",
        "pooler_not_set": "a pooler answers: set HUB_DATABASE_POOLER, or name the server itself",
        "no_answer": "no server answers: does it run, and may the hub in? See HUB_DATABASE_URL",
    }
)
