"""Data frames and series of any library: numbers are viewed, other columns only named."""

from __future__ import annotations

import sys
from collections.abc import Hashable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from suffice.errors import counted
from suffice.sources.block import Source
from suffice.sources.conversion import refuse_type
from suffice.sources.parquet import batch_chunk, select_fields
from suffice.sources.recutting import Chunk
from suffice.sources.row_weights import given_beside
from suffice.sources.streams import StreamSource
from suffice.sources.tables import ForeignColumn, table_source

if TYPE_CHECKING:
    import pyarrow as pa


def frame_source(data: Any, *, columns: Any = None, weights: Any = None, labels: Any = None) -> Source | None:
    """Return the source of a data frame, a series or an Arrow object; None if `data` is none of these."""
    options = {"columns": columns, "weights": weights, "labels": labels}
    pandas, pyarrow = sys.modules.get("pandas"), sys.modules.get("pyarrow")
    if pandas is not None and isinstance(data, (pandas.DataFrame, pandas.Series)):
        return table_source(_pandas_columns(data), described=_described(data, "a pandas"), **options)
    if pyarrow is not None and isinstance(data, (pyarrow.Table, pyarrow.RecordBatch)):
        table = list(zip(data.schema.names, map(_chunked, data.columns), strict=True))
        return table_source(table, described=_described(data, "an Arrow"), **options)
    if pyarrow is not None and isinstance(data, (pyarrow.Array, pyarrow.ChunkedArray)):
        return table_source(
            [("x", _chunked(data))], described=f"an Arrow array of {counted(len(data), 'row')}", **options
        )
    if hasattr(data, "__arrow_c_array__") and not hasattr(data, "__arrow_c_stream__"):
        return _capsule_array_source(data, options)
    if _is_polars(data) or not hasattr(data, "__arrow_c_stream__"):
        return _narwhals_source(data, options)
    return _stream_source(data, options)


def is_frame(data: Any) -> bool:
    """Tell whether something is a data frame, a series or an Arrow object, without importing anything."""
    protocols = ("__arrow_c_stream__", "__arrow_c_array__", "__dataframe__", "__narwhals_dataframe__")
    return any(hasattr(data, protocol) for protocol in protocols)


def as_column(values: Any) -> Any:
    """Return a series, an Arrow array or anything NumPy reads as a column of a table."""
    if isinstance(values, np.ndarray):
        return values
    pandas, pyarrow = sys.modules.get("pandas"), sys.modules.get("pyarrow")
    if pandas is not None and isinstance(values, pandas.Series):
        return _pandas_column(values)
    if pyarrow is not None and isinstance(values, (pyarrow.Array, pyarrow.ChunkedArray)):
        return _chunked(values)
    return np.asarray(values)


def _is_polars(data: Any) -> bool:
    return type(data).__module__.partition(".")[0] == "polars"


def _described(data: Any, library: str) -> str:
    shape = getattr(data, "shape", None) or (data.num_rows, data.num_columns)
    return f"{library} {type(data).__name__} of {' x '.join(map(str, shape))}"


def _chunked(column: Any) -> Any:
    import pyarrow as pa

    column = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    return column


def _pandas_columns(data: Any) -> list[tuple[Hashable, Any]]:
    if data.ndim == 1:
        return [("x" if data.name is None else data.name, _pandas_column(data))]
    return [(name, _pandas_column(data.iloc[:, position])) for position, name in enumerate(data.columns)]


def _pandas_column(series: Any) -> Any:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    dtype = series.dtype
    if isinstance(dtype, np.dtype):
        return series.to_numpy() if dtype.kind in "fiubO" else ForeignColumn(series, str(dtype))
    name = type(dtype).__name__
    if name == "SparseDtype":
        return series.to_numpy()
    if name == "CategoricalDtype" or not (is_numeric_dtype(dtype) or is_bool_dtype(dtype) or "decimal" in str(dtype)):
        return ForeignColumn(series, str(dtype))
    import pyarrow as pa

    return _chunked(pa.array(series))


def _narwhals_source(data: Any, options: dict[str, Any]) -> Source | None:
    import narwhals as nw

    try:
        native = nw.from_native(data, allow_series=True)
    except TypeError:
        return None
    if isinstance(native, nw.Series):
        pairs = [(native.name or "x", _narwhals_column(native))]
        return table_source(pairs, described=_described(data, _article(data)), **options)
    if isinstance(native, nw.LazyFrame):
        native = native.collect("pyarrow")
    pairs = [(name, _narwhals_column(native[name])) for name in native.columns]
    return table_source(pairs, described=_described(native, _article(data)), **options)


def _article(data: Any) -> str:
    return f"a {type(data).__module__.partition('.')[0]}"


def _narwhals_column(series: Any) -> Any:
    dtype = series.dtype
    name = type(dtype).__name__
    if dtype.is_numeric() or name == "Boolean":
        return _chunked(series.to_arrow())
    if name == "Object":
        return series.to_numpy()
    native = getattr(series.to_native(), "dtype", dtype)
    return ForeignColumn(series, str(native))


def _capsule_array_source(data: Any, options: dict[str, Any]) -> Source:
    import pyarrow as pa

    array = pa.array(data)
    if pa.types.is_struct(array.type):
        return frame_source(pa.RecordBatch.from_struct_array(array), **options) or _stream_source(data, options)
    return table_source([("x", _chunked(array))], described=f"a {type(data).__name__}", **options)


def _stream_source(data: Any, options: dict[str, Any]) -> Source:
    """Return the source of an Arrow stream, read a batch at a time."""
    import pyarrow as pa

    one_shot = isinstance(data, pa.RecordBatchReader)
    try:
        schema = data.schema if one_shot else pa.RecordBatchReader.from_stream(data).schema
    except (pa.ArrowException, TypeError):
        return table_source([("x", pa.chunked_array(data))], described=f"a {type(data).__name__}", **options)
    weights, labels = options["weights"], options["labels"]
    chosen = select_fields(schema, partial(_refuse_field, schema), None, **options)
    described = f"a stream of Arrow batches ({type(data).__name__})"
    return StreamSource(
        chosen.columns,
        partial(_stream_chunks, data, chosen),
        partial(str, f"unseen content of {described} with columns {chosen.columns}"),
        described,
        chosen.skipped,
        *given_beside(weights, labels),
        one_shot,
    )


def _stream_chunks(data: Any, chosen: Any) -> Iterable[Chunk]:
    import pyarrow as pa

    reader = data if isinstance(data, pa.RecordBatchReader) else pa.RecordBatchReader.from_stream(data)
    first = 0
    for batch in reader:
        yield batch_chunk(batch, chosen, first, None)
        first += batch.num_rows


def _refuse_field(schema: pa.Schema, position: int) -> NoReturn:
    refuse_type(str(schema.field(position).type), column=schema.field(position).name)
