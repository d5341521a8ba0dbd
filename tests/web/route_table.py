"""Who may call what, as the table in `docs/routes.md`: `python -m tests.web.route_table` writes it anew.

It is made from the map of addresses and from what each view declares, which the faces themselves go by.
"""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import Flask

from hub.app import create_app
from hub.domain.scope import Scope
from hub.domain.staff import Role
from hub.domain.visitor import VisitorKind
from hub.settings import Settings
from hub.wiring import Hub
from tests.web.caller import API

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "routes.md"
NOBODY: Final = "nobody"
EVERYBODY: Final = "everybody"
PEOPLE: Final = (NOBODY, str(VisitorKind.CARDHOLDER), *(str(role) for role in Role))
SCOPES: Final = tuple(str(scope) for scope in Scope)
_WORDS: Final = """\
# Who may call what

Made from the map of addresses and from what each view declares. After a change: `make routes`. A test compares this
page with the code, and another asks for every cell of it.

`yes` is let in; what the address names is looked for only then, and another bank's or another person's thing answers
as one that is not there. All others are refused: whoever has not signed in is sent to the sign-in (303), a person
whose role is not named gets 403, a program without a token 401, a token without the scope 403. GET stands for HEAD
too. Another method answers 405. A role is needed, and not always enough: nobody approves an offer of their own.

## Pages

`/adapters/…` and `/gateway/…` are for programs that are known by their signature, `/oauth/token` for those that have a
client's secret; `/demo/…` is there only where the demo is open. No token of the API opens a page.
"""
_API_WORDS: Final = """
## API

Scopes of a client's token. A client with `negotiations:review` is bound to one bank. Having signed in to the pages
counts for nothing here.
"""


@dataclass(frozen=True, slots=True, order=True)
class Route:
    """One address and method, and for whom it is: some of `PEOPLE` or of `SCOPES`, or everybody."""

    rule: str
    method: str
    whom: frozenset[str]

    @property
    def is_api(self) -> bool:
        """Whether programs call it with a token."""
        return self.rule.startswith(API)

    def lets_in(self, who: str) -> bool:
        """Whether the table says `yes` for one of `PEOPLE` or `SCOPES`."""
        return EVERYBODY in self.whom or who in self.whom


def routes_of(app: Flask) -> Iterator[Route]:
    """Every address and method that there is, in the order of addresses."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    for rule in rules:
        whom = frozenset(getattr(app.view_functions[rule.endpoint], "access", "").split(" or "))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(rule.rule, method, whom)


def document_of(app: Flask) -> str:
    """The whole of `docs/routes.md`."""
    routes = list(routes_of(app))
    pages = [route for route in routes if not route.is_api]
    api = [route for route in routes if route.is_api]
    return f"{_WORDS}\n{_table(pages, PEOPLE)}{_API_WORDS}\n{_table(api, (NOBODY, *SCOPES))}"


def _table(routes: Iterable[Route], columns: tuple[str, ...]) -> str:
    rows = [
        ("route", "method", *columns),
        ("---",) * (len(columns) + 2),
        *(
            (f"`{route.rule}`", route.method, *("yes" if route.lets_in(who) else "" for who in columns))
            for route in routes
        ),
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def main() -> None:
    """`docs/routes.md` says what the code says."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(
            home=home,
            database_url=f"sqlite:///{home / 'hub.db'}",
            evidence_url=f"file://{home / 'evidence'}",
            secret_keys="of-no-hub-" * 4,
        )
        hub = Hub(settings)
        try:
            DOCUMENT.write_text(document_of(create_app(hub, demo_is_open=True)), encoding="utf-8")
        finally:
            hub.close()


if __name__ == "__main__":
    main()
