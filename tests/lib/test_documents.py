"""Kinds of files by content, and the limits of what is opened."""

import io
import zipfile

import pytest

from profmin.lib.documents import (
    FILE_BYTES,
    FileType,
    check_container,
    decode,
    read_file,
    sniff,
)
from profmin.lib.errors import RuleBroken
from profmin.lib.sandbox import run_limited
from tests.samples import docx_files, hostile, pdf_files, plans, xlsx_files

TEXT = plans.as_tabbed(plans.REGION)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def archive(*names: str, mimetype: bytes = b"") -> bytes:
    parts = {"mimetype": mimetype} if mimetype else {}
    return docx_files.archive(parts | dict.fromkeys(names, b"x"))


def package(content_type: str) -> bytes:
    return docx_files.document("", main_type=content_type)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        pytest.param(docx_files.plan(plans.REGION), FileType.DOCX, id="docx"),
        pytest.param(package("application/vnd.ms-word.template.macroEnabledTemplate.main+xml"),
                     FileType.DOCM, id="template with macros"),
        pytest.param(xlsx_files.plan(plans.REGION), FileType.XLSX, id="xlsx"),
        pytest.param(package("application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
                     FileType.XLSM, id="xlsm"),
        pytest.param(package("application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
                     FileType.XLSB, id="xlsb"),
        pytest.param(package("application/vnd.openxmlformats-officedocument.presentationml.x"),
                     FileType.PPTX, id="pptx"),
        pytest.param(archive("a.txt"), FileType.ZIP, id="zip"),
        pytest.param(archive(mimetype=b"application/vnd.oasis.opendocument.text"),
                     FileType.ODT, id="odt"),
        pytest.param(archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
                     FileType.ODS, id="ods"),
        pytest.param(b"PK\x03\x04 and nothing more", FileType.ZIP, id="broken zip"),
        pytest.param(OLE + "WordDocument".encode("utf-16-le"), FileType.DOC, id="doc"),
        pytest.param(OLE + "Workbook".encode("utf-16-le"), FileType.XLS, id="xls"),
        pytest.param(OLE + "EncryptedPackage".encode("utf-16-le"), FileType.ENCRYPTED,
                     id="encrypted"),
        pytest.param(OLE, FileType.OLE, id="another ole"),
        pytest.param(pdf_files.document([pdf_files.Page()]), FileType.PDF, id="pdf"),
        pytest.param(b"\n\n%PDF-1.4\n", FileType.PDF, id="pdf after blank lines"),
        pytest.param(b"\x89PNG\r\n\x1a\n0000", FileType.PNG, id="png"),
        pytest.param(b"\xff\xd8\xff\xe0 JFIF", FileType.JPEG, id="jpeg"),
        pytest.param(b"GIF89a0000", FileType.GIF, id="gif"),
        pytest.param(b"RIFF0000WEBPVP8 ", FileType.WEBP, id="webp"),
        pytest.param(b"{\\rtf1 x}", FileType.RTF, id="rtf"),
        pytest.param(b"MZ\x90\0\3", FileType.EXE, id="program"),
        pytest.param(b"\x7fELF\2\1", FileType.EXE, id="linux program"),
        pytest.param(b"Rar!\x1a\x07\x01", FileType.RAR, id="rar"),
        pytest.param(b"7z\xbc\xaf\x27\x1c0", FileType.SEVEN_ZIP, id="7z"),
        pytest.param(b"\x1f\x8b\x08\0", FileType.GZIP, id="gzip"),
        pytest.param(b"<!DOCTYPE html><p>x", FileType.HTML, id="html"),
        pytest.param("\ufeff <TABLE><tr>".encode(), FileType.HTML, id="bare table"),
        pytest.param(b'<?xml version="1.0"?><html xmlns="x">', FileType.HTML, id="xhtml"),
        pytest.param(b'<?xml version="1.0"?><svg xmlns="x"/>', FileType.SVG, id="svg"),
        pytest.param(b'<?xml version="1.0"?><plan/>', FileType.XML, id="xml"),
        pytest.param(b"MIME-Version: 1.0\nContent-Type: x", FileType.MHT, id="mht"),
        pytest.param(TEXT.encode(), FileType.TEXT, id="text"),
        pytest.param(b"<b>3. Heading</b>\t\t\n", FileType.TEXT, id="text with tags"),
        pytest.param(TEXT.encode("cp1251"), FileType.TEXT, id="text of windows"),
        pytest.param(b"", FileType.EMPTY, id="empty"),
        pytest.param(b"\0\0\0", FileType.EMPTY, id="zeros"),
        pytest.param(bytes(range(256)), FileType.UNKNOWN, id="noise"),
    ],
)  # fmt: skip
def test_sniff_tells_a_file_by_its_content(data, kind):
    assert sniff(data) is kind


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le", "utf-16-be", "cp866", "koi8-r"],
)
def test_decode_reads_russian_text(encoding):
    text = TEXT.replace("№", "N")
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le", "utf-16-be", "koi8-r"]
)
def test_decode_joins_the_pieces_of_a_long_text(encoding):
    text = TEXT.replace("№", "N") * (200_000 // len(TEXT))
    assert decode(text.encode(encoding)) == text
    assert decode(b"1" + text.encode("utf-8")) == f"1{text}"  # signs cut between two pieces


def test_decode_finds_letters_far_behind_a_latin_beginning():
    text = "a;b;c\n" * 30_000 + "Школа в селе Ольховка"
    assert decode(text.encode("cp1251")) == text


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param(b"\x98" * 20_000, id="no letters of cp1251"),
        pytest.param(b"\x01" * 20_000, id="control signs"),
        pytest.param(b"\0", id="zero"),
    ],
)
def test_decode_takes_no_long_text_with_a_binary_tail(tail):
    assert decode("о ту ".encode("cp1251") * 100_000 + tail) is None


def test_decode_forgives_one_broken_sign():
    assert decode(TEXT.encode() + b"\xd0") == f"{TEXT}\ufffd"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode() + b"\0", id="zero in utf-8"),
        pytest.param(b"\x01\x02\x03\x04 text", id="control signs"),
        pytest.param(b"\0\1\0\2" * 50, id="binary"),
    ],
)
def test_decode_takes_no_binary_for_text(data):
    assert decode(data) is None


def written(tmp_path, data: bytes):
    path = tmp_path / "file"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        pytest.param(docx_files.plan(plans.REGION), FileType.DOCX, id="docx"),
        pytest.param(xlsx_files.plan(plans.many(500)), FileType.XLSX, id="long xlsx"),
        pytest.param(
            docx_files.document(
                "", parts={"word/embeddings/x.xlsx": xlsx_files.plan(plans.REGION)}
            ),
            FileType.DOCX,
            id="workbook of a chart inside",
        ),
        pytest.param(TEXT.encode(), FileType.TEXT, id="text"),
        pytest.param(archive("a.txt", "b/c.txt"), FileType.ZIP, id="zip"),
    ],
)
def test_check_container_lets_pass_what_is_sound(tmp_path, data, kind):
    assert check_container(written(tmp_path, data)) is kind


def test_check_container_lets_pass_a_directory_of_64_bits(tmp_path):
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w") as package,
        package.open("a.txt", "w", force_zip64=True) as part,
    ):
        part.write(b"x" * 10)
    assert check_container(written(tmp_path, made.getvalue())) is FileType.ZIP


SENTENCES = {
    "empty": "Файл пуст.",
    "encrypted office": "Файл защищён паролем: снимите защиту и загрузите снова.",
    "locked part": "Файл защищён паролем: снимите защиту и загрузите снова.",
    "macros": "В файле есть макросы: сохраните его без них (DOCX, XLSX) и загрузите снова.",
    "hidden macros": "В файле есть макросы: сохраните его без них (DOCX, XLSX) и загрузите снова.",
    "bomb": "В распакованном виде файл слишком велик: такой файл не принимается.",
    "bomb of one part": "В распакованном виде файл слишком велик: такой файл не принимается.",
    "lying bomb": "В распакованном виде файл слишком велик: такой файл не принимается.",
    "many parts": "В файле слишком много частей: такой файл не принимается.",
    "endless directory": "В файле слишком много частей: такой файл не принимается.",
    "outward name": "Файл устроен подозрительно (повторные или недопустимые имена частей) "
    "и не принимается.",
    "absolute name": "Файл устроен подозрительно (повторные или недопустимые имена частей) "
    "и не принимается.",
    "windows name": "Файл устроен подозрительно (повторные или недопустимые имена частей) "
    "и не принимается.",
    "repeated name": "Файл устроен подозрительно (повторные или недопустимые имена частей) "
    "и не принимается.",
    "archive inside": "Внутри файла есть другой архив: такой файл не принимается.",
    "archive": "Внутри файла есть другой архив: такой файл не принимается.",
    "cut package": "Файл повреждён: откройте его, сохраните заново и загрузите снова.",
    "odd packing": "Файл повреждён: откройте его, сохраните заново и загрузите снова.",
}


@pytest.mark.parametrize("attempt", SENTENCES)
def test_check_container_refuses_in_one_sentence(tmp_path, attempt):
    _, data = hostile.files()[attempt]
    with pytest.raises(RuleBroken) as caught:
        check_container(written(tmp_path, data))
    assert caught.value.message == SENTENCES[attempt]


def test_check_container_refuses_a_part_shorter_than_declared(tmp_path):
    data = bytearray(docx_files.archive({"a.txt": b"x" * 1_000}))
    at = data.rfind(b"PK\1\2")
    data[at + 24 : at + 28] = (2_000).to_bytes(4, "little")
    with pytest.raises(RuleBroken, match=r"Файл повреждён"):
        check_container(written(tmp_path, bytes(data)))


def test_check_container_refuses_parts_that_share_their_bytes(tmp_path):
    """Two entries of the directory, each honest about its size, over one part."""
    data = docx_files.archive({"a.txt": b"x" * 1_000, "b.txt": b"x" * 1_000})
    at, end = data.rfind(b"PK\1\2"), data.rfind(b"PK\5\6")
    shared = data[: at + 42] + (0).to_bytes(4, "little") + data[at + 46 : end] + data[end:]
    with pytest.raises(RuleBroken, match="слишком велик"):
        check_container(written(tmp_path, shared))


def test_check_container_refuses_a_part_longer_than_the_file(tmp_path):
    data = bytearray(docx_files.archive({"a.txt": b"x" * 1_000}))
    at = data.rfind(b"PK\1\2")
    data[at + 20 : at + 24] = (1 << 20).to_bytes(4, "little")
    with pytest.raises(RuleBroken, match="Файл повреждён"):
        check_container(written(tmp_path, bytes(data)))


HEAVY = FILE_BYTES - 64


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        pytest.param("о ту ".encode("cp1251") * (HEAVY // 5), FileType.TEXT, id="cp1251"),
        pytest.param("о ту ".encode("utf-16-le") * (HEAVY // 10), FileType.TEXT, id="utf-16"),
        pytest.param("о ту ".encode() * (HEAVY // 8), FileType.TEXT, id="utf-8"),
        pytest.param(b"\x01" * HEAVY, FileType.UNKNOWN, id="control signs"),
        pytest.param(b"\xff\xfe" + b"\x00\xd8" * (HEAVY // 2), FileType.UNKNOWN, id="half pairs"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\1" * HEAVY, FileType.PNG, id="png"),
        pytest.param(b"\xff\xd8\xff\xe0" + b"\1" * HEAVY, FileType.JPEG, id="jpeg"),
        pytest.param(b"%PDF-1.4\n" + b"/Encrypt 1 1 " * (HEAVY // 14), FileType.PDF, id="pdf"),
    ],
)
def test_largest_files_are_checked_in_little_memory(tmp_path, data, kind):
    """Seven times the file at most: no list of its signs, no second decoding."""
    path = written(tmp_path, data[:FILE_BYTES])
    found = run_limited("profmin.lib.documents:check_upload", str(path), memory=240 * 1024**2)
    assert found == [kind.value, False]


def test_check_container_refuses_before_reading_what_is_too_long(tmp_path):
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(FILE_BYTES + 1)
    with pytest.raises(RuleBroken, match="больше 20 МБ"):
        check_container(path)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        pytest.param("нет.csv", "Файл не найден: ", id="missing"),
        pytest.param("", "Файл не открывается: ", id="folder"),
        pytest.param("я" * 300, "Файл не открывается: ", id="name too long"),
        pytest.param("/proc/self/mem", "Файл не открывается: /proc/self/mem.", id="unreadable"),
        pytest.param("large", "Файл больше 20 МБ", id="large"),
    ],
)
def test_read_file_says_in_one_sentence_why_it_cannot(tmp_path, place, words):
    with (tmp_path / "large").open("wb") as file:
        file.truncate(FILE_BYTES + 1)
    with pytest.raises(RuleBroken) as refused:
        read_file(tmp_path / place)
    assert refused.value.message.startswith(words)


def test_read_file_answers_the_bytes(tmp_path):
    assert read_file(written(tmp_path, b"x")) == b"x"
