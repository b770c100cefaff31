"""`python -m verify [NAME…]`: run all checks, or those named; exit 1 where one fails."""

from __future__ import annotations

import importlib
import sys
import time

CHECKS = {
    "certificates": "verify.certificates",
    "calibration": "verify.calibration_table",
    "row_order": "verify.row_order",
    "accuracy": "verify.accuracy",
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        print(f"there is no check {unknown[0]!r}; there are: {', '.join(CHECKS)}", file=sys.stderr)
        return 2
    failed = []
    for name in names or CHECKS:
        began = time.perf_counter()
        print(f"== {name}", flush=True)
        if not importlib.import_module(CHECKS[name]).run():
            failed.append(name)
        print(f"== {name}: {time.perf_counter() - began:.0f} s", flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
