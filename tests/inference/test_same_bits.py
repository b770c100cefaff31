"""A fit has the same bits on any number of threads, on processes, and from an array or a file."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import suffice as sf

ROWS = 200_000
FAMILIES = (
    "Normal",
    "Gamma",
    "Weibull",
    "StudentT",
    "Laplace",
    "Cauchy",
    "SkewNormal",
    "Gumbel",
    "Logistic",
    "LogLogistic",
    "GeneralizedExtremeValue",
    "GeneralizedPareto",
    "BurrXII",
    "InverseGaussian",
    "LogNormal",
    "Uniform",
    "Pareto",
    "MultivariateNormal",
    "MultivariateStudentT",
)


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(5)
    return np.column_stack([rng.gamma(3.0, 2.0, ROWS), rng.gamma(2.0, 1.0, ROWS)])


@pytest.fixture(scope="module")
def array_fits(table):
    return {name: fitted(name, table, sf.Threads(1)) for name in FAMILIES}


def fitted(name, data, engine):
    columns = None if name.startswith("Multivariate") else [0]
    return sf.fit(getattr(sf, name), data, columns=columns, engine=engine)


def bits(fit):
    errors = np.array(list(fit.standard_errors.values()))
    solution, theta = fit.solution, getattr(fit.model, "theta", ())
    return (fit.log_likelihood, theta, solution.phi.tobytes(), solution.hessian.tobytes(), errors.tobytes())


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("workers", [2, 5])
def test_on_any_number_of_threads(name, workers, table, array_fits):
    assert bits(fitted(name, table, sf.Threads(workers))) == bits(array_fits[name])


@pytest.mark.parametrize("group", [1_048_576, 100_000, 30_011])
def test_from_a_file_with_any_row_groups(group, table, array_fits, tmp_path):
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"a": table[:, 0], "b": table[:, 1]}), path, row_group_size=group)
    for name in FAMILIES:
        assert bits(fitted(name, path, sf.Threads(2))) == bits(array_fits[name])


def test_the_bootstrap_has_the_same_bits(table):
    x = table[:70_000, 0]
    replicates = [sf.fit(sf.Gamma, x, engine=sf.Threads(w)).bootstrap(20, rng=1)[0] for w in (1, 3)]
    assert replicates[0].tobytes() == replicates[1].tobytes()
