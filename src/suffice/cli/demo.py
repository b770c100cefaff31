"""The main job on the data sets that ship with Suffice: `python -m suffice.cli.demo`, run by `make demo`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

import suffice as sf
from suffice.cli.families import spelled
from suffice.cli.fit_command import ColumnResult, Shown
from suffice.cli.progress import engine_named
from suffice.cli.text_output import print_result, write
from suffice.errors import SufficeError

WIDTH = 96
SHOWN = Shown(level=0.95, method=None, seed=0)


@dataclass(frozen=True, slots=True)
class Example:
    """One call of the command line, and why it is shown.

    Parameters
    ----------
    caption : what the data are, and what to look at
    data : the name of a data set
    families : what is fitted to each of the columns, or to all jointly where there is one joint family
    columns : which columns; () for all
    missing : what becomes of missing values
    """

    caption: str
    data: str
    families: Sequence[str]
    columns: tuple[str, ...] = ()
    missing: str = "error"


EXAMPLES = (
    Example(
        "Serving sizes of ground beef: three families for positive values; AIC prefers the gamma.",
        "groundbeef",
        ("Gamma", "LogNormal", "Weibull"),
    ),
    Example(
        "Parasites in feral cats: the counts vary far more than a Poisson variable does.",
        "toxocara",
        ("Poisson", "NegativeBinomial"),
    ),
    Example(
        "Weight and height of 200 people, jointly. In row 12 the two were swapped: 166 kg and 57 cm.",
        "davis",
        ("MultivariateNormal",),
        ("weight", "height"),
    ),
    Example(
        "The weight that they reported is missing for some: those rows are left out and counted.",
        "davis",
        ("Normal",),
        ("repwt",),
        "drop",
    ),
    Example(
        "Ozone in New York, day by day: missing days left out, and neighbouring days depend on each other.",
        "airquality",
        ("LogNormal",),
        ("Ozone",),
        "drop",
    ),
    Example(
        "Old Faithful: a long eruption follows a short one, so rows in order are not independent.",
        "faithful",
        ("Normal",),
        ("waiting", "eruptions"),
    ),
    Example("Yearly maxima of the sea level at Port Pirie.", "portpirie", ("Normal", "LogNormal")),
    Example("Four lengths of 150 irises, jointly; the three species stand one after the other.", "iris",
            ("MultivariateNormal",)),
)  # fmt: skip


def main() -> None:
    """Fit each example and print it."""
    began = time.perf_counter()
    fits: list[Any] = []
    with engine_named("threads") as engine:
        for number, example in enumerate(EXAMPLES, 1):
            write(f"{number}. {example.caption}\n")
            found = fitted(example, engine)
            fits += found
            for fit in found:
                write(f"   $ {command(example, fit)}\n")
                print_result(ColumnResult(fit.origin.columns, fit), SHOWN, width=WIDTH)
                write("")
    maxima = sum(fit.certificate.is_maximum for fit in fits if not isinstance(fit, SufficeError))
    seconds = time.perf_counter() - began
    click.echo(f"{len(fits)} fits, {maxima} of them certified maxima, in {seconds:.1f} s.")


def fitted(example: Example, engine: Any = None) -> list[Any]:
    """Return the fits of an example; those of one column stand together."""
    families = [getattr(sf, name) for name in example.families]
    jointly = example.families == ("MultivariateNormal",)
    return sf.fit_each(
        families,
        sf.datasets.path(example.data),
        columns=list(example.columns) or None,
        missing=example.missing,
        each_column=not jointly,
        engine=engine,
    )


def command(example: Example, fit: Any) -> str:
    """Return what to type for one fit of an example."""
    columns = fit.origin.columns if example.columns else ()
    words = ["suffice fit", f"{example.data}.csv", *columns, "--family", spelled(fit.family.__name__)]
    return " ".join(words + (["--missing drop"] if example.missing == "drop" else []))


if __name__ == "__main__":
    main()
