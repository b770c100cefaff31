from __future__ import annotations

import subprocess
import sys

import pytest

from suffice.kernels import look_fields, row_order_fields


@pytest.mark.parametrize("fields", [look_fields, row_order_fields], ids=lambda fields: fields.__name__)
def test_the_rows_of_a_table_are_numbered_without_gaps(fields):
    defined = {name: value for name, value in vars(fields).items() if name.isupper()}
    assert sorted(defined.values()) == list(range(len(defined)))


def test_reading_a_summary_loads_no_compiler():
    code = "import sys, suffice.statistics.extent; print('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"
