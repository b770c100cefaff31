"""Sandwich and cluster standard errors, against formulas by hand and in simulated clusters."""

import numpy as np
import pytest

import suffice as sf
from suffice.errors import (
    ColumnError,
    DataError,
    DataNeeded,
    NotAvailableError,
    ParameterError,
    ShapeError,
    SourceChangedError,
)

RNG = np.random.default_rng(11)
GROUPS = RNG.integers(0, 23, 300)
X = RNG.gamma(3.0, 2.0, 300) + RNG.normal(size=23)[GROUPS] + 6.0


def cluster_error(influence, groups):
    """Return √(G/(G − 1) Σ_g (Σ l)²) of the influence l of each row on an estimate."""
    sums = np.array([influence[groups == g].sum() for g in np.unique(groups)])
    return np.sqrt(len(sums) / (len(sums) - 1) * (sums**2).sum())


def test_clusters_of_a_normal_have_the_textbook_standard_errors():
    fit = sf.fit(sf.Normal, X)
    robust = fit.robust_standard_errors(clusters=GROUPS)
    n, mean, sd = len(X), X.mean(), X.std()
    assert robust["mu"] == pytest.approx(cluster_error((X - mean) / n, GROUPS), rel=1e-10)
    influence_on_sd = ((X - mean) ** 2 - sd**2) / (2 * sd * n)
    assert robust["sigma"] == pytest.approx(cluster_error(influence_on_sd, GROUPS), rel=1e-10)


def test_clusters_of_one_row_each_give_the_sandwich_but_for_the_factor():
    fit = sf.fit(sf.Gamma, X)
    each = fit.robust_covariance(clusters=np.arange(300))
    np.testing.assert_allclose(each, fit.robust_covariance() * 300 / 299, rtol=1e-10)


@pytest.mark.parametrize("structure", ["dense", "diagonal", "spherical"])
def test_a_multivariate_normal_has_them_for_means_and_covariances(structure):
    data = np.column_stack([X, X * RNG.random(300), RNG.normal(size=300)])
    fit = sf.fit(sf.MultivariateNormal.of(covariance=structure), data)
    off, n = data - data.mean(axis=0), len(data)
    squares = off[:, :, None] * off[:, None, :]
    influences = {f"mean[{j}]": off[:, j] / n for j in range(3)}
    influences |= {
        f"covariance[{i},{j}]": (squares - squares.mean(axis=0))[:, i, j] / n for i in range(3) for j in range(3)
    }
    pooled = (off**2).mean(axis=1)
    influences["variance"] = (pooled - pooled.mean()) / n
    for found, expected in (
        (fit.robust_standard_errors(), lambda influence: np.sqrt((influence**2).sum())),
        (fit.robust_standard_errors(clusters=GROUPS), lambda influence: cluster_error(influence, GROUPS)),
    ):
        assert set(found) == set(fit.standard_errors)
        for name, error in found.items():
            assert error == pytest.approx(expected(influences[name]), rel=1e-9)


def test_probabilities_of_categories_have_the_binomial_errors_and_clusters_those_of_shares():
    z = RNG.choice([1.0, 2.0, 3.0], 300, p=[0.2, 0.3, 0.5])
    fit = sf.fit(sf.Categorical, z)
    for name, error in fit.robust_standard_errors().items():
        assert error == pytest.approx(fit.standard_errors[name], rel=1e-10)
    found = fit.robust_standard_errors(clusters=GROUPS)["probabilities[1]"]
    assert found == pytest.approx(cluster_error(((z == 2.0) - (z == 2.0).mean()) / 300, GROUPS), rel=1e-10)


def test_labels_of_any_kind_mean_the_same():
    fit = sf.fit(sf.Weibull, X)
    expected = fit.robust_covariance(clusters=GROUPS)
    words = [f"school {g}" for g in GROUPS]
    kinds = (GROUPS.tolist(), words, np.array(words), np.array(words, dtype=object), GROUPS / 2.0, GROUPS - 60)
    for labels in kinds:
        np.testing.assert_allclose(fit.robust_covariance(clusters=labels), expected, rtol=1e-12)


def test_a_column_of_the_same_source_says_the_cluster_with_weights_and_missing_rows(tmp_path):
    x, weights = X.copy(), RNG.integers(0, 3, 300)
    x[::17] = np.nan
    table = {"x": x, "school": GROUPS, "w": weights, "other": np.ones(300)}
    path = tmp_path / "schools.csv"
    rows = [
        "x,school,w,other",
        *[",".join(map(repr, map(float, row))).replace("nan", "") for row in zip(*table.values(), strict=True)],
    ]
    path.write_text("\n".join(rows) + "\n")
    used = ~np.isnan(x)
    z, w, groups = x[used], weights[used], GROUPS[used]
    mean = np.average(z, weights=w)
    expected = cluster_error(w * (z - mean) / w.sum(), groups)
    for data in (table, path):
        fit = sf.fit(sf.Normal, data, columns="x", weights="w", missing="drop")
        assert fit.robust_standard_errors(clusters="school")["mu"] == pytest.approx(expected, rel=1e-9)
        assert fit.robust_standard_errors(clusters=GROUPS)["mu"] == pytest.approx(expected, rel=1e-9)
    kept = sf.fit(sf.Normal, {"x": x}, weights=weights, missing="drop")
    assert kept.robust_standard_errors(clusters=GROUPS)["mu"] == pytest.approx(expected, rel=1e-9)
    with pytest.raises(DataNeeded, match="weights that are no column of the data; pass the clusters as an array"):
        kept.robust_standard_errors(clusters="school")


def test_clusters_may_straddle_blocks_on_any_number_of_threads():
    rng = np.random.default_rng(3)
    x, groups = rng.normal(size=150_000), rng.integers(0, 50, 150_000)
    one, two = (sf.fit(sf.Normal, x, engine=sf.Threads(n)).robust_covariance(clusters=groups) for n in (1, 2))
    np.testing.assert_array_equal(one, two)
    expected = cluster_error((x - x.mean()) / len(x), groups)
    assert np.sqrt(one[0, 0]) == pytest.approx(expected, rel=1e-9)


def test_data_that_are_gone_are_handed_over_with_their_clusters(tmp_path):
    table = {"x": X, "school": GROUPS}
    fit = sf.fit(sf.Normal, table, columns="x")
    expected = fit.robust_standard_errors(clusters="school")
    sf.save(fit, tmp_path / "fit.json")
    again = sf.load(tmp_path / "fit.json")
    with pytest.raises(DataNeeded, match=r"the column 'school' of clusters is read from the data .*; pass data="):
        again.robust_standard_errors(clusters="school")
    assert again.robust_standard_errors(clusters="school", data=table) == expected
    assert again.robust_standard_errors(clusters=GROUPS, data=X) == pytest.approx(expected, rel=1e-12)


def test_a_column_of_data_that_changed_is_not_read():
    table = {"x": X.copy(), "school": GROUPS}
    fit = sf.fit(sf.Normal, table, columns="x")
    table["x"][5:9] = table["x"][5:9].mean()
    with pytest.raises(SourceChangedError, match="changed since it was fitted"):
        fit.robust_standard_errors(clusters="school")


def test_clusters_that_say_nothing_are_refused():
    fit = sf.fit(sf.Normal, {"x": X, "school": GROUPS}, columns="x")
    with pytest.raises(DataError, match="all rows are in one cluster"):
        fit.robust_covariance(clusters=np.zeros(300, dtype=int))
    with pytest.raises(DataError, match="cluster −1, which stands for unknown"):
        fit.robust_covariance(clusters=GROUPS - 1)
    with pytest.raises(ShapeError, match="one label per row of the data: 301 labels for 300 rows"):
        fit.robust_covariance(clusters=np.arange(301))
    with pytest.raises(ShapeError, match="299 labels came with at least 300 rows"):
        fit.robust_covariance(clusters=np.arange(299))
    with pytest.raises(ShapeError, match=r"not of shape \(300, 1\)"):
        fit.robust_covariance(clusters=GROUPS[:, None])
    with pytest.raises(DataError, match="the cluster of row 3 is missing"):
        fit.robust_covariance(clusters=[1.0, 2.0, np.nan] * 100)
    with pytest.raises(DataError, match="the cluster of row 2 is missing"):
        fit.robust_covariance(clusters=["a", None, "b"] * 100)
    with pytest.raises(ColumnError, match="did you mean 'school'"):
        fit.robust_covariance(clusters="schol")
    with pytest.raises(ParameterError, match="clusters= belongs to method='robust'"):
        fit.interval("mu", clusters=GROUPS)


def test_a_robust_interval_is_wald_with_the_sandwich_and_few_clusters_have_students_t():
    from scipy import special

    fit = sf.fit(sf.Gamma, X)
    plain, clustered = (fit.interval("shape", method="robust", clusters=c) for c in (None, GROUPS))
    half = special.ndtri(0.975) * fit.robust_standard_errors()["shape"]
    assert tuple(plain) == pytest.approx((fit.model.shape - half, fit.model.shape + half), rel=1e-9)
    half = special.stdtrit(22, 0.975) * fit.robust_standard_errors(clusters=GROUPS)["shape"]
    assert tuple(clustered) == pytest.approx((fit.model.shape - half, fit.model.shape + half), rel=1e-9)
    assert (clustered.method, clustered.note) == ("robust", "23 clusters, Student's t with 22 df")


def test_with_dependent_rows_the_naive_interval_covers_too_rarely_and_that_by_clusters_as_often_as_it_says():
    rng, groups = np.random.default_rng(20), np.repeat(np.arange(30), 6)
    hits = {"wald": 0, "robust": 0, "clusters": 0}
    for _ in range(500):
        fit = sf.fit(sf.Normal, rng.normal(size=30)[groups] + rng.normal(size=180))
        for name in hits:
            clusters = groups if name == "clusters" else None
            method = "robust" if clusters is not None else name
            lower, upper = fit.interval("mu", method=method, clusters=clusters)
            hits[name] += lower <= 0.0 <= upper
    # a correlation of ½ in clusters of 6 makes the true variance 3.5 times the naive one: coverage 70.5 %
    assert hits["wald"] / 500 == pytest.approx(0.705, abs=0.08)
    assert hits["robust"] / 500 == pytest.approx(0.705, abs=0.08)
    # four standard errors of a share of 500
    assert hits["clusters"] / 500 == pytest.approx(0.95, abs=0.039)


@pytest.mark.parametrize("family", [sf.Poisson, sf.Exponential, sf.HalfNormal, sf.Rayleigh, sf.Geometric])
def test_rows_that_are_all_equal_show_no_spread(family):
    fit = sf.fit(family, [3.0] * 10)
    assert all(error > 0.0 for error in fit.standard_errors.values())
    for clusters in (None, list("aabbccddee")):
        with pytest.raises(NotAvailableError, match="how the rows vary, and here they do not"):
            fit.robust_standard_errors(clusters)
