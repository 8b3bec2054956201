"""The figures of a proof: noted by its tests, shown as a table at its end.

python -m tests.proof.figures
"""

import json
import os
from pathlib import Path

_PATH = Path(__file__).resolve().parents[2] / "var" / "proof.jsonl"


def note(promise: str, found: object, *, needed: str) -> None:
    """One line of the table: what was promised, what was found. Nothing outside of a proof."""
    if os.environ.get("PROOF") != "full":
        return
    with _PATH.open("a", encoding="utf-8") as file:
        line = {"promise": promise, "needed": needed, "found": str(found)}
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def table() -> str:
    """What the proof noted, one line each; empty where none was run."""
    lines = _PATH.read_text(encoding="utf-8").splitlines() if _PATH.exists() else []
    rows = [json.loads(line) for line in lines]
    width = max((len(row["promise"]) for row in rows), default=0)
    return "\n".join(
        f"{row['promise']:{width}}  {row['needed']:>28}  {row['found']}" for row in rows
    )


if __name__ == "__main__":
    print(table())  # noqa: T201
