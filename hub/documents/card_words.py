"""What papers say of a card beside what is owed on it: its parts, and the cards that share its debt."""

from collections.abc import Sequence

from hub.domain.amounts import yuan
from hub.domain.debt_components import Component
from hub.domain.labels import DEBT_COMPONENTS


def components_zh(components: Sequence[Component]) -> str:
    """The parts of a principal in one line; empty where there are none."""
    return "；".join(map(_component_zh, components))


def _component_zh(component: Component) -> str:
    left = "" if component.remaining_terms is None else f"（剩余 {component.remaining_terms} 期）"
    return f"{DEBT_COMPONENTS[component.kind]} {yuan(component.principal_fen)} 元{left}"
