import numpy as np

from suffice.engines.remote import Bundle, bundled, observe_part
from suffice.sources.block import BLOCK_ROWS, Block
from suffice.statistics.extent import Extent


class Part:
    """A piece of one block that carries nothing but its number."""

    def __init__(self, number):
        self.number = number

    def blocks(self):
        yield Block(np.full((BLOCK_ROWS, 1), float(self.number)), start=self.number * BLOCK_ROWS)


def test_bundles_hold_all_pieces_in_order_in_equal_shares():
    for count, sizes in ((10, [5, 5]), (11, [6, 5]), (17, [5, 4, 4, 4])):
        parts = bundled([Part(i) for i in range(count)], workers=2)
        assert [len(bundle.pieces) for bundle in parts] == sizes
        numbers = [block.start // BLOCK_ROWS for bundle in parts for block in bundle.blocks()]
        assert numbers == list(range(count))


def test_few_pieces_and_heavy_pieces_are_left_alone():
    pieces = [Part(0), Part(1)]
    assert bundled(pieces, workers=2) is pieces
    heavy = [np.zeros(200_000) for _ in range(10)]
    assert bundled(heavy, workers=2) is heavy


def test_a_bundle_makes_the_nodes_of_its_pieces():
    tree = observe_part(Bundle((Part(2), Part(3), Part(4))), Extent())
    assert sorted(tree.nodes) == [(0, 4), (1, 1)]
