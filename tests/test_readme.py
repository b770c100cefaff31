"""The code of the README runs as written, in a copy of the repository after `make demo`, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.DOTALL)


def blocks(kind):
    return [block for language, block in BLOCKS if language == kind]


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """Stand in a copy of the repository, whose .venv is the environment of this process."""
    for name in ("src", "Makefile", "scripts"):
        (tmp_path / name).symlink_to(ROOT / name)
    program = tmp_path / ".venv" / "bin" / "suffice"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m suffice.cli.main "$@"\n')
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    found = sorted(tmp_path.iterdir())
    yield tmp_path
    assert sorted(tmp_path.iterdir()) == found


def test_every_block_is_of_a_kind_that_is_tested():
    assert {language for language, _ in BLOCKS} == {"sh", "python", "text"}


@pytest.mark.usefixtures("copy")
def test_the_python_blocks_run_in_order(capsys):
    names: dict[str, object] = {}
    for block in blocks("python"):
        exec(block, names)
    printed = capsys.readouterr().out
    (shown,) = blocks("text")
    assert printed.strip() == shown.strip()


@pytest.mark.usefixtures("copy")
def test_the_commands_run_as_written():
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    assert "make demo" in lines
    assert sum(line.startswith(".venv/bin/suffice ") for line in lines) >= 3
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    for line in lines:
        # what makes the environment is printed, not run: it needs the network
        plain = line.replace("make ", "make --dry-run ", 1) if line.startswith("make ") else line
        assert line.split()[0] in ("make", ".venv/bin/suffice"), line
        result = subprocess.run(["sh", "-c", plain], capture_output=True, text=True, env=environment)
        assert result.returncode == 0, (line, result.stderr)
        assert result.stderr == "", line
