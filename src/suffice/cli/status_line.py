"""The line of progress at the foot of a terminal, which gives way to what is printed."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class StatusLine:
    """One line of stderr that is rewritten; results may be printed by another thread while it stands there."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._stands = False

    def show(self, text: str) -> None:
        """Write the line in place of the one that stands there, cut to the window: a broken one would stay."""
        with self._lock:
            self._stands = True
            sys.stderr.write(f"\r\x1b[2K{text[: shutil.get_terminal_size().columns - 1]}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Clear the line, if it stands there."""
        with self._lock:
            if self._stands:
                self._stands = False
                sys.stderr.write("\r\x1b[2K")
                sys.stderr.flush()

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Clear the line, and keep it away while something is printed."""
        with self._lock:
            self.clear()
            yield
            sys.stdout.flush()


# One terminal, one line at its foot.
LINE = StatusLine()
