"""A signal: one part says that something happened, others hear it at once."""

from collections.abc import Callable


class Signal:
    """Calls its listeners in the order they came."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []

    def connect(self, listener: Callable[[], None]) -> None:
        """Add a listener; it must not block."""
        self._listeners.append(listener)

    def __call__(self) -> None:
        """Tell everybody."""
        for listener in self._listeners:
            listener()
