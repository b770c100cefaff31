from __future__ import annotations

import subprocess
import sys

from suffice.kernels import look, look_fields
from suffice.statistics import extent

NAMES = [name for name in vars(look_fields) if name.isupper()]


def test_kernels_and_summaries_share_one_definition_of_the_rows():
    for module in (look, extent):
        assert {name: getattr(module, name) for name in NAMES} == {name: getattr(look_fields, name) for name in NAMES}
    assert sorted(getattr(look_fields, name) for name in NAMES) == list(range(look_fields.FIELDS + 1))


def test_reading_a_summary_loads_no_compiler():
    code = "import sys, suffice.statistics.extent; print('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"
