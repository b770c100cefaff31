"""The code of the README runs as written."""

import re
from pathlib import Path

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", README, flags=re.DOTALL)


def test_the_python_blocks_run_in_order(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks("python"):
        exec(block, names)
    printed = capsys.readouterr().out
    (shown,) = blocks("text")
    assert printed.strip() == shown.strip()


def test_the_commands_run(tmp_path, monkeypatch):
    import shutil

    from click.testing import CliRunner

    from suffice import datasets
    from suffice.cli.main import run

    monkeypatch.chdir(tmp_path)
    shutil.copy(datasets.path("davis"), "davis.csv")
    lines = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("suffice ")]
    assert lines
    for line in lines:
        result = CliRunner().invoke(run, line.split()[1:])
        assert result.exit_code == 0, (line, result.output)
