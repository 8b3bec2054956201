"""Takes away one scope call at a time; each time a probe must notice (security.md).

A call is taken out of the compiled function, not of the file: `rows.in_scope(x)` answers all
rows, `scope.covers(path)` is true, a view without `@requires(X)` is called at once. Everything is
put back afterwards.
"""

import ast
import gc
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from django.conf import settings

FOLDERS = ("profmin/home", "profmin/admin", "profmin/journal", "schools", "plans")
ROWS = frozenset({"in_scope", "of_unit", "reaching"})
PLACES = frozenset({"covers", "stands_above"})


@dataclass(frozen=True)
class Place:
    """One call: where it stands, in which function, what it says."""

    file: str
    line: int
    column: int
    function: str
    said: str

    @property
    def is_permission(self) -> bool:
        return self.said.startswith("@")

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.function}: {self.said}"


def places() -> list[Place]:
    """Every place where access is asked for, in the order of the files."""
    return [place for path in _files() for place in _places_of(path)]


def _files() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((settings.BASE_DIR / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def _places_of(path: Path) -> list[Place]:
    finder = _Finder(str(path.relative_to(settings.BASE_DIR)))
    finder.visit(ast.parse(path.read_text()))
    return finder.found


class _Finder(ast.NodeVisitor):
    """Collects the places of one file with the names of the functions around them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.around: list[str] = []
        self.is_inside = False
        self.found: list[Place] = []

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.around.append(node.name)
        self.generic_visit(node)
        self.around.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if self.is_inside:  # its code belongs to the function around it
            self.generic_visit(node)
            return
        self.around.append(node.name)
        self.is_inside = True
        self._look_at_decorators(node)
        if node.name == "in_scope":
            self._add(node, "def in_scope")
        self.generic_visit(node)
        self.is_inside = False
        self.around.pop()

    def _look_at_decorators(self, node: ast.FunctionDef) -> None:
        for one in node.decorator_list:
            if isinstance(one, ast.Call) and ast.unparse(one.func) == "requires":
                self._add(one, f"@{ast.unparse(one)}")

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if self.is_inside and name in ROWS | PLACES:
            self._add(node, f"….{name}({', '.join(map(ast.unparse, node.args))})")

    def _add(self, node: Any, said: str) -> None:
        self.found.append(
            Place(self.file, node.lineno, node.col_offset, ".".join(self.around), said)
        )


# --- Taking one away --------------------------------------------------------------------------


class _Without(ast.NodeTransformer):
    """The tree without the call of one place; what it named is still looked up."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        if self._is_here(node) and self.place.said == "def in_scope":
            node.body = ast.parse("def f(self):\n    return self.all()").body[0].body  # type: ignore[attr-defined]
            return node
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> Any:
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if not self._is_here(node) or f"….{name}(" != self.place.said[: len(name) + 3]:
            return node
        assert isinstance(node.func, ast.Attribute)
        instead: ast.expr = ast.Constant(value=True)
        if name in ROWS:
            instead = ast.Call(ast.Attribute(node.func.value, "all", ast.Load()), [], [])
        looked_up = [*node.args] if name in ROWS else [node.func.value, *node.args]
        both = ast.Tuple([instead, *looked_up], ast.Load())
        return ast.Subscript(both, ast.Constant(value=0), ast.Load())

    def _is_here(self, node: Any) -> bool:
        return (node.lineno, node.col_offset) == (self.place.line, self.place.column)


@contextmanager
def without(place: Place) -> Iterator[None]:
    """The portal as it would be if the place were not there."""
    if place.is_permission:
        with _unguarded(place):
            yield
        return
    functions = functions_of(place)
    code = _changed(place, _Without(place))
    before = functions[0].__code__
    for one in functions:
        one.__code__ = code
    try:
        yield
    finally:
        for one in functions:
            one.__code__ = before


def functions_of(place: Place) -> list[FunctionType]:
    """The living functions of a place: wrapped ones too."""
    path = str(settings.BASE_DIR / place.file)
    found = [
        one
        for one in gc.get_objects()
        if isinstance(one, FunctionType)
        and one.__code__.co_qualname == place.function
        and one.__code__.co_filename == path
    ]
    if not found:
        raise LookupError(f"{place}: no such function is loaded")
    return found


def _code_of(module: CodeType, name: str) -> CodeType:
    todo = [module]
    while todo:
        code = todo.pop()
        if code.co_qualname == name:
            return code
        todo += [one for one in code.co_consts if isinstance(one, CodeType)]
    raise LookupError(name)


@contextmanager
def _unguarded(place: Place) -> Iterator[None]:
    """The view as it would be without `requires`: called at once, with no access made."""
    views = functions_of(place)
    guards = [
        one
        for one in gc.get_objects()
        if isinstance(one, FunctionType)
        and getattr(one, "__wrapped__", None) in views
        and one.__code__.co_freevars == ("permission", "view")
    ]
    before = {one: one.__code__ for one in guards}
    for one in guards:
        one.__code__ = _bare(None, None).__code__
    try:
        yield
    finally:
        for one, code in before.items():
            one.__code__ = code


def _bare(permission: Any, view: Any) -> Any:
    def unguarded(request: Any, *args: Any, **kwargs: Any) -> Any:
        assert permission
        return view(request, *args, **kwargs)

    return unguarded


# --- Who passes where -------------------------------------------------------------------------

PASSED: set[Place] = set()


class _Noting(ast.NodeTransformer):
    """The tree whose function of one place notes that somebody came."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.around: list[str] = []

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        self.around.append(node.name)
        self.generic_visit(node)
        self.around.pop()
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        if ".".join([*self.around, node.name]) == self.place.function:
            said = f"__import__('{__name__}', fromlist=['x']).note({hash(self.place)})"
            node.body = [*ast.parse(said).body, *node.body]
        return node


_BY_HASH: dict[int, Place] = {}


def note(key: int) -> None:
    """Called by the functions of places while `passing` holds."""
    PASSED.add(_BY_HASH[key])


@contextmanager
def passing(found: Iterable[Place]) -> Iterator[set[Place]]:
    """Which functions of these places are called meanwhile: one place stands for its function."""
    before: dict[FunctionType, CodeType] = {}
    for place in {(one.file, one.function): one for one in found}.values():
        _BY_HASH[hash(place)] = place
        code = _changed(place, _Noting(place))
        for one in functions_of(place):
            before[one] = one.__code__
            one.__code__ = code
    try:
        yield PASSED
    finally:
        for one, code in before.items():
            one.__code__ = code


def _changed(place: Place, change: ast.NodeTransformer) -> CodeType:
    path = settings.BASE_DIR / place.file
    tree = ast.fix_missing_locations(change.visit(ast.parse(path.read_text())))
    return _code_of(compile(tree, str(path), "exec"), place.function)


def chosen(found: list[Place], count: int, *, seed: int) -> list[Place]:
    """So many by chance, the same ones every time."""
    if count >= len(found):
        return found
    return random.Random(seed).sample(found, count)  # noqa: S311 - a sample, no secret
