"""`python -m tests.bench [NAME ...]`: measures beside a floor and prints Markdown tables; everything without names."""

import argparse
import sys

from tests.bench import submitting
from tests.bench.servers import place

KINDS = ("postgresql", "sqlite")


def main() -> None:
    """The tables are on standard output."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("names", nargs="*", default=["submitting"])
    parser.add_argument("--database", choices=KINDS, action="append")
    parser.add_argument("--rounds", type=int, default=submitting.ROUNDS)
    given = parser.parse_args()
    for kind in given.database or KINDS:
        with place(kind) as where:
            sys.stdout.write(submitting.measure(where, given.rounds) + "\n")


if __name__ == "__main__":
    main()
