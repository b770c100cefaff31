"""The bits of a double as an integer, and the double of 64 bits, in kernels."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


def _bits_of(typing: Any, value: Any) -> Any:
    """Return the 64 bits of a double as an unsigned integer."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.uint64(types.float64), build


def _float_of(typing: Any, bits: Any) -> Any:
    """Return the double of an integer of 64 bits, signed or not."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(bits), build


bits_of: Any = intrinsic(_bits_of)
float_of: Any = intrinsic(_float_of)
