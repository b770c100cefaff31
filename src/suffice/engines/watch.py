"""What an engine checks of a source around each pass: that it can be read, and that it did not change."""

from __future__ import annotations

from suffice.errors import DataNeeded, SourceChangedError
from suffice.sources.block import Source


class Watch:
    """Compare the fingerprint after each pass with that before the first."""

    __slots__ = ("_fingerprint", "_passes", "_source")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._fingerprint: str | None = None
        self._passes = 0

    @property
    def _name(self) -> str:
        return getattr(self._source, "description", "the source")

    def begin(self) -> None:
        """Begin a pass.

        Raises
        ------
        DataNeeded
            A source that can be read once was read.
        """
        if self._fingerprint is None:
            self._fingerprint = self._source.fingerprint()
        if self._passes and self._source.one_shot:
            raise DataNeeded(
                f"{self._name} can be read once only, and it was read already; pass an array, a file or a "
                "list of blocks for work that needs several passes"
            )
        self._passes += 1

    def end(self) -> None:
        """End a pass: its result counts only if the data are still what they were.

        Raises
        ------
        SourceChangedError
            The data changed since the first pass began.
        """
        if self._source.fingerprint() != self._fingerprint:
            raise SourceChangedError(
                f"{self._name} changed between two passes or during one; run again when nothing writes to it"
            )
