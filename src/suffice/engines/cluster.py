"""The Dask client that a session works with: one that was given, the active one, or one of its own."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from typing import Any

from suffice.errors import EngineError, MissingDependencyError


def connected(client: Any, workers: int | None) -> tuple[Any, ExitStack]:
    """Return a client, and what must be closed when the session ends.

    Parameters
    ----------
    client : a `distributed.Client`, or None
    workers : the number of processes of a new cluster on this machine, or None

    Raises
    ------
    MissingDependencyError
        Dask is not installed.
    EngineError
        There is no client.
    """
    try:
        import distributed
    except ImportError as error:
        raise MissingDependencyError(
            "the engine 'dask' needs dask and distributed; install them with the extra of that name, in a copy of "
            "Suffice's repository: `pip install '.[dask]'`"
        ) from error
    with ExitStack() as owned:
        if workers is not None:
            # any free port: a dashboard of another cluster may stand on the usual one;
            # errors only: warnings of tasks that an interrupt cancelled are no news
            cluster = owned.enter_context(
                distributed.LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address="127.0.0.1:0",
                    silence_logs=logging.ERROR,
                )
            )
            client = owned.enter_context(distributed.Client(cluster, set_as_default=False))
        if client is None:
            try:
                client = distributed.default_client()
            except ValueError as error:
                raise EngineError(
                    "no Dask client is active in this process; make one with `distributed.Client(address)` "
                    "and pass it as Dask(client), or let Dask(workers=2) start processes on this machine"
                ) from error
        return client, owned.pop_all()
