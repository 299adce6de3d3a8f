#!/usr/bin/env python3
"""Whether the records of workbooks say what a person sees in them.

    python3 tests/shown.py RECORDS SOURCES [--misses] [--min F]

`shared/contract/ground.py` reads .xlsx files with openpyxl, which knows neither what a number format shows (0.8 as 80%)
nor the texts of drawn shapes. This is the same check with LibreOffice as the independent reader: the text of every cell as
it shows it, and of the shapes on the cell's sheet. Needs LibreOffice (`soffice`), openpyxl and the contract's scripts in
`../shared/contract`.
"""
import functools
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile

CONTRACT = pathlib.Path(__file__).resolve().parents[2] / "shared/contract"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
REPEATED = 200  # cells that go on further are blank


@functools.lru_cache(maxsize=64)
def sheets(path):
    """Each sheet's texts by row and column, from 1, and the texts of its shapes."""
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        convert = ["soffice", profile, "--headless", "--convert-to", "ods", "--outdir", folder, path]
        subprocess.run(convert, check=True, capture_output=True, timeout=180)
        with zipfile.ZipFile(next(pathlib.Path(folder).glob("*.ods"))) as archive:
            content = ElementTree.fromstring(archive.read("content.xml"))
    return {table.get(f"{TABLE}name"): (cells(table), shapes(table)) for table in content.iter(f"{TABLE}table")}


def cells(table):
    found, row = {}, 1
    for line in table.iter(f"{TABLE}table-row"):
        rows, column = int(line.get(f"{TABLE}number-rows-repeated", 1)), 1
        for cell in line:
            columns = int(cell.get(f"{TABLE}number-columns-repeated", 1))
            text = "\n".join("".join(part.itertext()) for part in cell.findall(f"{TEXT}p"))
            if text and max(rows, columns) <= REPEATED:
                found.update({(row + i, column + j): text for i in range(rows) for j in range(columns)})
            column += columns
        row += rows
    return found


def shapes(table):
    return ["".join(shape.itertext()) for shape in table.iter() if shape.tag.startswith(DRAW)]


def standing(source, form, at):
    """What ground.py asks for: the source's text at a place."""
    from openpyxl.utils import range_boundaries

    first, top, last, bottom = range_boundaries(at["range"])
    texts, drawn = sheets(str(source))[at["sheet"]]
    area = [texts.get((row, column), "") for row in range(top, bottom + 1) for column in range(first, last + 1)]
    return "\n".join(area + drawn)


def main():
    if not shutil.which("soffice"):
        sys.exit("LibreOffice (soffice) is not installed")
    sys.path.insert(0, str(CONTRACT))
    import ground

    ground.standing = standing
    ground.main()


main()
