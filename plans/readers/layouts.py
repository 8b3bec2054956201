"""How tables look in plain text; all layouts were seen in copies of real roadmaps. Pure.

- tabbed: a row a line, cells between tabs; a row may go on over several lines where a cell
  holds line breaks, blank lines stand where a page ended;
- Markdown: cells between upright strokes;
- indented: one cell a line after a tab, a blank line after each row and inside some cells;
- listed: one cell a line and nothing else, found by its heading cell «№».

A layout is asked at a line and answers the rows of the table which begins there and the
line after it, or None. Every look ahead is bounded, so reading is linear.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

Lines = Sequence[str]
Cells = list[str]
Found = tuple[list[Cells], int]

_GAP = 12  # lines without a tab inside a table between tabs
_QUOTED = 30  # lines of one cell in quotation marks, as a spreadsheet copies it

_NUMBER = re.compile(r"\s*\d{1,3}(?:\.\s?\d{1,3}){0,8}\s?\.?\s*")
_HEADING = re.compile(r"\s*(?:\d{1,3}(?:\.\d{1,3}){0,8}\.?|[IVXLC]{1,6}\.?|Раздел)\s+\S")
_GOES_ON = re.compile(r"\s*[a-zа-яё\-–—•*;,)]")
_ITEM = re.compile(r"\s*[-–—•*]\s?\S")
_FIRST = re.compile(r"\s*№\s?(?:п\s?[/.]?\s?п\.?)?\s*", re.IGNORECASE)
_NAMES = re.compile(
    r"^\s*(?:срок|дата|ответствен|исполнител|мероприят|наименован|направлен|содержан|показател|"
    r"результат|ожидаем|вид|форма)",
    re.IGNORECASE,
)
_STROKE = re.compile(r"(?<!\\)\|")


def blocks_of(lines: Lines) -> Iterator[str | list[Cells]]:
    """Paragraphs as text and tables as rows of cells, in order."""
    lines = _unquoted(lines)
    said: list[str] = []
    at = 0
    while at < len(lines):
        found = _table_at(lines, at)
        if found or not lines[at].strip():
            yield "\n".join(said)
            said = []
        if found:
            yield found[0]
        else:
            said.append(lines[at])
        at = found[1] if found else at + 1
    yield "\n".join(said)


def _table_at(lines: Lines, at: int) -> Found | None:
    if not lines[at].strip() and "\t" not in lines[at]:
        return None
    for layout in (_markdown, _tabbed, _indented, _listed):
        found = layout(lines, at)
        if found:
            return found
    return None


def _unquoted(lines: Lines) -> list[str]:
    """Lines where a quoted cell with line breaks is one line again (breaks as "\\v")."""
    made: list[str] = []
    at = 0
    while at < len(lines):
        last = lines[at].rpartition("\t")[2]
        opened = last.startswith('"') and last.count('"') % 2
        end = _closing(lines, at, at + _QUOTED) if opened else at
        line = "\v".join(lines[at : end + 1])
        made.append("\t".join(map(_bare, line.split("\t"))) if end > at else line)
        at = end + 1
    return made


def _closing(lines: Lines, at: int, last: int) -> int:
    """The line before `last` in which the quoted cell at the end of line `at` ends; `at` if
    none does."""
    for end in range(at + 1, min(last, len(lines))):
        first, tab, rest = lines[end].partition("\t")
        if first.count('"') % 2:
            opened = rest.rpartition("\t")[2]
            again = tab and opened.startswith('"') and opened.count('"') % 2
            return end if not again else _closing(lines, end, last)
        if tab:
            break
    return at


def _bare(cell: str) -> str:
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if quoted else cell


# Markdown


def _markdown(lines: Lines, at: int) -> Found | None:
    ruled = at + 1 < len(lines) and _is_rule(lines[at + 1])
    if "|" not in lines[at] or not (ruled or lines[at].strip().startswith("|")):
        return None
    if len(_between_strokes(lines[at].strip())) < 3:
        return None
    end = at
    rows = []
    for place in range(at, len(lines)):
        line = lines[place].strip()
        if line and "|" not in line:
            break
        if line:
            end = place + 1
            rows += [] if _is_rule(line) else [_between_strokes(line)]
        elif not _begins_with_stroke(lines, place + 1):
            break
    width = max(map(len, rows), default=0)
    return [_filled(row, width) for row in rows], end


def _is_rule(line: str) -> bool:
    return "|" in line and "-" in line and not line.strip("|:- \t")


def _begins_with_stroke(lines: Lines, at: int) -> bool:
    return at < len(lines) and lines[at].lstrip().startswith("|")


def _between_strokes(line: str) -> Cells:
    inner = line.removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip().replace("\\|", "|") for cell in _STROKE.split(inner)]


# Between tabs


def _tabbed(lines: Lines, at: int) -> Found | None:
    tabs = lines[at].count("\t")
    if tabs < 2 or not lines[at].strip() or _heading_follows(lines, at):
        return None
    end = _tabbed_end(lines, at, tabs)
    table = _Tabbed(tabs, lines, end)
    for place in range(at, end):
        table.take(place)
    table.close()
    return (table.rows, end) if len(table.rows) > 1 else None


def _heading_follows(lines: Lines, at: int) -> bool:
    """Whether the true head of the table comes only now: this line is an office's mark."""
    return not _is_head(lines[at]) and any(map(_is_head, lines[at + 1 : at + _GAP]))


def _is_head(line: str) -> bool:
    return _FIRST.fullmatch(line.partition("\t")[0]) is not None


def _tabbed_end(lines: Lines, at: int, tabs: int) -> int:
    """The line after the last one that belongs to the table."""
    end = at + 1
    for place in range(at + 1, len(lines)):
        apart = any(line.strip() for line in lines[end:place])
        if "\t" not in lines[place]:
            if place - end > _GAP:
                break
            continue
        if _is_head(lines[place]) and (apart or lines[place].count("\t") != tabs):
            break
        end = place + 1
    while end < len(lines) and lines[end].strip() and _GOES_ON.match(lines[end]):
        end += 1
    return end


class _Tabbed:
    """Rows put together from lines with `tabs` tabs or pieces of such lines."""

    def __init__(self, tabs: int, lines: Lines, end: int) -> None:
        self.rows: list[Cells] = []
        self._tabs = tabs
        self._lines = lines
        self._end = end
        self._piece: Cells = []

    def take(self, place: int) -> None:
        line = self._lines[place]
        if not line.strip() and "\t" not in line:
            return
        tabs = line.count("\t")
        if tabs >= self._tabs:
            self.close()
            self.rows.append(self._trimmed(line.split("\t")))
        elif self._piece:
            self._add(line.split("\t"))
        elif tabs:
            self._piece = line.split("\t")
            self._end_if_whole(place)
        elif self.rows and self._lines[place - 1].strip() and _GOES_ON.match(line):
            self.rows[-1][-1] += f"\n{line}"
        else:
            self.rows.append(_filled([line], self._tabs + 1))
            return
        self._end_if_whole(place)

    def close(self) -> None:
        """End the row begun; what is missing was cut off by an editor."""
        if self._piece:
            self.rows.append(_filled(self._piece, self._tabs + 1))
            self._piece = []

    def _add(self, cells: Cells) -> None:
        self._piece[-1] += f"\n{cells[0]}"
        self._piece += cells[1:]

    def _end_if_whole(self, place: int) -> None:
        """End the row begun where it is whole or the next line cannot belong to it."""
        if self._piece and not self._goes_on_in(place + 1):
            self.close()

    def _goes_on_in(self, place: int) -> bool:
        missing = self._tabs + 1 - len(self._piece)
        for line in self._lines[place : min(place + _GAP, self._end)]:
            if "\t" in line:
                number = _NUMBER.fullmatch(line.partition("\t")[0])
                return line.count("\t") <= missing and number is None and missing > 0
        return False

    def _trimmed(self, cells: Cells) -> Cells:
        while len(cells) > self._tabs + 1 and not cells[-1].strip():
            cells.pop()
        return cells


# One cell a line


def _indented(lines: Lines, at: int) -> Found | None:
    if not _is_indented_head(lines[at : at + _GAP]):
        return None
    end = at
    for place in range(at, len(lines)):
        blank = place > at and not lines[place - 1].strip() and "\t" not in lines[place - 1]
        if blank and lines[place].strip() and not _is_indented(lines[place]):
            break
        end = place + 1
    return _grouped([_cells_of(group) for group in _groups(lines[at:end])]), end


def _is_indented_head(lines: Lines) -> bool:
    """Three cells or more which name columns; lines of prose are indented too."""
    head = next(_groups(lines), [])
    named = sum(1 for line in head if _NAMES.search(line))
    numbered = bool(head) and _FIRST.fullmatch(head[0]) is not None
    return len(head) > 2 and all(map(_is_indented, head)) and numbered + named > 1


def _is_indented(line: str) -> bool:
    return line.startswith("\t") and line.count("\t") == 1


def _groups(lines: Lines) -> Iterator[list[str]]:
    """Lines between blank ones; a tab alone is an empty cell, not a blank line."""
    for filled, group in groupby(lines, key=lambda line: bool(line.strip()) or "\t" in line):
        if filled:
            yield list(group)


def _cells_of(group: list[str]) -> Cells:
    cells: Cells = []
    for line in group:
        if line.startswith("\t") or not cells:
            cells.append(line.removeprefix("\t"))
        else:
            cells[-1] += f"\n{line}"
    return cells


def _grouped(groups: list[Cells]) -> list[Cells]:
    """Rows from groups of cells, of which a row may have got several by a blank line inside
    a cell. The first group is the head and tells the width."""
    width = len(groups[0])
    rows: list[Cells] = []
    piece: Cells = []
    for place, group in enumerate(groups):
        following = groups[place + 1] if place + 1 < len(groups) else []
        if piece and (len(piece) + len(group) > width or _is_lone_heading(group, following)):
            rows.append(_filled(piece, width))
            piece = []
        if len(group) == 1 and not piece:
            rows.append(_filled(group, width))
        else:
            piece += group
        if len(piece) >= width:
            rows.append(piece)
            piece = []
    return [*rows, _filled(piece, width)] if piece else rows


def _is_lone_heading(group: Cells, following: Cells) -> bool:
    numbered = bool(following) and _NUMBER.fullmatch(following[0]) is not None
    return len(group) == 1 and numbered and _HEADING.match(group[0]) is not None


def _listed(lines: Lines, at: int) -> Found | None:
    if not _FIRST.fullmatch(lines[at]):
        return None
    head = _head(lines, at)
    if not 3 <= len(head) <= _GAP:
        return None
    groups = list(_groups(lines[at:]))
    if len(groups[0]) == len(head) and len(groups) > 1:
        return _grouped(groups), len(lines)
    cells = [line for group in groups for line in group]
    return [head, *_run_together(cells[len(head) :], len(head))], len(lines)


def _head(lines: Lines, at: int) -> Cells:
    """The heading cells: up to the first number or numbered heading."""
    head: Cells = []
    for line in lines[at : at + 4 * _GAP]:
        if head and (_NUMBER.fullmatch(line) or _HEADING.match(line)):
            break
        head += [line] if line.strip() else []
    return head


def _run_together(cells: Cells, width: int) -> Iterator[Cells]:
    """Rows from cells alone: a row begins with a number. A row in which cells were empty is
    narrower: which ones cannot be told."""
    row: Cells = []
    for cell in cells:
        if _NUMBER.fullmatch(cell) and (not row or _follows(cell, row)):
            yield from [row] if row else []
            row = [cell]
        elif row and (_ITEM.match(cell) or (len(row) == width and _GOES_ON.match(cell))):
            row[-1] += f"\n{cell}"
        elif row and len(row) < width:
            row.append(cell)
        else:
            yield from [row] if row else []
            yield _filled([cell], width)
            row = []
    yield from [row] if row else []


def _follows(cell: str, row: Cells) -> bool:
    """Whether a number inside a row begins the next one and is no cell of this: no plain
    number early in a row, none of «1 2 3 4 5» under the head."""
    counted = [str(number) for number in range(1, len(row) + 2)]
    return [*row, cell] != counted and ("." in cell.strip(" .") or len(row) > 2)


def _filled(cells: Cells, width: int) -> Cells:
    return cells + [""] * (width - len(cells))
