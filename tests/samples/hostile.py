"""Files nobody should be able to hurt the portal with, by what they try. All built in code."""

import io
import struct
import zipfile
import zlib
from functools import cache

from tests.samples import docx_files, pdf_files, xlsx_files
from tests.samples.plans import REGION, TITLE, as_tabbed

_ENTITIES = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">{}]>'.format(
    "".join(f'<!ENTITY {chr(98 + step)} "{f"&{chr(97 + step)};" * 10}">' for step in range(9))
)
_OUTWARD = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
_FETCHED = '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">'
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


@cache
def files() -> dict[str, tuple[str, bytes]]:
    """(the name it is sent under, its bytes) by what it tries."""
    word = docx_files.plan(REGION)
    return {
        "empty": ("план.docx", b""),
        "zeros": ("план.docx", b"\0" * 5_000),
        "blank": ("план.txt", b" \r\n\t\n" * 100),
        "renamed program": ("план.docx", b"MZ\x90\0" + b"\0" * 500 + b"This program"),
        "renamed picture": ("план.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 300),
        "drawing": ("план.html", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
        "script": ("план.txt", b"#!/bin/sh\nrm -rf /\n"),
        "noise": ("план.txt", bytes(range(256)) * 20),
        "zero in text": ("план.txt", as_tabbed(REGION).encode() + b"\0tail"),
        "archive": ("план.docx", docx_files.archive({"план.docx": word})),
        "empty archive": ("план.docx", docx_files.archive({})),
        "old word": ("план.docx", _OLE + "WordDocument".encode("utf-16-le")),
        "old excel": ("план.xlsx", _OLE + "Workbook".encode("utf-16-le")),
        "encrypted office": ("план.docx", _OLE + "EncryptedPackage".encode("utf-16-le")),
        "rich text": ("план.doc", b"{\\rtf1\\ansi plan}"),
        "cut package": ("план.docx", word[: len(word) // 2]),
        "package of nothing": ("план.docx", docx_files.document("")),
        **_word_files(word),
        **_archives(word),
        **_excel_files(),
        **_pdf_files(),
        **_texts(),
    }


def _word_files(word: bytes) -> dict[str, tuple[str, bytes]]:
    macros = "application/vnd.ms-word.document.macroEnabled.main+xml"
    deep = 3_000
    return {
        "macros": ("план.docx", docx_files.document("", main_type=macros)),
        "hidden macros": (
            "план.docx",
            docx_files.document("", parts={"word/vbaProject.bin": b"\xd0\xcf"}),
        ),
        "billion laughs": (
            "план.docx",
            docx_files.document(
                docx_files.paragraph(raw="<w:r><w:t>&j;</w:t></w:r>"), head=_ENTITIES
            ),
        ),
        "external entity": (
            "план.docx",
            docx_files.document(
                docx_files.paragraph(raw="<w:r><w:t>&x;</w:t></w:r>"), head=_OUTWARD
            ),
        ),
        "external dtd": ("план.docx", docx_files.document("", head=_FETCHED)),
        "deep xml": ("план.docx", docx_files.document("<w:sdt>" * deep + "</w:sdt>" * deep)),
        "deep tables": (
            "план.docx",
            docx_files.document(
                "<w:tbl><w:tr><w:tc>" * deep + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * deep
            ),
        ),
        "broken xml": (
            "план.docx",
            docx_files.document("", parts={"word/document.xml": b"<w:document><w:body>"}),
        ),
        "no main part": (
            "план.docx",
            docx_files.document("", parts={"_rels/.rels": b"<Relationships/>"}).replace(
                b"word/document.xml", b"word/documenX.xml"
            ),
        ),
        "too many cells": (
            "план.docx",
            docx_files.document(
                docx_files.table(
                    *[docx_files.row(*[docx_files.cell(docx_files.paragraph("я"))] * 60)] * 2_000
                )
            ),
        ),
    }


def _archives(word: bytes) -> dict[str, tuple[str, bytes]]:
    return {
        "bomb": ("план.docx", bomb()),
        "bomb of one part": (
            "план.docx",
            docx_files.document("", parts={"word/media/x.bin": b"\0" * 50_000_000}),
        ),
        "lying bomb": ("план.docx", lying_bomb()),
        "many parts": (
            "план.docx",
            docx_files.document("", parts={f"x/{number}": b"" for number in range(2_100)}),
        ),
        "outward name": ("план.docx", docx_files.document("", parts={"../../x": b"x"})),
        "absolute name": ("план.docx", docx_files.document("", parts={"/etc/x": b"x"})),
        "windows name": ("план.docx", docx_files.document("", parts={"..\\x": b"x"})),
        "repeated name": (
            "план.docx",
            docx_files.document("", parts={"WORD/document.xml": b"<x/>"}),
        ),
        "archive inside": ("план.docx", docx_files.document("", parts={"a.bin": word})),
        "locked part": ("план.docx", locked(word)),
        "odd packing": (
            "план.docx",
            docx_files.archive({"[Content_Types].xml": b"x" * 900}, zipfile.ZIP_LZMA),
        ),
        "wrong sum": ("план.docx", wrong_sum(word)),
        "endless directory": ("план.docx", long_directory(word)),
    }


def _excel_files() -> dict[str, tuple[str, bytes]]:
    cell = '<sheetData><row r="{0}"><c r="{1}{0}" t="inlineStr"><is><t>я</t></is></c></row>'
    cell += "</sheetData>"
    merges = "".join(f'<mergeCell ref="A{row}:XFD{row + 1_000_000}"/>' for row in range(1, 30_000))
    return {
        "huge row": ("план.xlsx", xlsx_files.with_sheet(cell.format(1_048_576, "A"))),
        "many merges": (
            "план.xlsx",
            xlsx_files.with_sheet(f"{cell.format(1, 'A')}<mergeCells>{merges}</mergeCells>"),
        ),
        "excel laughs": (
            "план.xlsx",
            xlsx_files.with_sheet("<sheetData>&j;</sheetData>", _ENTITIES),
        ),
        "excel external entity": (
            "план.xlsx",
            xlsx_files.with_sheet("<sheetData>&x;</sheetData>", _OUTWARD),
        ),
        "formula never counted": (
            "план.xlsx",
            xlsx_files.with_sheet(
                '<sheetData><row r="1"><c r="A1"><f>1+1</f></c></row></sheetData>'
            ),
        ),
        "bad cell name": (
            "план.xlsx",
            xlsx_files.with_sheet('<sheetData><row r="1"><c r="?"><v>1</v></c></row></sheetData>'),
        ),
        "empty workbook": ("план.xlsx", xlsx_files.with_sheet("<sheetData/>")),
    }


def _pdf_files() -> dict[str, tuple[str, bytes]]:
    page = pdf_files.Page()
    page.text(50, 50, TITLE)
    whole = pdf_files.document([page])
    loop = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 9 >>",
        "<< /Type /Pages /Kids [2 0 R] /Count 9 >>",
    ]
    form = "/Fx Do"
    ring = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R "
        "/Resources << /XObject << /Fx 4 0 R >> >> >>",
        "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /Fx 4 0 R >> "
        f">> /Length {len(form)} >>\nstream\n{form}\nendstream",
    ]
    return {
        "cut pdf": ("план.pdf", whole[:200]),
        "only a mark": ("план.pdf", b"%PDF-1.7\n"),
        "pdf loop": ("план.pdf", pdf_files.assembled(loop)),
        "pdf ring of forms": ("план.pdf", pdf_files.assembled(ring)),
        "locked pdf": ("план.pdf", locked_pdf()),
        "scanned pdf": ("план.pdf", scanned_pdf()),
        "pdf without text": ("план.pdf", pdf_files.document([pdf_files.Page()])),
        "pdf bomb": ("план.pdf", pdf_bomb()),
        "too many pages": ("план.pdf", pdf_files.document([page] * 400)),
    }


def _texts() -> dict[str, tuple[str, bytes]]:
    return {
        "deep page": ("план.html", b"<html><body>" + b"<div>" * 5_000 + b"x"),
        "deep tables of a page": ("план.html", b"<html>" + b"<table><tr><td>" * 5_000 + b"x"),
        "wide cells": (
            "план.html",
            b"<html><table>" + b"<tr><td colspan=60>x</td></tr>" * 3_000 + b"</table>",
        ),
        "nothing on a page": ("план.html", b"<html><body><p> </p><script>1</script></body></html>"),
        "too many tabs": ("план.txt", ("№\t" + "\t" * 3_000 + "\n").encode() * 100),
    }


def bomb() -> bytes:
    """40 KB that unpack to 4 GB: many parts over the same packed bytes."""
    part = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = part.compress(b"\0" * 21_000_000) + part.flush()
    size, total = 21_000_000, zlib.crc32(b"\0" * 21_000_000)
    names = ["[Content_Types].xml", *(f"word/{number}.xml" for number in range(199))]
    head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, total, len(packed), size, 1, 0)
    body = head + b"a" + packed
    directory = b"".join(
        struct.pack(
            "<4s6H3L5H2L",
            *(b"PK\1\2", 20, 20, 0, 8, 0, 33, total, len(packed), size, len(name)),
            *(0, 0, 0, 0, 0, 0),
        )
        + name.encode()
        for name in names
    )
    count = len(names)
    return (
        body
        + directory
        + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    )


def lying_bomb() -> bytes:
    """A part that unpacks to 30 MB and says it is 10 bytes long."""
    made = bytearray(docx_files.document("", parts={"word/x.xml": b"\0" * 30_000_000}))
    true, lie = struct.pack("<L", 30_000_000), struct.pack("<L", 10)
    return bytes(made.replace(true, lie))


def locked(package: bytes) -> bytes:
    """Every part is marked as encrypted."""
    made = bytearray(package)
    for sign, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = made.find(sign)
        while at >= 0:
            made[at + offset] |= 1
            at = made.find(sign, at + 4)
    return bytes(made)


def wrong_sum(package: bytes) -> bytes:
    """The main part's checksum is not that of its bytes."""
    made = bytearray(package)
    at = made.rfind(b"PK\1\2", 0, made.rfind(b"word/document.xml"))
    made[at + 16] ^= 0xFF
    return bytes(made)


def long_directory(package: bytes) -> bytes:
    """The directory says it has 100 MB."""
    made = bytearray(package)
    at = made.rfind(b"PK\5\6")
    made[at + 12 : at + 16] = struct.pack("<L", 100_000_000)
    return bytes(made)


def scanned_pdf() -> bytes:
    """A page with a picture and no text."""
    drawn = "q 842 0 0 595 0 0 cm /Im0 Do Q"
    return pdf_files.assembled(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Contents 4 0 R "
            "/Resources << /XObject << /Im0 5 0 R >> >> >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
            "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 "
            "/ColorSpace /DeviceGray /Length 1 >>\nstream\nx\nendstream",
        ]
    )


def locked_pdf() -> bytes:
    """A document with a password that nobody gave."""
    page = pdf_files.Page()
    page.text(50, 50, TITLE)
    keys = f"/O <{'41' * 32}> /U <{'42' * 32}>"
    lock = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 {keys} >> /ID [<{'43' * 16}> <{'43' * 16}>]"
    )
    return pdf_files.document([page], lock)


def pdf_bomb() -> bytes:
    """A page whose content unpacks to 2 GB."""
    block = b" " * 10_000_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    total = 1
    for _ in range(200):
        total = zlib.adler32(block, total)
    whole = b"\x78\xda" + piece * 200 + b"\x03\x00" + struct.pack(">L", total)
    content = whole.decode("latin-1")
    return pdf_files.assembled(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << >> >>",
            f"<< /Filter /FlateDecode /Length {len(content)} >>\nstream\n{content}\nendstream",
        ]
    )


def with_member_of_kind(data: bytes, kind: int) -> bytes:
    """The archive with one member more, of this kind of file (`stat.S_IF…`) as Unix writes it."""
    kept = io.BytesIO(data)
    with zipfile.ZipFile(kept, "a") as archive:
        member = zipfile.ZipInfo("customXml/item9.xml")
        member.create_system, member.external_attr = 3, (kind | 0o644) << 16
        archive.writestr(member, b"../../etc/passwd")
    return kept.getvalue()
