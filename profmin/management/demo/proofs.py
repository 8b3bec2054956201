"""Small files that prove a task done: a letter, a photograph, a scan."""

import io
import struct
import zlib
from random import Random

import docx
from django.core.files.uploadedfile import SimpleUploadedFile

_LINES = 24  # of a scanned page


def proof_file(name: str, unit_name: str, item_title: str, rng: Random) -> SimpleUploadedFile:
    """A file as a school loads it; which kind is left to chance."""
    kind = rng.choice(("docx", "docx", "pdf", "png"))
    if kind == "docx":
        return SimpleUploadedFile(f"{name}.docx", _letter(name, unit_name, item_title))
    if kind == "pdf":
        return SimpleUploadedFile(f"{name} (скан).pdf", _scan(rng))
    return SimpleUploadedFile("Фото с мероприятия.png", _photograph(rng))


def _letter(name: str, unit_name: str, item_title: str) -> bytes:
    letter = docx.Document()
    letter.add_paragraph(unit_name)
    letter.add_heading(name, level=1)
    letter.add_paragraph(f"О мероприятии «{item_title}».")
    letter.add_paragraph("Мероприятие проведено, ответственные и участники названы в приложении.")
    kept = io.BytesIO()
    letter.save(kept)
    return kept.getvalue()


def _photograph(rng: Random) -> bytes:
    """A PNG, 96 × 64: sky, ground and a few people."""
    width, height = 96, 64
    sky, ground = (170, 200, 220), (120, 150, 110)
    rows = [[sky if y < 38 else ground for _ in range(width)] for y in range(height)]
    for _ in range(rng.randint(4, 9)):
        left, top, tone = rng.randint(4, 86), rng.randint(26, 44), rng.randint(60, 200)
        for y in range(top, min(top + 16, height)):
            rows[y][left : left + 5] = [(tone, 90, 200 - tone)] * len(rows[y][left : left + 5])
    raw = b"".join(b"\0" + bytes(tone for dot in row for tone in dot) for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(kind, body) for kind, body in parts)


def _part(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _scan(rng: Random) -> bytes:
    """A PDF page with grey lines where words would be, and a round stamp."""
    drawn = ["0.25 g"]
    for line in range(_LINES):
        width = rng.randint(260, 430) if line % 6 else 180
        drawn.append(f"70 {750 - line * 22} {width} 5 re f")
    drawn.append("0.2 0.3 0.6 RG 2 w 400 150 60 60 re S")
    page = "\n".join(drawn).encode()
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(page), page),
    ]
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    return made + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(made))
    )
