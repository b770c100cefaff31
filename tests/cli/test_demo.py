"""What `make demo` shows beside each fit."""

from __future__ import annotations

from suffice.cli import demo


def test_the_demo_shows_above_each_fit_the_command_that_prints_it(capsys):
    demo.main()
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    shown = {lines[i - 1].strip(): line for i, line in enumerate(lines) if " fitted to " in line}
    assert all(command.startswith("$ suffice fit ") for command in shown)
    assert shown["$ suffice fit groundbeef.csv --family weibull"].startswith("Weibull fitted to x of groundbeef.csv")
    assert shown["$ suffice fit faithful.csv eruptions --family normal"].startswith("Normal fitted to eruptions of")
    assert len(shown) == 13
