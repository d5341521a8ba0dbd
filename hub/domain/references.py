"""What an input names but cannot prove by itself: banks and files, each with the place where it is named.

Whether they exist, and for this caller, is looked up by the service that takes the input.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """Every bank and every file that an input names, in the order of the input.

    `bank_codes`: (JSON Pointer, code as it was sent). `evidence`: (JSON Pointer, id, the kind it is given).
    """

    bank_codes: tuple[tuple[str, str], ...] = ()
    evidence: tuple[tuple[str, str, str], ...] = ()
