"""What a terminal shows: tables that fit in 80 columns, colours that NO_COLOR turns off."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import threading

import numpy as np
import pytest
from rich.console import Console

import suffice as sf
from suffice import datasets
from suffice.cli import demo, progress, terminal
from suffice.cli.fit_command import ColumnResult, Shown
from suffice.cli.progress import Counter, CountingEngine, progress_line
from suffice.cli.status_line import StatusLine
from suffice.errors import SufficeError
from suffice.inference.comparison import comparison_of

SHOWN = Shown(level=0.95, method=None, seed=0)


def _console(**options):
    return Console(file=io.StringIO(), width=80, markup=False, highlight=False, force_terminal=True, **options)


def _shown(result):
    console = _console(no_color=True)
    terminal.show(result, SHOWN, console)
    return console.file.getvalue()


@pytest.mark.parametrize("family", [sf.Normal, sf.Weibull, sf.StudentT])
def test_a_fit_fits_in_80_columns_and_no_number_is_cut(family):
    fit = sf.fit(family, datasets.path("faithful"), columns="waiting")
    text = _shown(ColumnResult(("waiting",), fit))
    assert max(map(len, re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines())) <= 80
    assert "…" not in text
    assert f"{fit.solution.problem.free_values(fit.solution.phi)[0]:.7g}" in text


def test_candidates_and_errors_are_listed():
    fit = sf.fit(sf.Normal, [1.0, 2.0, 4.0])
    comparison = comparison_of([sf.Normal, sf.Gamma], [fit, SufficeError("no gamma")], "bic")
    text = _shown(ColumnResult(("x",), fit, comparison))
    assert "Gamma was not fitted: no gamma" in text
    shown = _shown(ColumnResult(("x",), comparison.best, comparison))
    assert "do not account for that choice" in " ".join(shown.split())


def test_markup_in_names_is_not_read_as_markup():
    fit = sf.fit(sf.Normal, {"[red]a[/red]": [1.0, 2.0, 4.0]})
    assert "[red]a[/red]" in _shown(ColumnResult(fit.origin.columns, fit))


def test_fixed_and_missing_estimates_are_shown():
    fit = sf.fit(sf.Exponential, [1.0, 2.0], fixed={"rate": 0.25})
    text = _shown(ColumnResult(("x",), fit))
    assert "fixed" in text
    assert "Exponential(rate=0.25)" in text


def test_long_names_of_columns_give_way_to_positions():
    fit = sf.fit(sf.MultivariateNormal, datasets.path("iris"))
    text = _shown(ColumnResult(fit.origin.columns, fit))
    assert "covariance[2,3]" in text
    assert "and so are 2 more" in " ".join(text.split())


def test_a_description_shows_every_column_and_note():
    console = _console(no_color=True)
    terminal.show_description(sf.describe(datasets.path("davis")), console)
    text = console.file.getvalue()
    assert "17 of 200 values are missing" in text
    assert "left out: sex (not all values are numbers" in text


@pytest.mark.parametrize("width", [60, 80])
def test_a_description_folds_no_number_in_a_narrow_window(width):
    x = np.resize([-123456.0, 2.0e6, 1.5e-7, 3141592.0], 2_000_000)
    description = sf.describe({"a_rather_long_column": x, "y": -x / 3})
    console = Console(file=io.StringIO(), width=width, markup=False, highlight=False, no_color=True)
    terminal.show_description(description, console)
    lines = console.file.getvalue().splitlines()
    assert lines[0].endswith("2,000,000 rows")
    assert max(map(len, lines)) <= width
    row = next(line for line in lines if line.split()[:1] == ["y"])
    assert row.split()[1] == "2,000,000"
    assert f"{description['y'].mean:.4g}" in row.split()
    assert f"{description['y'].quantile(0.5):.4g}" in row.split()
    assert "…" not in "".join(lines)
    left_out = next(line for line in lines if "not shown, for want of room" in line)
    assert "25 %, 75 %" in left_out
    assert not {"25", "75"} & set(" ".join(lines[:4]).split())


def test_a_terminal_says_why_something_is_withheld():
    fit = sf.fit(sf.StudentT, np.linspace(0, 1, 60))
    text = " ".join(_shown(ColumnResult(("x",), fit)).split())
    assert "withheld: there are no standard errors, and only profile intervals of parameters, at a point that" in text


@pytest.fixture(scope="module")
def in_terminal(tmp_path_factory):
    pty = pytest.importorskip("pty")

    def call(*arguments, **environment):
        leader, follower = pty.openpty()
        environment = os.environ | {"COLUMNS": "80", "TERM": "xterm-256color"} | environment
        command = [sys.executable, "-m", "suffice.cli.main", *map(str, arguments)]
        process = subprocess.Popen(command, stdout=follower, stderr=follower, stdin=follower, env=environment)
        os.close(follower)
        found = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            found += piece
        os.close(leader)
        return process.wait(), found.decode()

    return call


def test_a_real_terminal_gets_colour_unless_no_color_is_set(in_terminal):
    call = ("fit", datasets.path("faithful"), "waiting", "--family", "normal")
    code, text = in_terminal(*call, NO_COLOR="")
    assert code == 0
    assert "\x1b[1;32mMAXIMUM" in text
    _, plain = in_terminal(*call, NO_COLOR="1")
    assert "32m" not in plain
    assert "MAXIMUM" in plain


def test_a_dumb_terminal_gets_plain_text(in_terminal):
    _, text = in_terminal("describe", datasets.path("faithful"), TERM="dumb")
    assert "\x1b" not in text


def test_progress_counts_rows_and_is_shown_for_long_work_only(monkeypatch):
    counter = Counter()
    fit = sf.fit(
        sf.Weibull, datasets.path("faithful"), columns="waiting", engine=CountingEngine(sf.Threads(), counter, True)
    )
    assert fit.model == sf.fit(sf.Weibull, datasets.path("faithful"), columns="waiting").model
    assert counter.rows == 272 * counter.passes > 272
    assert progress_line(counter, 2.0).startswith(f"pass {counter.passes}, {counter.rows:,} rows read, ")

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.engine_named("threads") as engine:
        assert isinstance(engine, CountingEngine)
    assert stream.getvalue() == ""
    monkeypatch.setattr(progress, "SILENT_SECONDS", 0.0)
    monkeypatch.setattr(progress, "REFRESH_SECONDS", 0.001)

    written = __import__("threading").Event()
    monkeypatch.setattr(stream, "flush", written.set)
    with progress.engine_named("threads") as engine:
        assert written.wait(10)
    assert "pass 0" in stream.getvalue()
    assert stream.getvalue().endswith("\r\x1b[2K")


def test_what_is_printed_takes_the_place_of_the_line_of_progress(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("COLUMNS", "20")
    line = StatusLine()
    line.show("pass 1, 123,456,789 rows read")
    with line.hidden():
        print("a fit", file=stream)
    line.clear()
    assert stream.getvalue() == "\r\x1b[2Kpass 1, 123,456,789\r\x1b[2Ka fit\n"


def test_whoever_waits_for_kernels_is_told_so(monkeypatch):
    from suffice.kernels import compile as compiler

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    for kind, shown in (
        ("xterm", "\r\x1b[2Kcompiling kernels, once (about half a minute), 0 s"),
        ("dumb", "suffice: comp"),
    ):
        stream, written = Terminal(), threading.Event()
        monkeypatch.setattr(stream, "flush", written.set)
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("TERM", kind)
        monkeypatch.setattr(progress, "SILENT_SECONDS", 0.0)
        monkeypatch.setattr(progress, "REFRESH_SECONDS", 0.001)
        with progress.engine_named("threads"):
            assert not progress.compiling()
            monkeypatch.setattr(compiler, "under_way", ["add_powers"])
            written.clear()
            assert written.wait(10)
            while "compiling" not in stream.getvalue():
                written.wait(0.01)
        monkeypatch.setattr(compiler, "under_way", [])
        assert shown in stream.getvalue()
        assert ("\x1b" in stream.getvalue()) == (kind == "xterm")


def test_a_kernel_is_under_way_while_it_is_compiled():
    from numba import types

    from suffice.kernels import compile as compiler

    seen = []

    class Watched(list):
        def append(self, name):
            seen.append(name)
            super().append(name)

    before = compiler.under_way
    compiler.under_way = Watched()
    try:

        @compiler.kernel(types.float64(types.float64), brief=True)
        def twice(x):
            return 2.0 * x

        assert (twice(2.0), seen, list(compiler.under_way)) == (4.0, ["twice"], [])
    finally:
        compiler.under_way = before


def test_progress_says_that_it_is_the_bootstrap_and_its_rows_move_within_a_block():
    counter = Counter()
    engine = CountingEngine(sf.Threads(), counter, True)
    x = np.random.default_rng(5).standard_t(4, 3000)
    fit = sf.fit(sf.StudentT, x, engine=engine)
    assert counter.task == ""
    lines = set()
    add = Counter.add

    class Watching(Counter):
        def add(self, rows):
            add(self, rows)
            lines.add(progress_line(self, 1.0))

    engine = CountingEngine(sf.Threads(), Watching(), True)
    fit = sf.fit(sf.StudentT, x, engine=engine)
    lines.clear()
    interval = fit.interval("df", method="bootstrap", replicates=999)
    passes = {line.split(",")[1] for line in lines}
    assert len(lines) > 2 * len(passes)
    assert all(line.startswith("bootstrap of 999 replicates, pass ") for line in lines)
    plain = sf.fit(sf.StudentT, x)
    assert tuple(plain.interval("df", method="bootstrap", replicates=999)) == tuple(interval)


def test_the_demo_fits_every_data_set_and_all_are_maxima(capsys):
    demo.main()
    text = capsys.readouterr().out
    for name in datasets.names:
        assert f"suffice fit {name}.csv" in text
    assert "13 fits, 13 of them certified maxima" in text
    assert "(17 rows with missing values left out)" in text
    assert "neighbouring rows of 'waiting' depend on each other" in text
