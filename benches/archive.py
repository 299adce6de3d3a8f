#!/usr/bin/env python3
"""An archive of documents, ingested as a nightly job would.

    cargo build --release && python3 benches/archive.py [--documents N] [--jobs N] [--program FILE]

Makes N varied documents from the fixtures (text dumps with other names, years and figures, workbooks and PDFs with
other metadata, so that no two have the same bytes) in folders of 500, and runs ingest over them: first with nothing
known, then with nothing changed, then with one document in a hundred changed. Prints for each the documents a second,
the processor time of the program and its workers, and the largest resident memory of the program itself and of any
process of the run. Needs Python 3.9 or later, on Linux.
"""
import argparse
import os
import pathlib
import re
import sys
import tempfile
import zipfile

from measure import Run

PROJECT = pathlib.Path(__file__).resolve().parent.parent
NAMES = "汐見 潮来野 港北 山里 川辺 森下 原町 浜風 霧島台 月見野".split()


def seeds():
    """The fixtures that hold something to read, by suffix."""
    kept = {".txt", ".md", ".csv", ".html", ".xlsx", ".ods", ".xls", ".pdf"}
    files = sorted(path for path in (PROJECT / "fixtures").rglob("*") if path.suffix in kept)
    texts = [path for path in files if path.suffix in {".txt", ".md", ".csv", ".html"} and is_utf8(path.read_bytes())]
    books = [path for path in files if path.suffix in {".xlsx", ".ods", ".xls"}]
    pages = [path for path in files if path.suffix == ".pdf"]
    return texts, books, pages


def is_utf8(content):
    try:
        return bool(content.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def varied(path, i, edition):
    """The bytes of a fixture as document number i in an edition."""
    content = path.read_bytes()
    if path.suffix in {".txt", ".md", ".csv", ".html"}:
        text = content.decode("utf-8")
        figure = re.compile(r"\d+(?=(件|人|回|%|％|か所|団体))")
        text = figure.sub(lambda found: str(int(found.group()) + (i * 7 + edition * 3) % 50), text)
        town = f"{NAMES[i % len(NAMES)]}{i}"
        text = re.sub(r"[^\W\d_]{2,4}(?=[市町村](?!長))", town, text, count=3)
        return (text + f"\n資料番号 {i}-{edition}\n").encode()
    if path.suffix == ".pdf":
        return content + f"\n% {i}-{edition}\n".encode()
    if zipfile.is_zipfile(path):
        # A comment at the archive's end: another file with the same content.
        comment = f"{i}-{edition}".encode()
        return content[:-2] + len(comment).to_bytes(2, "little") + comment
    return content + f"{i}-{edition}".encode().ljust(512, b"\0")


def make(folder, count):
    texts, books, pages = seeds()
    for i in range(count):
        # Seven dumps, two workbooks and a PDF in ten.
        kind = texts if i % 10 < 7 else books if i % 10 < 9 else pages
        path = kind[(i // 10 * 7 + i % 10) % len(kind)]
        below = pathlib.Path(folder) / f"{i // 500:03}"
        below.mkdir(exist_ok=True)
        (below / f"{i:05}{path.suffix}").write_bytes(varied(path, i, 0))
        yield path, below / f"{i:05}{path.suffix}", i


def ingest(what, program, folder, out, jobs, count):
    run = Run([program, "ingest", folder, "-o", out, "--jobs", jobs, "--quiet"])
    print(f"{what}: {count / run.seconds:.0f} documents/s, {run}", flush=True)
    return run.cpu


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--program", default=str(PROJECT / "target/release/keikaku"))
    options = parser.parse_args()
    count = options.documents
    with tempfile.TemporaryDirectory() as root:
        folder = os.path.join(root, "in")
        os.mkdir(folder)
        made = list(make(folder, count))
        size = sum(path.stat().st_size for _, path, _ in made)
        print(f"{count} documents, {size / 1e6:.0f} MB")
        for jobs in options.jobs:
            out = os.path.join(root, f"out-{jobs}")
            first = ingest(f"{jobs} jobs, all new", options.program, folder, out, jobs, count)
        again = ingest("nothing changed", options.program, folder, out, jobs, count)
        print(f"  {again / first:.2%} of the first run's CPU")
        for fixture, path, i in made[::100]:
            path.write_bytes(varied(fixture, i, 1))
        changed = ingest("1 % changed", options.program, folder, out, jobs, count)
        print(f"  {changed / first:.2%} of the first run's CPU")


if __name__ == "__main__":
    sys.exit(main())
