"""Job tables hold JSON and nothing else: whoever can write rows of them must not be able to run code in a worker.

The engine takes the word of a row for how the row is written, and one of its ways is Python's pickle, which runs what
it reads. It has no setting against that, so its reader of pickles is taken away; a test pins the name.
"""

from typing import Any, NoReturn

from dbos._serialization import DefaultSerializer

from hub.domain.errors import InvalidValue


def _refuse(_self: Any, _written: Any) -> NoReturn:
    raise InvalidValue("job_pickled")


def refuse_pickles() -> None:
    """From now on a row that says it is pickled cannot be read in this process, nor one be written."""
    engines_own: Any = DefaultSerializer
    engines_own.deserialize = engines_own.serialize = _refuse
