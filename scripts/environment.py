"""Make the environment .venv, with Suffice installed from this folder, or find it up to date.

An environment belongs to one folder and one pyproject.toml; a stamp in it records both, once
for each extra. It may be asked for again, by several at once, and after an interruption.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
UNFINISHED = ENVIRONMENT / "suffice-unfinished"


def stamp_of(extra: str) -> Path:
    """Return the file that says that `extra` is installed."""
    return ENVIRONMENT / f"suffice-{extra or 'core'}.stamp"


def wanted_stamp() -> str:
    """Return what a stamp says when it is up to date: the folder, then a hash of pyproject.toml."""
    return f"{ROOT}\n{hashlib.sha256((ROOT / 'pyproject.toml').read_bytes()).hexdigest()}\n"


def is_current(extra: str) -> bool:
    """Say whether `extra` is installed as pyproject.toml has it now."""
    stamp = stamp_of(extra)
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted_stamp()


def is_usable() -> bool:
    """Say whether .venv can be installed into: it runs, has pip, was made here and never broken off."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    if any(stamp.read_text().split("\n")[0] != str(ROOT) for stamp in ENVIRONMENT.glob("suffice-*.stamp")):
        return False
    check = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([PYTHON, "-c", check], capture_output=True).returncode == 0


def require_venv() -> None:
    """Stop with the remedy where this Python cannot make environments."""
    absent = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if not absent:
        return
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if Path("/etc/debian_version").exists():
        remedy = f"On Debian and Ubuntu: apt install python{version}-venv (as root)"
    else:
        remedy = "Install the package of your system that has it, or a Python that is complete"
    raise SystemExit(
        f"{sys.executable} (Python {version}) lacks {' and '.join(absent)}, needed to make .venv.\n"
        f"{remedy}; or name another Python: PYTHON=/path/to/python make"
    )


def take_turn(lock: TextIO) -> None:
    """Wait until no other process sets up the environment."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another process sets up .venv: waiting for it", file=sys.stderr)
        fcntl.flock(lock, fcntl.LOCK_EX)


def run(command: list[str], lock: TextIO) -> int:
    """Run `command`, which holds the lock too: should this process be killed, the other still counts."""
    variables = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    return subprocess.run(command, cwd=ROOT, env=variables, pass_fds=[lock.fileno()]).returncode


def make(lock: TextIO) -> None:
    """Make .venv anew, unless the one that stands is usable."""
    if is_usable():
        return
    require_venv()
    print("Making the environment .venv: the first time takes some minutes", file=sys.stderr)
    if run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], lock):
        raise SystemExit(f"{sys.executable} could not make {ENVIRONMENT}: the reason is above")


def install(extra: str, lock: TextIO) -> bool:
    """Install Suffice with `extra`, editable; return whether pip could.

    A pip that was killed may leave half a package, which the next pip takes for a whole one:
    the mark tells the next run to start from an empty environment.
    """
    what = f".[{extra}]" if extra else "."
    print(f"Installing Suffice ({extra or 'core'}) into .venv", file=sys.stderr)
    UNFINISHED.touch()
    code = run([str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "-e", what], lock)
    if code >= 0:  # below zero, a signal ended it
        UNFINISHED.unlink()
    if code == 0:
        fresh = UNFINISHED.with_name("suffice-new")
        fresh.write_text(wanted_stamp())
        fresh.replace(stamp_of(extra))
    return code == 0


def main() -> None:
    """Read the command line and bring the environment up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extra", nargs="?", default="", help="an extra of pyproject.toml")
    parser.add_argument("--optional", action="store_true", help="go on where the extra cannot be installed")
    arguments = parser.parse_args()
    if is_current(arguments.extra) and not UNFINISHED.exists():
        return
    with open(__file__) as lock:
        take_turn(lock)
        make(lock)
        if is_current(arguments.extra) or install(arguments.extra, lock):
            return
    if not arguments.optional:
        raise SystemExit("pip could not install Suffice: the reason is above")
    print(f"pip could not install '{arguments.extra}': going on without it", file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
