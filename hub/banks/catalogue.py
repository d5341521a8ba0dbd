"""Which adapter a bank has: the one place that knows all kinds, those of this package and of others.

An adapter is a module with `make(surroundings)`: a file in `hub/banks/adapters/`, or an entry point of the group
`hub.adapters` in any installed package, each under the name of its kind.
"""

import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from hub.banks import adapters as own_adapters
from hub.banks.port import Adapter, Discreet, Fitting, Surroundings
from hub.domain.bank import Bank
from hub.domain.bank_settings import READERS, SECRET_READERS, check_setting
from hub.domain.errors import InvalidValue, Unusable

GROUP = "hub.adapters"
_SECRET_NAME = re.compile(r"secret|password|passphrase|token|api_?key")


class Catalogue:
    """The adapters there are, by kind. A kind is loaded when the first bank of it is met."""

    def __init__(self, adapters: Iterable[Adapter] = (), *, surroundings: Surroundings | None = None) -> None:
        """Those of `adapters`; with `surroundings`, those that are installed as well."""
        self._made: dict[str, Adapter] = {adapter.kind: adapter for adapter in adapters}
        self._surroundings = surroundings
        self._makers: Mapping[str, Callable[[Surroundings], Adapter]] = {} if surroundings is None else _makers()

    @property
    def kinds(self) -> list[str]:
        """The kinds there are, in alphabetical order."""
        return sorted({*self._made, *self._makers})

    @property
    def surroundings(self) -> Surroundings:
        """What adapters are given of the world; raises `Unusable` for a catalogue of ready-made ones."""
        if self._surroundings is None:
            raise Unusable("these adapters are given nothing of the world")
        return self._surroundings

    def adapter(self, kind: str) -> Adapter:
        """The adapter of that kind; raises `Unusable` naming the kinds there are."""
        made = self._made.get(kind)
        if made is not None:
            return made
        maker = self._makers.get(kind)
        if maker is None or self._surroundings is None:
            raise Unusable(f"there is no adapter {kind!r}; there are: {', '.join(self.kinds)}")
        # Two threads may make it at once; one of the two is kept, and they are alike.
        return self._made.setdefault(kind, maker(self._surroundings))

    def of(self, bank: Bank) -> Adapter:
        """The adapter of the bank."""
        return self.adapter(bank.adapter)

    def secret_settings(self, kind: str) -> frozenset[str]:
        """The settings of a bank of this kind that are stored sealed and never shown; raises `Unusable`."""
        adapter = self.adapter(kind)
        if isinstance(adapter, Discreet):
            return adapter.secret | SECRET_READERS.keys()
        own = frozenset(name for name in adapter.settings if _SECRET_NAME.search(name))
        return own | SECRET_READERS.keys()

    def takes(self, kind: str, name: str) -> bool:
        """Whether a bank of this kind can have the setting; raises `Unusable`."""
        return name in READERS or name in SECRET_READERS or name in self.adapter(kind).settings

    @property
    def in_house_kinds(self) -> list[str]:
        """The kinds whose system is the hub itself, so that every bank can be reached by them."""
        return [kind for kind in self.kinds if self.adapter(kind).in_house]

    def check_settings(
        self, kind: str, settings: Mapping[str, str], *, beside: Mapping[str, str] | None = None
    ) -> None:
        """Nothing, or `InvalidValue` for the first key or value that a bank of this kind does not take or lacks.

        An empty value asks for the default. `beside` is what is set already: it was checked when it was set, and
        counts for what the bank needs and for what must fit each other.
        """
        adapter, before = self.adapter(kind), beside or {}
        for name, text in settings.items():
            # What is there can be taken away, also a key that an older version of the adapter took.
            if text or name not in before:
                check_setting(name, text, own_settings=adapter.settings)
        whole = {**before, **settings}
        for name in sorted(adapter.required):
            if not whole.get(name):
                code = "setting_missing" if beside is None else "setting_needed"
                raise InvalidValue(code, key=name, adapter=kind)
        if isinstance(adapter, Fitting) and adapter.fitted & settings.keys():
            adapter.check_fit({name: text for name, text in whole.items() if text})


def _makers() -> dict[str, Callable[[Surroundings], Adapter]]:
    own = {found.name: f"{own_adapters.__name__}.{found.name}" for found in pkgutil.iter_modules(own_adapters.__path__)}
    makers = {kind: _from_module(path) for kind, path in own.items()}
    for entry_point in entry_points(group=GROUP):
        if entry_point.name in makers:
            raise Unusable(f"two adapters are called {entry_point.name!r}: uninstall the package that brings the other")
        makers[entry_point.name] = _from_entry_point(entry_point)
    return makers


def _from_module(path: str) -> Callable[[Surroundings], Adapter]:
    def make(surroundings: Surroundings) -> Adapter:
        # By name, so that the libraries of a kind that no bank uses are never loaded.
        adapter: Adapter = import_module(path).make(surroundings)
        return adapter

    return make


def _from_entry_point(entry_point: EntryPoint) -> Callable[[Surroundings], Adapter]:
    def make(surroundings: Surroundings) -> Adapter:
        adapter: Adapter = entry_point.load()(surroundings)
        return adapter

    return make
