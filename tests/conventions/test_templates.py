"""Templates: nothing runs inside them, nothing comes from elsewhere, people read Russian."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.conventions.addresses import Address, all_addresses

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
FILES = sorted(TEMPLATES.rglob("*.html"))
PAGES = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TEMPLATES)))

_COMMENT = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|<!--.*?-->", re.DOTALL)
_DJANGO = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
# Blocks that stand in an attribute `class`.
_CLASSES = re.compile(
    r"{%\s*block (?:look|coltype|bodyclass|\w*button\w*|\w*class) %}.*?{%\s*endblock"
)
_SHOWN_ATTRIBUTE = re.compile(r'\b(?:title|alt|placeholder|aria-label|data-\w+-text)="([^"]*)"')
_LATIN = re.compile(r"(?<![&\w.])[A-Za-z]{2,}")
_ON = re.compile(r"<[^>]*\s(on[a-z]+)\s*=")
_STYLE = re.compile(r"<[^>]*\sstyle\s*=|<style\b")
_SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)")
_HOST = re.compile(r"(?:https?:)?//[A-Za-z0-9][\w.-]*\.[a-z]{2,}")
# Names of formats and programs, which have no Russian ones.
NAMES = {
    *("DOCX", "DOC", "PDF", "XLSX", "XLS", "CSV", "HTML", "ODT", "PNG", "JPEG", "ZIP", "UTF"),
    *("Word", "Excel", "Windows", "Ctrl", "Enter", "Shift", "Tab", "Esc", "QR", "TOTP", "URL"),
    *("Aegis", "Google", "Authenticator", "FreeOTP", "Microsoft"),
}
# Pages of ours whose template has another name, and why.
OTHER_TEMPLATES = {
    "home": "one page for each kind of role: home_own, home_leading, home_administrator",
    "design": "the gallery of components",
    "schools:file_open": "a file",
    "schools:register_template": "a file",
    "plans:import_progress": "a part: _import_progress",
    "account_signup": "closed",
    "account_email": "closed",
    "account_set_password": "closed",
}


def source(path: Path) -> str:
    return _COMMENT.sub("", path.read_text())


@PAGES
def test_nothing_runs_or_is_dressed_inside_a_page(path: Path) -> None:
    text = source(path)
    plain = _DJANGO.sub("", text)
    assert [*_ON.findall(plain), *_STYLE.findall(plain), *_SCRIPT.findall(plain)] == []
    assert "javascript:" not in text
    assert "|safe" not in text.replace(".help_text|safe", "")  # our own words and Django's
    assert "autoescape off" not in text


@PAGES
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    hosts = {found for found in _HOST.findall(source(path)) if "www.w3.org" not in found}
    assert hosts - {"https://example.org", "http://example.org"} == set()


@PAGES
def test_people_read_russian(path: Path) -> None:
    text = _DJANGO.sub(" ", _CLASSES.sub("{% endblock", source(path)))
    text = re.sub(r"<(script|style|svg|code|pre)\b.*?</\1>", " ", text, flags=re.DOTALL)
    shown = " ".join(_SHOWN_ATTRIBUTE.findall(text)) + " " + _TAG.sub(" ", text)
    assert set(_LATIN.findall(shown)) - NAMES == set()


def _template_of(address: Address) -> str:
    space, _, name = address.name.rpartition(":")
    folder = "accounts" if address.view.__module__.startswith("profmin.accounts") else space
    return f"{folder}/{name}.html" if folder else f"{name}.html"


def test_every_page_has_the_template_of_its_name() -> None:
    pages = [one for one in all_addresses() if not one.is_library and not one.is_admin]
    missing = {
        one.key
        for one in pages
        if not one.is_post_only and not (TEMPLATES / _template_of(one)).exists()
    }
    assert missing == set(OTHER_TEMPLATES)


def test_every_template_is_used() -> None:
    libraries = ("account", "mfa", "usersessions", "allauth", "admin", "emails")
    code = [
        path for folder in ("profmin", "schools", "plans") for path in (ROOT / folder).rglob("*.py")
    ]
    said = "\n".join(path.read_text() for path in [*code, *TEMPLATES.rglob("*.html")])
    names = [str(path.relative_to(TEMPLATES)) for path in FILES]
    unused = [
        name
        for name in names
        if not name.startswith(tuple(f"{folder}/" for folder in libraries))
        and not re.fullmatch(r"(400|403|403_csrf|404|500)\.html", name)
        and name not in said
    ]
    assert unused == []
