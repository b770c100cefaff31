"""Sources: data of any kind, offered in pieces made of blocks of 65,536 rows."""

from suffice.sources.block import BLOCK_ROWS, Block, Piece, Source, is_source
from suffice.sources.inputs import as_source

__all__ = ["BLOCK_ROWS", "Block", "Piece", "Source", "as_source", "is_source"]
