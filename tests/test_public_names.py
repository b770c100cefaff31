import ast
import subprocess
import sys
from pathlib import Path

import pytest

import suffice


def test_every_public_name_loads_and_is_documented():
    for name in suffice.__all__:
        value = getattr(suffice, name)
        if callable(value):
            assert value.__doc__, name


def test_the_stub_names_what_the_package_loads():
    stub = Path(suffice.__file__).with_suffix(".pyi")
    tree = ast.parse(stub.read_text())
    names = {alias.asname for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert names == (set(suffice.__all__) - {"__version__"}) | set(suffice._PACKAGES)


def test_an_unknown_name_is_refused_and_dir_lists_the_known():
    assert "Gamma" in dir(suffice)
    with pytest.raises(AttributeError, match=r"public names are in suffice\.__all__"):
        suffice.xyzzy  # noqa: B018


def test_the_import_loads_neither_scipy_nor_numba_nor_numpy():
    code = "import sys, suffice; print([m for m in ('numpy', 'scipy', 'numba', 'pyarrow') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_a_misspelt_name_is_answered_with_the_nearest_one():
    for wrong, right in (("Norma", "Normal"), ("StudenT", "StudentT"), ("summarise", "summarize")):
        with pytest.raises(AttributeError, match=f"suffice has no '{wrong}'; did you mean {right}\\?"):
            getattr(suffice, wrong)


def test_what_other_libraries_call_a_family_is_answered_with_its_name():
    names = {"GEV": "GeneralizedExtremeValue", "GPD": "GeneralizedPareto", "t": "StudentT", "lognorm": "LogNormal"}
    for wrong, right in names.items():
        with pytest.raises(AttributeError, match=f"suffice has no '{wrong}'; did you mean {right}\\?"):
            getattr(suffice, wrong)
        assert wrong not in dir(suffice)
