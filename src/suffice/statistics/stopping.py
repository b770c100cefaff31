"""Work of seconds within one block asks now and then whether it is still wanted."""

from __future__ import annotations

from threading import Event, local

_thread = local()


class Stopped(Exception):  # noqa: N818 - no error: nobody wants the result any more
    """The pass was interrupted; the engine that stopped it does not look at this."""


def heed(stop: Event) -> None:
    """Let long work in this thread end when the event is set; an engine calls this in each of its threads."""
    _thread.stop = stop


def go_on_unless_stopped() -> None:
    """Raise `Stopped` where the pass that this thread works for was interrupted."""
    stop = getattr(_thread, "stop", None)
    if stop is not None and stop.is_set():
        raise Stopped
