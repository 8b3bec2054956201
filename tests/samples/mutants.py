"""Sound documents with random damage, always the same for the same seed."""

import io
import random
import resource
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from plans.readers import parse_file
from profmin.lib.errors import RuleBroken
from tests.samples import docx_files, pdf_files, plans, xlsx_files

WIDTHS = (60, 250, 100, 140, 190)
_BITS = (b"\0", b"\xff", b"<", b">", b"&#0;", b"99999999999", b"-1", b"]]>", b"<!--", b"\n", b"\t")


def sound() -> dict[str, bytes]:
    """The documents that are damaged, by file name."""
    rows = plans.REGION
    return {
        "plan.docx": docx_files.plan(plans.DISTRICT),
        "plan.xlsx": xlsx_files.plan(plans.DISTRICT),
        "plan.pdf": pdf_files.plan(rows, WIDTHS, plans.TITLE),
        "plan.html": plans.as_html(plans.DISTRICT).encode(),
        "plan.txt": plans.as_tabbed(rows).encode(),
        "plan.md": plans.as_markdown(rows).encode("cp1251", "replace"),
    }


def mutants(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """`count` damaged documents: (file name, bytes). Half of the packages are damaged inside
    their parts, so that the damage gets past the archive's checksums."""
    chance = random.Random(seed)  # noqa: S311 - a test that can be repeated
    whole = list(sound().items())
    for number in range(count):
        name, data = whole[number % len(whole)]
        inside = data.startswith(b"PK") and chance.random() < 0.5
        yield name, _inside(data, chance) if inside else damaged(data, chance)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """One to four random changes."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(made) + 1)
        length = chance.choice((1, 1, 2, 8, 64, 512))
        kind = chance.randrange(5)
        if kind == 0:
            made[at : at + length] = chance.randbytes(length)
        elif kind == 1:
            del made[at : at + length]
        elif kind == 2:
            made[at:at] = chance.choice(_BITS) * chance.choice((1, 1, 50))
        elif kind == 3:
            made[at:at] = made[at : at + length] * chance.choice((1, 20))
        elif at > len(made) // 2:
            del made[at:]
    return bytes(made)


def _inside(package: bytes, chance: random.Random) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w") as new:
        chosen = chance.choice(old.namelist())
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, damaged(data, chance) if name == chosen else data)
    return made.getvalue()


def read_all(folder: str) -> dict[str, object]:
    """Reads every file of a folder, in the child: how many were read and refused, which
    exceptions others raised, the longest time (s) and the memory held at most (bytes)."""
    counts: dict[str, int] = {}
    longest = 0.0
    for path in sorted(Path(folder).iterdir()):
        begun = time.monotonic()
        try:
            parse_file(str(path), path.name)
            outcome = "read"
        except RuleBroken:
            outcome = "refused"
        except Exception as error:  # noqa: BLE001 - told as a sentence by the parent
            outcome = type(error).__name__
        counts[outcome] = counts.get(outcome, 0) + 1
        longest = max(longest, time.monotonic() - begun)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"counts": counts, "longest": longest, "memory": held}
