"""A way to call the command line in this process."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from suffice.cli.main import run


@pytest.fixture
def cli():
    def call(*arguments: object, **environment: str):
        return CliRunner(env=environment).invoke(run, [str(argument) for argument in arguments])

    return call


@pytest.fixture
def write(tmp_path):
    def csv(text: str, name: str = "data.csv"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return csv
