#!/usr/bin/env python3
"""Opens exports with the tools they are made for: DuckDB, pandas and Polars (Parquet, CSV), SQLite, PostgreSQL, lxml
(StratML), openpyxl and LibreOffice (workbook, CSV).

    python3 tests/readers.py PROGRAM [--stratml-schema FILE]

Ingests the fixtures and a document of hostile texts, exports them, and holds what the tools read against the records.
What is not installed is left out with a message; exit code 1 where something is read that the records do not hold.
PostgreSQL is a server of its own, in a temporary folder, on a socket.
"""
import argparse
import csv
import glob
import importlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent

# Names of measures that would act in a database, a spreadsheet, or a file of values.
HOSTILE = ["O'Brien'); DROP TABLE plans; --", "=cmd|' /C calc'!A0", "\\x back\\slash\\", "$$ quoted $1 %s {0}", "@SUM(1,2)", "\"quotes\", commas"]


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


def sqlite(path, names):
    database = sqlite3.connect(path)
    same("SQLite, measures", [name for (name,) in database.execute("SELECT name FROM measures ORDER BY id")], names)
    same("SQLite, integrity", database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
    same("SQLite, foreign keys", database.execute("PRAGMA foreign_key_check").fetchall(), [])
    # Three characters by the index, two by reading the table.
    for query, word in [("search WHERE text MATCH '避難所'", "避難所"), ("texts WHERE text LIKE '%防災%'", "防災")]:
        rows = database.execute(f"SELECT row_id FROM {query} AND kind = 'measure' ORDER BY row_id").fetchall()
        found = [names[row_id - 1] for (row_id,) in rows]
        same(f"SQLite, search for {word}", found, [name for name in names if word in name])


def postgresql(script, names):
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb")) or [shutil.which("initdb")]
    if not found[-1] or not shutil.which("psql"):
        print("left out: PostgreSQL is not installed (Debian: apt-get install postgresql)")
        return
    programs = pathlib.Path(found[-1]).parent
    # The server refuses to run as root.
    user = {"user": "postgres"} if os.name == "posix" and os.getuid() == 0 else {}
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o777)
        copy = pathlib.Path(folder) / "plans.sql"
        shutil.copy(script, copy)

        def run(*command):
            ran = subprocess.run(command, capture_output=True, text=True, cwd=folder, **user)
            if ran.returncode != 0:
                sys.exit(f"{command}: {ran.stdout}{ran.stderr}")
            return ran.stdout

        run(programs / "initdb", "-D", f"{folder}/data", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust")
        run(programs / "pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", f"-c listen_addresses='' -k {folder}", "start")
        try:
            psql = ["psql", "-h", folder, "-d", "postgres", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
            run(*psql, "-f", copy)
            read = run(*psql, "-c", "SELECT json_agg(name ORDER BY id) FROM keikaku.measures")
            same("PostgreSQL, measures", json.loads(read), names)
            run(*psql, "-c", "SELECT * FROM keikaku.targets_by_year; SELECT * FROM keikaku.measures_by_department")
            again = subprocess.run([*psql, "-f", copy], capture_output=True, text=True, cwd=folder, **user)
            same("PostgreSQL, the second load stops", again.returncode != 0 and "already exists" in again.stderr, True)
            same("PostgreSQL, and leaves the first", int(run(*psql, "-c", "SELECT count(*) FROM keikaku.measures")), len(names))
        finally:
            run(programs / "pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")


def libreoffice(folder, names):
    """A spreadsheet program opens workbook and CSV: every text is a text, nothing is a formula."""
    if not shutil.which("soffice"):
        print("left out: LibreOffice is not installed (Debian: apt-get install libreoffice-calc)")
        return
    shutil.copy(folder / "xlsx", folder / "plans.xlsx")
    shutil.copy(folder / "csv" / "measures.csv", folder / "measures.csv")
    # Fields parted by commas, UTF-8; formulas are not protected: the sheet shows what they give.
    for name, options in [("plans.xlsx", "44,34,76,1,,0,false,true,false,false,false,2"), ("measures.csv", "44,34,76")]:
        command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", f"csv:Text - txt - csv (StarCalc):{options}"]
        command += ["--infilter=CSV:44,34,76,1"] if name.endswith(".csv") else []
        subprocess.run([*command, "--outdir", folder / "office", folder / name], check=True, capture_output=True)
    for name, column, guard in [("plans-施策.csv", 3, ""), ("measures.csv", 5, "'")]:
        with open(folder / "office" / name, encoding="utf-8-sig", newline="") as file:
            found = [row[column] for row in csv.reader(file)][1:]
        # A guard that the CSV has before a text stands there still.
        found = [text[1:] if guard and text.startswith(guard) else text for text in found]
        same(f"LibreOffice, {name}", found, names)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--stratml-schema", default=str(PROJECT / "schemas" / "stratml-part2.xsd"), help="another than the restated one")
    options = parser.parse_args()
    program = pathlib.Path(options.program).resolve()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        output = folder / "out"
        with open(folder / "hostile.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["番号", "事業名", "担当課", "R6"], *([i, name, "総務課", f"{i}件"] for i, name in enumerate(HOSTILE, 1))])
        # Two fixtures are broken on purpose: exit code 1.
        subprocess.run([program, "ingest", PROJECT / "fixtures", folder / "hostile.csv", "-o", output, "--quiet"], stderr=subprocess.DEVNULL)
        for kind in ["parquet", "csv", "stratml", "kausal", "xlsx", "sqlite", "sql"]:
            subprocess.run([program, "export", output, "--to", kind, "-o", folder / kind, "--quiet"], check=True)
        all_records = records(output)
        measures = [measure for record in all_records for measure in record["measures"]]
        names = [measure["name"] for measure in measures]
        for name in HOSTILE:
            same(f"a hostile name, {name}", name in names, True)
        figures = [target for record in all_records for target in targets(record)]
        numbers = [target["value"]["number"] for target in figures if "number" in target["value"]]

        sqlite(folder / "sqlite", names)
        postgresql(folder / "sql", names)
        libreoffice(folder, names)
        targets_file = folder / "parquet" / "targets.parquet"
        if duckdb := installed("duckdb"):
            query = f"SELECT count(*), count(value_number), sum(value_number) FROM '{targets_file}' WHERE kind = 'target'"
            [(count, with_number, total)] = duckdb.sql(query).fetchall()
            same("DuckDB, targets", (count, with_number), (len(figures), len(numbers)))
            same("DuckDB, their sum", round(total, 6), round(float(sum(numbers)), 6))
            read = duckdb.sql(f"SELECT name FROM '{folder / 'parquet' / 'measures.parquet'}' ORDER BY id").fetchall()
            same("DuckDB, measures", [name for (name,) in read], names)
        years = [target["fiscal_year"] for target in figures]
        if pandas := installed("pandas"):
            if installed("pyarrow"):
                frame = pandas.read_parquet(targets_file)
                found = frame[frame.kind == "target"].fiscal_year
                same("pandas, years", [None if year != year else int(year) for year in found], years)
            frame = pandas.read_csv(folder / "csv" / "measures.csv", encoding="utf-8-sig", keep_default_na=False)
            same("pandas, CSV", [name.removeprefix("'") for name in frame.name], names)
        if polars := installed("polars"):
            frame = polars.read_parquet(targets_file).filter(polars.col("kind") == "target")
            same("Polars, years", frame["fiscal_year"].to_list(), years)
            same("Polars, types", frame.schema["value_number"], polars.Float64)
            same("Polars, measures", polars.read_parquet(folder / "parquet" / "measures.parquet")["name"].to_list(), names)
        if lxml := installed("lxml.etree"):
            schema = lxml.XMLSchema(lxml.parse(options.stratml_schema))
            documents = sorted((folder / "stratml").rglob("*.xml"))
            for document in documents:
                schema.assertValid(lxml.parse(str(document)))
            print(f"ok: {len(documents)} StratML documents are valid")
        if openpyxl := installed("openpyxl"):
            book = openpyxl.load_workbook((folder / "xlsx").open("rb"), read_only=True)
            rows = list(book["施策"].iter_rows(values_only=True))[1:]
            same("openpyxl, measures", [row[3] for row in rows], names)


if __name__ == "__main__":
    main()
