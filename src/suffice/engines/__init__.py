"""Engines: where passes over data run. Each gives the same bits on any number of workers."""

from suffice.engines.dask import Dask
from suffice.engines.engine import Engine, Session
from suffice.engines.threads import Threads

__all__ = ["Dask", "Engine", "Session", "Threads"]
