"""Parts of an Office Open XML package, and the only XML parser the readers use.

The package was counted before (`profmin.lib.documents.check_container`). Source: ECMA-376.
"""

import posixpath
import zipfile
from pathlib import Path

from lxml import etree

from plans.readers.document import UnreadableFile

DAMAGED = "Файл повреждён: откройте его, сохраните заново и загрузите снова."
_HOSTILE = "Файл устроен небезопасно и не принимается: сохраните документ заново."


def parse_xml(data: bytes) -> etree._Element:
    """The root of `data`. No entity is resolved, no DTD taken, nothing fetched, and the
    library's own limits of depth (256) and of a text's length (10 MB) hold."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(DAMAGED) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFile(_HOSTILE)
    return root


def local(element: etree._Element) -> str:
    """The element's name without its namespace (the strict form of the standard differs
    from the usual one in nothing else)."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def attribute(element: etree._Element | None, name: str) -> str | None:
    """The value of the attribute with the local name `name`."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def number(element: etree._Element | None, name: str = "val", default: int = 0) -> int:
    """An attribute's whole number, `default` where it is none."""
    try:
        return int(attribute(element, name) or "")
    except ValueError:
        return default


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first child called `names[0]`, its first child called `names[1]`, and so on."""
    for name in names:
        if element is None:
            return None
        element = next((kid for kid in element if local(kid) == name), None)
    return element


class Package:
    """An opened package: parts by name, relations by the kind's last word."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        self._names = {name.casefold(): name for name in self._archive.namelist()}

    def __enter__(self) -> "Package":
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def part(self, name: str) -> etree._Element | None:
        """The root of a part, None where the package has none of that name."""
        stored = self._names.get(name.casefold())
        return None if stored is None else parse_xml(self.raw(stored))

    def raw(self, name: str) -> bytes:
        try:
            return self._archive.read(self._names[name.casefold()])
        except (KeyError, zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
            raise UnreadableFile(DAMAGED) from error

    def relations(self, source: str = "") -> list[tuple[str, str, str]]:
        """(id, kind, target part) of what `source` refers to inside the package."""
        folder, base = posixpath.split(source)
        root = self.part(posixpath.join(folder, "_rels", f"{base}.rels"))
        found = []
        for relation in () if root is None else root:
            if attribute(relation, "TargetMode") != "External":
                kind = (attribute(relation, "Type") or "").rpartition("/")[2]
                target = posixpath.join("/", folder, attribute(relation, "Target") or "")
                name = posixpath.normpath(target).lstrip("/")
                found.append((attribute(relation, "Id") or "", kind, name))
        return found

    def main_part(self, default: str) -> str:
        """The name of the document's main part."""
        for _, kind, target in self.relations():
            if kind == "officeDocument":
                return target
        return default

    def related(self, source: str, kind: str) -> etree._Element | None:
        """The first part of that kind which `source` refers to."""
        for _, found, target in self.relations(source):
            if found == kind:
                return self.part(target)
        return None
