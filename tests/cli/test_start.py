"""The command as it is installed: it starts quickly, and loads only what it needs."""

from __future__ import annotations

import subprocess
import sys

import suffice as sf
from suffice import datasets


def _run(*arguments, **options):
    return subprocess.run([sys.executable, *map(str, arguments)], capture_output=True, text=True, **options)


def test_version_loads_neither_numpy_nor_rich():
    code = (
        "import sys; from suffice.cli.main import run; run(['--version'], standalone_mode=False); "
        "print(sorted({'numpy', 'scipy', 'numba', 'rich', 'pyarrow'} & set(sys.modules)))"
    )
    result = _run("-c", code)
    assert result.stdout == f"suffice {sf.__version__}\n[]\n"


def test_a_fit_in_a_pipe_loads_no_rich_and_no_pandas():
    call = ["fit", str(datasets.path("faithful")), "waiting", "--family", "normal"]
    code = (
        f"import sys; from suffice.cli.main import run; run({call!r}, standalone_mode=False); "
        "print(sorted({'rich', 'pandas', 'polars', 'dask', 'matplotlib', 'autograd'} & set(sys.modules)))"
    )
    assert _run("-c", code).stdout.endswith("\n[]\n")


def test_help_documents_every_exit_code():
    result = _run("-m", "suffice.cli.main", "fit", "--help")
    assert result.returncode == 0
    for code in ("0 ", "1 ", "2 ", "3 ", "130 "):
        assert f"\n    {code}" in result.stdout


def test_usage_errors_have_code_2():
    assert _run("-m", "suffice.cli.main", "fit").returncode == 2


def test_a_reader_that_stops_early_is_no_error():
    command = f"{sys.executable} -m suffice.cli.main fit {datasets.path('airquality')} --missing drop | head -1"
    result = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert "Traceback" not in result.stderr


def test_a_reader_that_closes_the_pipe_early_is_no_error():
    for command in ("fit", "describe"):
        options = ["--family", "normal"] if command == "fit" else []
        process = subprocess.Popen(
            [sys.executable, "-m", "suffice.cli.main", command, str(datasets.path("faithful")), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        process.stdout.close()
        assert process.stderr.read() == b""
        process.stderr.close()
        assert process.wait() == 141
