"""How far the proofs go: a sample in `make test`, everything in `make proof`."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Extent:
    """Counts of probes, of questions asked in both worlds, rows of a kind, scope mutants."""

    probes: int
    questions: int
    rows: int
    mutants: int
    strings: int
    is_full: bool = False


_ALL = 10**9
SAMPLE = Extent(probes=750, questions=250, rows=1, mutants=5, strings=8)
FULL = Extent(probes=_ALL, questions=_ALL, rows=2, mutants=_ALL, strings=_ALL, is_full=True)


def extent() -> Extent:
    """`PROOF=full` is set by `make proof` alone."""
    return FULL if os.environ.get("PROOF") == "full" else SAMPLE
