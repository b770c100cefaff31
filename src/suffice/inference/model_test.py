"""What a test between two fitted models found."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from suffice.inference.p_value_text import p_value_text


@dataclass(frozen=True, slots=True)
class ModelTest:
    """A test between two models of the same data.

    Attributes
    ----------
    method : "likelihood ratio" or "Vuong"
    null : the hypothesis that is tested, in words
    alternative : what stands against it
    statistic : its value; what it is stands in `law`
    p_value : the probability, if the null hypothesis holds, of a statistic at least as extreme
    law : the statistic and its distribution under the null hypothesis
    note : what else a reader must know
    """

    method: str
    null: str
    alternative: str
    statistic: float
    p_value: float
    law: str
    note: str

    def __str__(self) -> str:
        lines = [
            f"{self.method} test",
            f"  null hypothesis: {self.null}",
            f"  alternative: {self.alternative}",
            f"  {self.law}",
            f"  statistic {self.statistic:.6g}, {p_value_text(self.p_value, 4)}",
            f"  {self.note}",
        ]
        return "\n".join(part for line in lines for part in textwrap.wrap(line, 96, subsequent_indent="    "))
