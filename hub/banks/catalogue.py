"""Which adapter a bank has: the one place that knows all kinds."""

from collections.abc import Iterable, Mapping

from hub.banks.port import Adapter
from hub.banks.portal import Portal
from hub.domain.bank import check_setting
from hub.domain.errors import Unusable


class Catalogue:
    """The adapters there are, by kind."""

    def __init__(self, adapters: Iterable[Adapter] | None = None) -> None:
        self._adapters: Mapping[str, Adapter] = {
            adapter.kind: adapter for adapter in (adapters if adapters is not None else (Portal(),))
        }

    @property
    def kinds(self) -> list[str]:
        """The kinds there are, in alphabetical order."""
        return sorted(self._adapters)

    def adapter(self, kind: str) -> Adapter:
        """The adapter of that kind; raises `Unusable` naming the kinds there are."""
        try:
            return self._adapters[kind]
        except KeyError:
            raise Unusable(f"there is no adapter {kind!r}; there are: {', '.join(self.kinds)}") from None

    def check_settings(self, kind: str, settings: Mapping[str, str]) -> None:
        """Nothing, or `InvalidValue` for the first key or value that a bank of this kind does not take."""
        own = self.adapter(kind).settings
        for name, text in settings.items():
            check_setting(name, text, own_settings=own)
