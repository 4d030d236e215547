"""Files from outside that are hostile, broken or of another kind get one clear message, soon."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budget.faults import FaultyInput
from budget.workbook.reading import read_inputs
from budget.workbook.template import write_input_workbook
from budget.workbook.untrusted import column_letters, column_number, examine_workbook
from tests.budget.input_rows import proefstad

SHEET = "xl/worksheets/sheet3.xml"
"""Wijken in a workbook of the template."""


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("untrusted") / "proefstad.xlsx"
    write_input_workbook(path, proefstad())
    return path.read_bytes()


def with_parts(content: bytes, changed: Mapping[str, Callable[[bytes], bytes]], **added: bytes) -> bytes:
    """The workbook with some parts rewritten and some added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, changed.get(part, bytes)(old.read(part)))
        for name, data in added.items():
            new.writestr(name, data)
    return out.getvalue()


def in_sheet(old: bytes, new: bytes) -> Mapping[str, Callable[[bytes], bytes]]:
    def change(xml: bytes) -> bytes:
        assert old in xml
        return xml.replace(old, new, 1)

    return {SHEET: change}


def refusal(path: Path) -> str:
    """What is said about the file: one fault, no more."""
    with pytest.raises(FaultyInput) as refused:
        read_inputs(path)
    assert len(refused.value.faults) == 1
    return str(refused.value)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
END = b"</sheetData>"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "een leeg bestand"),
        (b"Wijkcode;Wijknaam\n", "een tekstbestand (csv)"),
        (b"\xef\xbb\xbf<!DOCTYPE html><table>", "een webpagina"),
        (b"%PDF-1.7\n\xe2\xe3" + bytes(9), "een ander soort bestand"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "een ander soort bestand"),
        (OLE, "een oud Excel-bestand (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "een werkmap met een wachtwoord"),
        (b"PK\x03\x04" + bytes(100), "niet te lezen"),
    ],
)
def test_a_file_of_another_kind_is_named_for_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "invoer.xlsx"
    path.write_bytes(content)
    assert said in refusal(path)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, "LibreOffice-bestand (.ods)"),
        ({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b""}, "een binaire werkmap (.xlsb)"),
        ({"word/document.xml": b"<document/>"}, "een ander soort bestand"),
        ({"[Content_Types].xml": b"<Types/>"}, "niet te lezen"),
        ({"[Content_Types].xml": b"<Types>"}, "niet te lezen"),
        ({f"{number}.txt": b"" for number in range(3_000)}, "niet te lezen"),
        ({"Een": b"", "EEN": b""}, "niet te lezen"),
    ],
)
def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path, parts: dict[str, bytes], said: str) -> None:
    path = tmp_path / "invoer.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert said in refusal(path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("xl/vbaProject.bin", "een werkmap met macro's"),
        ("xl/externalLinks/externalLink1.xml", "koppelingen naar andere bestanden"),
    ],
)
def test_macros_and_links_are_refused(tmp_path: Path, workbook: bytes, name: str, said: str) -> None:
    path = tmp_path / "invoer.xlsx"
    path.write_bytes(with_parts(workbook, {}, **{name: b"<a/>"}))
    assert said in refusal(path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (END, b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + END, "inhoud tot in cel XFD1048576"),
        (END, END + b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', "een bereik A1:XFD1048576"),
        (
            END,
            END + b'<hyperlinks><hyperlink ref="A1:XFD9999" display="x"/></hyperlinks>',
            "een bereik A1:XFD9999",
        ),
        (b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "bbbb">]><worksheet', "documenttype-verklaring (DTD)"),
        (END, b"<a>" * 5_000 + b"</a>" * 5_000 + END, "veel meer inhoud"),
        (END, b'<row r="1"><c r="A1"><v>1</v></c></row>' + END, "niet te lezen"),
        (END, b'<row r="90"><c r="A91"><v>1</v></c></row>' + END, "niet te lezen"),
        (END, b'<row r="90"><c r="A90"><v>' + b"9" * 9_000 + b"</v></c></row>" + END, "niet te lezen"),
        (END, b'<row r="90"><c r="A90" t="s"><v>99999</v></c></row>' + END, "niet te lezen"),
        (END, b"</sheetdata>", "niet te lezen"),
    ],
)
def test_hostile_xml_is_refused(tmp_path: Path, workbook: bytes, old: bytes, new: bytes, said: str) -> None:
    path = tmp_path / "invoer.xlsx"
    path.write_bytes(with_parts(workbook, in_sheet(old, new)))
    assert said in refusal(path)


def test_a_document_type_hidden_in_another_encoding_is_refused(tmp_path: Path, workbook: bytes) -> None:
    def hide(xml: bytes) -> bytes:
        text = xml.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
        return text.replace("<worksheet", '<!DOCTYPE a [<!ENTITY b "b">]><worksheet', 1).encode("utf-16")

    path = tmp_path / "invoer.xlsx"
    path.write_bytes(with_parts(workbook, {SHEET: hide}))
    assert "DTD" in refusal(path)


def test_a_small_file_that_unpacks_into_a_large_one_is_refused_unopened(
    tmp_path: Path, workbook: bytes
) -> None:
    path = tmp_path / "invoer.xlsx"
    path.write_bytes(with_parts(workbook, {}, **{"xl/media/image1.png": bytes(50 * 2**20)}))
    assert path.stat().st_size < 2**20
    assert "bij het uitpakken onredelijk groot" in refusal(path)


def test_a_password_on_a_part_is_refused(tmp_path: Path, workbook: bytes) -> None:
    content = bytearray(workbook)
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "invoer.xlsx"
    path.write_bytes(bytes(content))
    assert "een werkmap met een wachtwoord" in refusal(path)


def test_formatted_but_empty_cells_at_the_far_end_do_no_harm(tmp_path: Path, workbook: bytes) -> None:
    far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    path = tmp_path / "invoer.xlsx"
    path.write_bytes(with_parts(workbook, in_sheet(END, far + END)))
    assert read_inputs(path).area_codes == ("01", "02")


def test_a_wrong_size_in_the_heading_of_a_sheet_does_no_harm(tmp_path: Path, workbook: bytes) -> None:
    path = tmp_path / "invoer.xlsx"
    path.write_bytes(
        with_parts(workbook, in_sheet(b'<dimension ref="A1:D3"/>', b'<dimension ref="A1:XFD1048576"/>'))
    )
    assert read_inputs(path).area_codes == ("01", "02")


def test_nothing_where_a_file_should_be_is_said_so(tmp_path: Path) -> None:
    assert "geen bestand met deze naam" in refusal(tmp_path / "afwezig.xlsx")
    assert "een map zonder csv-bestanden" in refusal(tmp_path)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_workbook_never_does_more_than_be_refused(
    data: st.DataObject, workbook: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    damaged = bytearray(workbook)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "invoer.xlsx"
    path.write_bytes(
        bytes(damaged[: data.draw(st.integers(1, len(damaged)))]) if data.draw(st.booleans()) else damaged
    )
    with suppress(FaultyInput):
        read_inputs(path)


def test_the_shape_of_a_sheet_tells_where_its_content_ends(tmp_path: Path, workbook: bytes) -> None:
    path = tmp_path / "invoer.xlsx"
    path.write_bytes(workbook)
    shape = examine_workbook(path)[SHEET]
    assert (shape.last_row, shape.last_column) == (1 + 2, 4)
    assert shape.merged == ()


@given(st.integers(1, 16_384))
def test_column_letters_and_numbers_are_each_others_inverse(number: int) -> None:
    assert column_number(column_letters(number)) == number
