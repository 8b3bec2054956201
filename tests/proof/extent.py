"""How far the proofs go: a sample in `make test`, everything in `make proof`."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Extent:
    """Counts of probes, of questions asked in both worlds, rows of a kind, scope mutants, hostile
    strings; of damaged documents, of kills of workers on each queue; names under which a hostile
    file is sent."""

    probes: int
    questions: int
    rows: int
    mutants: int
    strings: int
    documents: int
    kills: int
    names: tuple[str, ...] = ()
    is_full: bool = False


_ALL = 10**9
SAMPLE = Extent(probes=750, questions=250, rows=1, mutants=5, strings=8, documents=200, kills=3)
FULL = Extent(
    probes=_ALL,
    questions=_ALL,
    rows=2,
    mutants=_ALL,
    strings=_ALL,
    documents=20_000,
    kills=50,
    names=("план.docx", "план.xlsx", "план.pdf", "план.html"),
    is_full=True,
)


def extent() -> Extent:
    """`PROOF=full` is set by `make proof` alone."""
    return FULL if os.environ.get("PROOF") == "full" else SAMPLE
