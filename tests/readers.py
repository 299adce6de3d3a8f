#!/usr/bin/env python3
"""Opens exports with the tools they are made for: DuckDB and pandas (Parquet, CSV), lxml (StratML), openpyxl (workbook).

    python3 tests/readers.py PROGRAM

Ingests the fixtures, exports them, and holds what the tools read against the records. What is not installed is left out
with a message; exit code 1 where something is read that the records do not hold.
"""
import importlib
import json
import pathlib
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent


def installed(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"left out: {name} is not installed (pip install {name})")
        return None


def records(output):
    paths = sorted(entry["path"] for entry in json.loads((output / "run.json").read_text())["documents"])
    return [json.loads((output / "records" / f"{path}.json").read_text()) for path in paths]


def targets(record):
    kpis = [kpi for part in record["policies"] + record["measures"] for kpi in part["kpis"]]
    return [target for kpi in kpis for target in kpi["targets"]]


def same(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found!r} was read, {expected!r} is in the records")
    print(f"ok: {what}")


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        output = folder / "out"
        # Two fixtures are broken on purpose: exit code 1.
        subprocess.run([program, "ingest", PROJECT / "fixtures", "-o", output, "--quiet"], stderr=subprocess.DEVNULL)
        for kind in ["parquet", "csv", "stratml", "kausal", "xlsx"]:
            subprocess.run([program, "export", output, "--to", kind, "-o", folder / kind, "--quiet"], check=True)
        all_records = records(output)
        measures = [measure for record in all_records for measure in record["measures"]]
        figures = [target for record in all_records for target in targets(record)]
        numbers = [target["value"]["number"] for target in figures if "number" in target["value"]]

        if duckdb := installed("duckdb"):
            targets_file = folder / "parquet" / "targets.parquet"
            query = f"SELECT count(*), count(value_number), sum(value_number) FROM '{targets_file}' WHERE kind = 'target'"
            [(count, with_number, total)] = duckdb.sql(query).fetchall()
            same("DuckDB, targets", (count, with_number), (len(figures), len(numbers)))
            same("DuckDB, their sum", round(total, 6), round(float(sum(numbers)), 6))
            names = duckdb.sql(f"SELECT name FROM '{folder / 'parquet' / 'measures.parquet'}' ORDER BY id").fetchall()
            same("DuckDB, measures", [name for (name,) in names], [measure["name"] for measure in measures])
        if pandas := installed("pandas"):
            if installed("pyarrow"):
                frame = pandas.read_parquet(folder / "parquet" / "targets.parquet")
                years = frame[frame.kind == "target"].fiscal_year
                expected = [target["fiscal_year"] for target in figures]
                same("pandas, years", [None if year != year else int(year) for year in years], expected)
            frame = pandas.read_csv(folder / "csv" / "measures.csv", encoding="utf-8-sig", keep_default_na=False)
            same("pandas, CSV", list(frame.name), [measure["name"] for measure in measures])
        if lxml := installed("lxml.etree"):
            schema = lxml.XMLSchema(lxml.parse(str(PROJECT / "schemas" / "stratml-part2.xsd")))
            documents = sorted((folder / "stratml").rglob("*.xml"))
            for document in documents:
                schema.assertValid(lxml.parse(str(document)))
            print(f"ok: {len(documents)} StratML documents are valid")
        if openpyxl := installed("openpyxl"):
            book = openpyxl.load_workbook((folder / "xlsx").open("rb"), read_only=True)
            rows = list(book["施策"].iter_rows(values_only=True))[1:]
            same("openpyxl, measures", [row[3] for row in rows], [measure["name"] for measure in measures])


if __name__ == "__main__":
    main()
