"""Which layers of a PDF are seen when it is opened (ISO 32000-2, 8.11): what is hidden then goes to nobody."""

from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Pdf

_DEEPEST: Final = 20
# A file asks for so many answers of conditions within conditions; one that goes on is seen.
_MOST_CONDITIONS: Final = 10_000


class Layers:
    """The layers of `document` as its default configuration sets them for the screen."""

    def __init__(self, document: Pdf) -> None:
        properties = document.Root.get("/OCProperties")
        config = properties.get("/D") if isinstance(properties, Dictionary) else None
        self._config = config if isinstance(config, Dictionary) else Dictionary()
        self._are_off = self._config.get("/BaseState") == "/OFF"
        self._on = self._groups(self._config.get("/ON"))
        self._off = self._groups(self._config.get("/OFF"))
        self._by_use = self._groups_by_use()
        self._conditions = 0

    def shows(self, content: Any) -> bool:
        """Whether what belongs to this group, or to groups in this way, is seen; whatever else is given is."""
        if not isinstance(content, Dictionary):
            return True
        if content.get("/Type") == "/OCMD":
            return self._shows_membership(content)
        return self._shows_group(content)

    def _shows_group(self, group: Any) -> bool:
        key = _key(group)
        seen = key in self._on or (not self._are_off and key not in self._off)
        if key in self._by_use:
            usage = group.get("/Usage")
            view = usage.get("/View") if isinstance(usage, Dictionary) else None
            state = view.get("/ViewState") if isinstance(view, Dictionary) else None
            seen = seen if state is None else state != "/OFF"
        return seen

    def _shows_membership(self, membership: Any) -> bool:
        expression = membership.get("/VE")
        if isinstance(expression, Array):
            return self._holds(expression, 0)
        given = membership.get("/OCGs")
        groups = list(given) if isinstance(given, Array) else [given]
        seen = [self._shows_group(group) for group in groups if isinstance(group, Dictionary)]
        if not seen:
            return True
        match membership.get("/P"):
            case "/AllOn":
                return all(seen)
            case "/AnyOff":
                return not all(seen)
            case "/AllOff":
                return not any(seen)
            case _:
                return any(seen)

    def _holds(self, expression: Any, depth: int) -> bool:
        self._conditions += 1
        if isinstance(expression, Dictionary):
            return self._shows_group(expression)
        too_many = depth > _DEEPEST or self._conditions > _MOST_CONDITIONS
        if too_many or not isinstance(expression, Array) or len(expression) < 2:
            return True
        parts = (self._holds(part, depth + 1) for part in list(expression)[1:])
        match expression[0]:
            case "/Not":
                return not next(parts)
            case "/Or":
                return any(parts)
            case _:
                return all(parts)

    def _groups(self, given: Any) -> set[object]:
        return {_key(group) for group in given} if isinstance(given, Array) else set()

    def _groups_by_use(self) -> set[object]:
        """The groups whose state on a screen is what their own usage says."""
        found: set[object] = set()
        rules = self._config.get("/AS")
        for rule in rules if isinstance(rules, Array) else []:
            if isinstance(rule, Dictionary) and rule.get("/Event") == "/View":
                found |= self._groups(rule.get("/OCGs"))
        return found


def _key(group: Any) -> object:
    return group.objgen if isinstance(group, pikepdf.Object) and group.is_indirect else None
