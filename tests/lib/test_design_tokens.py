"""Contrast of the colours of `static/css/tokens.css`: 4.5:1 for words, 3:1 for marks (WCAG 2.1)."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
_COLOUR = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
_LIGHT_CSS, _DARK_CSS = CSS.split("prefers-color-scheme: dark", maxsplit=1)
LIGHT = dict(_COLOUR.findall(_LIGHT_CSS))
SCHEMES = {"light": LIGHT, "dark": LIGHT | dict(_COLOUR.findall(_DARK_CSS))}

_GROUNDS = ("ground", "surface", "sunken")
_STATES = ("done", "waiting", "late", "returned", "off")
WORDS = [
    *[(ink, ground) for ink in ("ink", "muted", "accent") for ground in _GROUNDS],
    *[(state, ground) for state in _STATES for ground in _GROUNDS],
    *[(state, f"{state}-tint") for state in _STATES],
    *[("ink", f"{state}-tint") for state in _STATES],
    *[(state, "accent-tint") for state in _STATES],
    ("ink", "accent-tint"),
    ("muted", "accent-tint"),
    ("accent", "accent-tint"),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-strong"),
    ("accent-strong", "surface"),
    ("accent-strong", "ground"),
]
MARKS = [
    *[(f"{state}-fill", "surface") for state in ("done", "waiting", "late", "returned")],
    *[("line-strong", ground) for ground in ("ground", "surface")],
    *[("focus", ground) for ground in _GROUNDS],
    ("accent", "track"),
]


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(first: str, second: str) -> float:
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        *[pytest.param(*pair, 4.5, id=f"{pair[0]} on {pair[1]}") for pair in WORDS],
        *[pytest.param(*pair, 3.0, id=f"{pair[0]} on {pair[1]}") for pair in MARKS],
    ],
)
def test_contrast_is_enough(scheme: str, front: str, back: str, least: float) -> None:
    colours = SCHEMES[scheme]

    assert _contrast(colours[front], colours[back]) >= least


def test_dark_scheme_renames_every_colour_of_a_state() -> None:
    dark = dict(_COLOUR.findall(_DARK_CSS))

    assert set(LIGHT) == set(dark)
