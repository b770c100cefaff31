"""Passes over one source: questions advance in lock step, and no pass is made twice for one statistic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from suffice.distributions.inference_problem import Question
from suffice.linalg.blas_threads import one_blas_thread
from suffice.sources.block import Block
from suffice.statistics.product import Product, ProductSummary
from suffice.statistics.statistic import Statistic
from suffice.statistics.wrappers import DropMissing, DropWeightless, Labelled, OnColumns, PoissonBootstrap


@dataclass(frozen=True, slots=True)
class AllRows:
    """Ask for a statistic of all rows, incomplete ones too."""

    statistic: Statistic

    def observe(self, block: Block) -> Any:
        """Observe a block."""
        return self.statistic.observe(block)


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Ask for a statistic of all rows that have a weight, incomplete ones too."""

    statistic: Statistic

    def observe(self, block: Block) -> Any:
        """Observe a block."""
        return self.statistic.observe(block)


@dataclass(frozen=True, slots=True)
class View:
    """Which columns a question is about, and what becomes of rows with missing values.

    Parameters
    ----------
    columns : their positions
    drop_missing : whether incomplete rows are left out
    whole : whether these are all columns of the source, in order
    weighted : whether rows have weights, of which zero means that the row is not there
    """

    columns: tuple[int, ...]
    drop_missing: bool = False
    whole: bool = False
    weighted: bool = False

    def of(self, statistic: Statistic) -> Statistic:
        """Wrap a statistic: columns outermost, then what goes by the row's number, then rows that do not count."""
        if isinstance(statistic, AllRows):
            statistic = statistic.statistic
        elif isinstance(statistic, PoissonBootstrap | Labelled):
            statistic = replace(statistic, statistic=self._used(statistic.statistic))
        else:
            statistic = self._used(statistic)
        return statistic if self.whole else OnColumns(self.columns, statistic)

    def _used(self, statistic: Statistic) -> Statistic:
        if isinstance(statistic, Incomplete):
            statistic = statistic.statistic
        elif self.drop_missing:
            statistic = DropMissing(statistic)
        return DropWeightless(statistic) if self.weighted else statistic


class Passes:
    """Answer questions by passes of an open session, each as few as the longest question needs."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.count = 0
        self._known: dict[Statistic, Any] = {}

    def remember(self, known: Mapping[Statistic, Any]) -> None:
        """Take summaries that are already known."""
        self._known.update(known)

    def reduce(self, statistics: Sequence[Statistic]) -> list[Any]:
        """Return the summaries, by one pass at most."""
        with suppress(KeyError):
            return [self._known[s] for s in statistics]
        wanted = list(dict.fromkeys(s for s in statistics if s not in self._known))
        if len(wanted) == 1:
            self._known[wanted[0]] = self.session.reduce(wanted[0])
            self.count += 1
        elif wanted:
            summary = self.session.reduce(Product(tuple(wanted)))
            self._known.update(zip(wanted, summary.parts, strict=True))
            self.count += 1
        return [self._known[s] for s in statistics]

    def run(self, questions: Sequence[tuple[View, Question]]) -> list[Any]:
        """Run questions to their ends in lock step; return what they return."""
        with one_blas_thread():
            return self._run(questions)

    def _run(self, questions: Sequence[tuple[View, Question]]) -> list[Any]:
        results: list[Any] = [None] * len(questions)
        asked: dict[int, Statistic] = {}
        for i, (_, question) in enumerate(questions):
            self._advance(i, question, None, asked, results)
        while asked:
            order = sorted(asked)
            groups = [self._parts(questions[i][0], asked[i]) for i in order]
            answers = iter(self.reduce([s for group in groups for s in group]))
            for i, group in zip(order, groups, strict=True):
                parts = [next(answers) for _ in group]
                summary = ProductSummary(tuple(parts)) if isinstance(asked[i], Product) else parts[0]
                self._advance(i, questions[i][1], summary, asked, results)
        return results

    @staticmethod
    def _parts(view: View, statistic: Statistic) -> list[Statistic]:
        parts = statistic.parts if isinstance(statistic, Product) else (statistic,)
        return [view.of(part) for part in parts]

    @staticmethod
    def _advance(i: int, question: Question, summary: Any, asked: dict[int, Statistic], results: list[Any]) -> None:
        try:
            asked[i] = question.send(summary)
        except StopIteration as stop:
            asked.pop(i, None)
            results[i] = stop.value
