"""What a lane or a relay knows of its own way to the broker: whether it works, since when, and why it does not."""

from time import monotonic


class Link:
    """Works, or does not, since a moment; its owner tells."""

    def __init__(self) -> None:
        self.works = False
        self.error = ""
        """Why it broke last, in the words of whatever broke it."""
        self._since = monotonic()

    @property
    def seconds(self) -> float:
        """For how long it has been as it is."""
        return monotonic() - self._since

    def up(self) -> None:
        if not self.works:
            self.works, self.error, self._since = True, "", monotonic()

    def down(self, error: Exception) -> None:
        self.error = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        if self.works:
            self.works, self._since = False, monotonic()
