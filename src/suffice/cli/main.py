"""The command line: `suffice fit FILE` and `suffice describe FILE`.

NumPy, SciPy and Rich are loaded by the commands, not here: `suffice --version` answers at once.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from suffice import __version__
from suffice.cli.families import spelled
from suffice.distributions import NAMES
from suffice.errors import SufficeError

BAD_INPUT = 1
NOT_A_MAXIMUM = 3
INTERRUPTED = 130
PIPE_CLOSED = 141

EXIT_CODES = """\b
Exit codes:
  0    everything asked for was done; every fit is a certified maximum (or the proved highest point of a likelihood
       with kinks or ends: laplace, uniform, pareto)
  1    bad input: a file, a column or its values; stderr says which
  2    the command was not understood
  3    some fit is no such maximum; its certificate says what it is
  130  interrupted; nothing half-written is left behind
  141  whoever read the output stopped reading
"""


MISSING = """\b
Missing values in text files: an empty field, and
  NA  N/A  n/a  #N/A  #NA  <NA>  NaN  nan  NAN  -NaN  -nan  null  NULL  Null
  None  none  1.#QNAN  -1.#QNAN  1.#IND  -1.#IND
No other text counts as missing: not '.', '?', '-' or -999.

"""


class Commands(click.Group):
    """A group that turns errors into one paragraph on stderr and a documented exit code."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the command as it was typed, for the record."""
        ctx.meta["suffice.command"] = list(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was chosen."""
        try:
            return super().invoke(ctx)
        except SufficeError as error:
            say(str(error))
            ctx.exit(BAD_INPUT)
        except KeyboardInterrupt:
            say("interrupted")
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            # Whoever read the output has enough (`… | head -1`): say nothing, also when the interpreter flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(PIPE_CLOSED)
        except MemoryError:
            say("there is not enough memory for this; fit fewer columns at a time")
            ctx.exit(BAD_INPUT)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if os.environ.get("SUFFICE_TRACEBACK"):
                raise
            say(
                f"{type(error).__name__}: {error} (this is an error in Suffice; "
                "set SUFFICE_TRACEBACK=1 to see where it happened, and report it)"
            )
            ctx.exit(BAD_INPUT)


def say(message: str) -> None:
    """Write one paragraph to stderr."""
    from suffice.cli.status_line import LINE
    from suffice.cli.text_output import printable

    with LINE.hidden():
        click.echo(printable(f"suffice: {' '.join(message.split())}", sys.stderr), err=True)


def _options(*options: Any) -> Any:
    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


_FILE = click.argument("file", metavar="FILE")
_COLUMNS = click.argument("columns", metavar="[COLUMN]...", nargs=-1)
_COMMON = (
    click.option("--weights", metavar="COLUMN", help="Column of frequencies: 2 means the row twice."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text."),
    click.option(
        "--engine",
        type=click.Choice(["threads", "dask"]),
        default="threads",
        show_default=True,
        help="Where the passes over the data run; dask, which needs the extra of that name (pip install '.[dask]' "
        "in a copy of the repository), starts one process per core on this machine.",
    ),
)


@click.group(
    cls=Commands,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "--version", message="suffice %(version)s")
def run() -> None:
    """Probability models of data: fitted, with their uncertainty and a certificate.

    FILE is CSV (also .gz), Parquet, Arrow or .npy, or a glob of such files in quotes.
    """


@run.command(epilog=MISSING + EXIT_CODES, short_help="Fit a family to columns of a file.")
@_options(
    _FILE,
    _COLUMNS,
    click.option(
        "--family",
        metavar="NAME",
        help=f"One of {', '.join(map(spelled, sorted(NAMES)))}. Case and hyphens do not matter.",
    ),
    *_COMMON,
    click.option(
        "--missing",
        type=click.Choice(["error", "drop"]),
        default="error",
        show_default=True,
        help="What to do with missing values: refuse them, or leave out those rows and count them.",
    ),
    click.option(
        "--fixed",
        metavar="NAME=VALUE",
        multiple=True,
        help="A parameter that is known; may be repeated, once for each.",
    ),
    click.option("--level", type=float, default=0.95, show_default=True, help="Confidence of the intervals."),
    click.option(
        "--interval",
        type=click.Choice(["auto", "profile", "wald", "bootstrap", "exact"]),
        default="auto",
        show_default=True,
        help="Kind of intervals; auto is exact where only that holds, profile where that needs no further pass over "
        "the data, else wald.",
    ),
    click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help="Seed of the bootstrap; nothing else is random.",
    ),
    click.option("--save", metavar="PATH", help="Save the fit as JSON, to be read by suffice.load."),
    click.option("--force", is_flag=True, help="Let --save replace an existing file."),
)
@click.pass_context
def fit(ctx: click.Context, **options: Any) -> None:
    """Fit a family to columns of FILE by maximum likelihood.

    Without COLUMN, all columns whose values are numbers; those left out are named. Each column is fitted by
    itself, in shared passes over the file; with --family multivariate-normal all columns are fitted jointly.

    Without --family, each column is taken as counts (whole numbers from 0 on, if 0 is among them or their
    median is below 20) or else as continuous, and the families of that kind that can take its values are
    ranked by BIC: poisson, geometric, negative-binomial, zero-inflated-poisson, zero-inflated-negative-binomial
    and zipf for counts; for the others normal, student-t, logistic, gumbel, laplace, skew-normal and, as far as the
    values are positive, not negative or below 1, log-normal, gamma, weibull, inverse-gaussian, inverse-gamma,
    log-logistic, exponential, rayleigh, half-normal, gompertz and beta.
    A column of 0 and 1 is bernoulli. All candidates are listed; the best is printed in full. Its intervals do
    not account for this choice. A constant column is an error, and nothing is fitted to it.
    """
    from suffice.cli.fit_command import fit_file

    ctx.exit(fit_file(command=ctx.meta["suffice.command"], **options))


@run.command(epilog=MISSING + EXIT_CODES, short_help="Describe the columns of a file.")
@_options(_FILE, _COLUMNS, *_COMMON)
@click.pass_context
def describe(ctx: click.Context, **options: Any) -> None:
    """Describe columns of FILE: rows, missing values, range, mean, spread, quantiles.

    Without COLUMN, all columns whose values are numbers; those left out are named.
    """
    from suffice.cli.describe_command import describe_file

    ctx.exit(describe_file(command=ctx.meta["suffice.command"], **options))


if __name__ == "__main__":
    sys.exit(run())
