import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from suffice.linalg.blas_threads import one_blas_thread


def threads():
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_overlapping_contexts_restore_what_was_there_whatever_their_order():
    np.linalg.inv(np.eye(2))
    with threadpool_limits(2, user_api="blas"):
        before = threads()
        first, second = one_blas_thread(), one_blas_thread()
        first.__enter__()
        second.__enter__()
        assert threads() == {1}
        first.__exit__(None, None, None)
        assert threads() == {1}
        second.__exit__(None, None, None)
        assert threads() == before
