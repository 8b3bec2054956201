"""What a file is, by its content, and whether it is safe to open.

Nothing is believed that a file says of itself: neither its name nor the sizes in its
directory. Sizes are counted by really unpacking, with a ceiling, before anything is built.
"""

import codecs
import errno
import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from enum import StrEnum
from pathlib import Path, PurePosixPath

from profmin.lib.errors import RuleBroken

FILE_BYTES = 20 * 1024**2
UNPACKED_BYTES = 200 * 1024**2
MEMBERS = 2_000
RATIO = 100
_DIRECTORY_BYTES = MEMBERS * 1_024
_PIECE = 1 << 20
_SAMPLE = 1 << 16


class FileType(StrEnum):
    """Kinds of files the portal tells apart."""

    DOCX = "docx"
    DOCM = "docm"
    DOC = "doc"
    RTF = "rtf"
    ODT = "odt"
    XLSX = "xlsx"
    XLSM = "xlsm"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    PPTX = "pptx"
    OLE = "ole"
    ENCRYPTED = "encrypted"
    PDF = "pdf"
    HTML = "html"
    MHT = "mht"
    XML = "xml"
    SVG = "svg"
    TEXT = "text"
    PNG = "png"
    JPEG = "jpeg"
    GIF = "gif"
    WEBP = "webp"
    ZIP = "zip"
    RAR = "rar"
    SEVEN_ZIP = "7z"
    GZIP = "gzip"
    EXE = "exe"
    EMPTY = "empty"
    UNKNOWN = "unknown"


PACKAGES = frozenset(
    (FileType.DOCX, FileType.DOCM, FileType.XLSX, FileType.XLSM, FileType.XLSB, FileType.PPTX)
)
_ZIPPED = PACKAGES | {FileType.ODT, FileType.ODS, FileType.ZIP}

_MAGIC: tuple[tuple[bytes, FileType], ...] = (
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (b"\xff\xd8\xff", FileType.JPEG),
    (b"GIF8", FileType.GIF),
    (b"{\\rtf", FileType.RTF),
    (b"MZ", FileType.EXE),
    (b"\x7fELF", FileType.EXE),
    (b"#!", FileType.EXE),
    (b"\xca\xfe\xba\xbe", FileType.EXE),
    (b"\xcf\xfa\xed\xfe", FileType.EXE),
    (b"Rar!\x1a\x07", FileType.RAR),
    (b"7z\xbc\xaf\x27\x1c", FileType.SEVEN_ZIP),
    (b"\x1f\x8b", FileType.GZIP),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS: tuple[tuple[str, FileType], ...] = (
    ("EncryptedPackage", FileType.ENCRYPTED),
    ("WordDocument", FileType.DOC),
    ("Workbook", FileType.XLS),
    ("Book", FileType.XLS),
)
_CONTENT_TYPES: tuple[tuple[bytes, FileType], ...] = (
    (b"ms-word.document.macroEnabled", FileType.DOCM),
    (b"ms-word.template.macroEnabled", FileType.DOCM),
    (b"ms-excel.sheet.macroEnabled", FileType.XLSM),
    (b"ms-excel.template.macroEnabled", FileType.XLSM),
    (b"ms-excel.sheet.binary", FileType.XLSB),
    (b"wordprocessingml.document.main+xml", FileType.DOCX),
    (b"wordprocessingml.template.main+xml", FileType.DOCX),
    (b"spreadsheetml.sheet.main+xml", FileType.XLSX),
    (b"spreadsheetml.template.main+xml", FileType.XLSX),
    (b"presentationml.", FileType.PPTX),
)
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": FileType.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": FileType.ODS,
}
_ARCHIVES = (b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf", b"\x1f\x8b\x08", b"BZh")

_EMPTY = "Файл пуст."
_LARGE = "Файл больше 20 МБ: уменьшите его и загрузите снова."
_BOMB = "В распакованном виде файл слишком велик: такой файл не принимается."
_PARTS = "В файле слишком много частей: такой файл не принимается."
_MACROS = "В файле есть макросы: сохраните его без них (DOCX, XLSX) и загрузите снова."
_LOCKED = "Файл защищён паролем: снимите защиту и загрузите снова."
_DAMAGED = "Файл повреждён: откройте его, сохраните заново и загрузите снова."
_STRANGE = "Файл устроен подозрительно (повторные или недопустимые имена частей) и не принимается."
_NESTED = "Внутри файла есть другой архив: такой файл не принимается."


def sniff(data: bytes) -> FileType:
    """The kind of a whole file, told by its bytes alone."""
    if not data.strip(b"\0 \t\r\n"):
        return FileType.EMPTY
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data.startswith(_OLE):
        return _ole_type(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return FileType.WEBP
    if b"%PDF-" in data[:1024]:
        return FileType.PDF
    return _text_type(data)


def _ole_type(data: bytes) -> FileType:
    for stream, kind in _STREAMS:
        if stream.encode("utf-16-le") in data:
            return kind
    return FileType.OLE


def _zip_type(data: bytes) -> FileType:
    try:
        with _archive(data) as archive:
            names = set(archive.namelist())
            if "[Content_Types].xml" in names:
                return _package_type(_head(archive, "[Content_Types].xml"))
            if "mimetype" in names:
                return _OPEN_DOCUMENT.get(_head(archive, "mimetype").strip(), FileType.ZIP)
    except (RuleBroken, *_BROKEN_ZIP):
        return FileType.ZIP
    return FileType.ZIP


def _package_type(content_types: bytes) -> FileType:
    for mark, kind in _CONTENT_TYPES:
        if mark in content_types:
            return kind
    return FileType.ZIP


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        return member.read(_PIECE)


_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|table)\b", re.IGNORECASE)


def _text_type(data: bytes) -> FileType:
    text = decode(data)
    if text is None:
        return FileType.UNKNOWN
    head = text[:4096].lstrip()
    if head.startswith("<"):
        return _markup_type(head)
    if re.match(r"MIME-Version:", head, re.IGNORECASE):
        return FileType.MHT
    return FileType.TEXT


def _markup_type(head: str) -> FileType:
    if _HTML.search(head):
        return FileType.HTML
    if re.search(r"<svg\b", head, re.IGNORECASE):
        return FileType.SVG
    return FileType.XML if head.startswith(("<?xml", "<!DOCTYPE")) else FileType.TEXT


_FREQUENT = "оеаинтсрвл"
_ORDINARY = re.compile(r"[\t\n\r -~А-яЁё«»„“–—№…\xa0]+")
_CONTROL = bytes(sign for sign in range(32) if sign not in b"\t\n\x0b\x0c\r")
_ASCII = bytes(range(128))
_ONE_BYTE = ("cp1251", "cp866", "koi8-r")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> str | None:
    """The text in `data`, or None where it is none.

    UTF-8 and UTF-16 with or without a mark; else that one-byte Cyrillic encoding which gives
    the most of the letters frequent in Russian. The encoding is told by a sample; the whole is
    decoded once, by pieces.
    """
    encoding = _encoding(data)
    return _decoded(data, encoding) if encoding else None


def _encoding(data: bytes) -> str | None:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    if b"\0" in data:
        return _utf16(data[:_SAMPLE])
    letters = data.translate(None, delete=_ASCII)[:_SAMPLE]  # what encodings differ in
    try:
        codecs.getincrementaldecoder("utf-8")().decode(letters)
    except UnicodeDecodeError:
        return max(("utf-8", *_ONE_BYTE), key=lambda name: _frequent(letters, name))
    return "utf-8"


def _frequent(sample: bytes, encoding: str) -> int:
    text = sample.decode(encoding, "replace")
    return sum(text.count(letter) for letter in _FREQUENT)


def _utf16(sample: bytes) -> str | None:
    """The better of both orders of bytes; bytes that are no text give strange signs."""
    name = max(("utf-16-le", "utf-16-be"), key=lambda name: _ordinary(sample, name))
    return name if _ordinary(sample, name) * 20 > len(sample) * 9 else None


def _ordinary(sample: bytes, encoding: str) -> int:
    text = sample.decode(encoding, "replace")
    return len(text) - len(_ORDINARY.sub("", text))


def _decoded(data: bytes, encoding: str) -> str | None:
    """None where signs that no text holds are more than a slip of the pen."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    pieces: list[str] = []
    length = strange = 0
    for start in range(0, len(data), _SAMPLE):
        end = start + _SAMPLE
        text = decoder.decode(data[start:end], end >= len(data))
        pieces.append(text)
        length += len(text)
        strange += _strange(text)
        if "\0" in text or strange * 100 > len(data):  # no text is longer than its bytes
            return None
    return None if strange * 100 > length else "".join(pieces)


def _strange(text: str) -> int:
    signs = text.encode()
    return len(signs) - len(signs.translate(None, delete=_CONTROL)) + text.count("\ufffd")


def read_file(path: Path) -> bytes:
    """The bytes of a file named on the command line; raises `RuleBroken` with one sentence where
    there is none, it cannot be read, or it is over 20 MB (nothing of it is read then)."""
    try:
        status = path.stat()
        size = status.st_size
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        with path.open("rb") as file:
            data = b"" if size > FILE_BYTES else file.read(FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise RuleBroken(f"Файл не найден: {path}.") from error
    except OSError as error:
        raise RuleBroken(f"Файл не открывается: {path}.") from error
    if max(size, len(data)) > FILE_BYTES:
        raise RuleBroken(_LARGE)
    return data


def check_container(path: Path) -> FileType:
    """The kind of the file at `path`, after its size and its parts were counted.

    Raises `RuleBroken` with a Russian sentence: empty, over 20 MB, over 200 MB or 2 000 parts
    or 100 times its size when unpacked, with macros, locked by a password, damaged, with
    repeated or outward names, with an archive inside.
    """
    size = path.stat().st_size
    if size > FILE_BYTES:
        raise RuleBroken(_LARGE)
    data = path.read_bytes()
    kind = sniff(data)
    if kind is FileType.EMPTY:
        raise RuleBroken(_EMPTY)
    if kind is FileType.ENCRYPTED:
        raise RuleBroken(_LOCKED)
    if kind in (FileType.DOCM, FileType.XLSM):
        raise RuleBroken(_MACROS)
    if kind in _ZIPPED:
        _check_archive(data, kind)
    return kind


def _check_archive(data: bytes, kind: FileType) -> None:
    try:
        with _archive(data) as archive:
            members = archive.infolist()
            _check_names(members)
            _check_sizes(memoryview(data), members, kind)
    except _BROKEN_ZIP as error:
        raise RuleBroken(_DAMAGED) from error


def _archive(data: bytes) -> zipfile.ZipFile:
    """The archive, opened only after the length of its directory was looked at."""
    if _directory_bytes(data) > _DIRECTORY_BYTES:
        raise RuleBroken(_PARTS)
    archive = zipfile.ZipFile(io.BytesIO(data))
    if len(archive.infolist()) > MEMBERS:
        raise RuleBroken(_PARTS)
    return archive


def _directory_bytes(data: bytes) -> int:
    """How long the archive's directory says to be (APPNOTE 4.3.14–4.3.16)."""
    end = data.rfind(b"PK\x05\x06", max(len(data) - 65_557, 0))
    if end < 0 or len(data) < end + 22:
        raise zipfile.BadZipFile("no end of the directory")
    length = int(struct.unpack_from("<L", data, end + 12)[0])
    if data[end - 20 : end - 16] == b"PK\x06\x07" and end >= 76:
        length = max(
            length if length != 0xFFFFFFFF else 0,
            int(struct.unpack_from("<Q", data, end - 76 + 40)[0]),
        )
    return length


def _check_names(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename.casefold() for member in members]
    if len(set(names)) < len(names) or any(_is_outward(name) for name in names):
        raise RuleBroken(_STRANGE)
    if not all(_is_plain(member) for member in members):
        raise RuleBroken(_STRANGE)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise RuleBroken(_MACROS)
    if any(member.flag_bits & 0x41 for member in members):
        raise RuleBroken(_LOCKED)
    if any(member.compress_type not in (0, 8) for member in members):
        raise RuleBroken(_DAMAGED)


def _is_plain(member: zipfile.ZipInfo) -> bool:
    """A file or a folder: a link or a device is written in the upper half of the attributes."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    return kind in (0, stat.S_IFREG, stat.S_IFDIR)


def _is_outward(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name


def _check_sizes(data: memoryview, members: list[zipfile.ZipInfo], kind: FileType) -> None:
    ceiling = min(UNPACKED_BYTES, RATIO * len(data))
    total = 0
    for member, packed in zip(members, _packed(data, members), strict=True):
        counted, begin = _unpack(packed, member, ceiling - total)
        total += counted
        if counted != member.file_size:
            raise RuleBroken(_DAMAGED)
        if begin.startswith(_ARCHIVES) and not _may_hold(kind, member.filename):
            raise RuleBroken(_NESTED)


def _packed(data: memoryview, members: list[zipfile.ZipInfo]) -> list[memoryview]:
    """The packed bytes of each member; every byte of the file belongs to one member at most."""
    spans = [_span(data, member) for member in members]
    last = 0
    for begin, _, end in sorted(spans):
        if begin < last:
            raise RuleBroken(_BOMB)
        last = end
    if last > len(data):
        raise zipfile.BadZipFile("a member beyond the end")
    return [data[start:end] for _, start, end in spans]


def _span(data: memoryview, member: zipfile.ZipInfo) -> tuple[int, int, int]:
    """Where the member's header, its packed bytes and what follows them begin."""
    begin = member.header_offset
    if bytes(data[begin : begin + 4]) != b"PK\x03\x04":
        raise zipfile.BadZipFile("no local header")
    start = begin + 30 + sum(struct.unpack_from("<HH", data, begin + 26))
    return begin, start, start + member.compress_size


def _may_hold(kind: FileType, name: str) -> bool:
    """Word keeps a chart's workbook inside the document; it is never opened."""
    return kind in PACKAGES and "/embeddings/" in name


def _unpack(packed: memoryview, member: zipfile.ZipInfo, ceiling: int) -> tuple[int, bytes]:
    """How many bytes `member` really unpacks to, and the first of them."""
    counted, begin = 0, b""
    stored = member.compress_type == zipfile.ZIP_STORED
    for piece in _pieces(packed) if stored else _inflated(packed):
        begin = begin or bytes(piece[:8])
        counted += len(piece)
        if counted > ceiling:
            raise RuleBroken(_BOMB)
    return counted, begin


def _pieces(data: memoryview) -> Iterator[memoryview]:
    return (data[start : start + _SAMPLE] for start in range(0, len(data), _SAMPLE))


def _inflated(packed: memoryview) -> Iterator[bytes]:
    """The unpacked bytes by pieces; neither a piece nor what waits for the next one is long."""
    inflater = zlib.decompressobj(-15)
    for waiting in _pieces(packed):
        rest: bytes | memoryview = waiting
        more = True
        while more:
            piece = inflater.decompress(rest, _PIECE)
            rest = inflater.unconsumed_tail
            yield piece
            more = not inflater.eof and (bool(rest) or len(piece) == _PIECE)
        if inflater.eof:
            return


_PDF_LOCK = re.compile(rb"/Encrypt\s*(?:<<|\d+\s+\d+\s+R)")


def check_upload(path: str) -> tuple[str, bool]:
    """What a child process answers of a loaded file: its kind by `check_container`, and whether
    a password locks it (PDF and OpenDocument keep their kind when they are encrypted)."""
    kind = check_container(Path(path))
    return kind.value, _is_locked(Path(path), kind)


def _is_locked(path: Path, kind: FileType) -> bool:
    if kind is FileType.PDF:
        return bool(_PDF_LOCK.search(path.read_bytes()))
    if kind in (FileType.ODT, FileType.ODS):
        with suppress(KeyError, zipfile.BadZipFile), zipfile.ZipFile(path) as archive:
            return b"encryption-data" in _head(archive, "META-INF/manifest.xml")
    return False
