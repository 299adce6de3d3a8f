#!/usr/bin/env python3
"""The review site of an archive, made as by hand.

    cargo build --release && python3 benches/report.py [--documents N] [--jobs N] [--program FILE]

Makes N varied documents from the fixtures as benches/archive.py does, ingests them, and makes their site, then once more
over it, when pictures are kept. Prints how long that took, the processor time, the largest resident memory of the program
itself and of any process of it, and the site's size. Needs Python 3.9 or later, on Linux.
"""
import argparse
import pathlib
import sys
import tempfile

from archive import PROJECT, make
from measure import Run, size


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--program", default=str(PROJECT / "target/release/keikaku"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        folder, out, site = (pathlib.Path(root) / name for name in ["in", "out", "site"])
        folder.mkdir()
        count = sum(1 for _ in make(folder, options.documents))
        Run([options.program, "ingest", folder, "-o", out, "--quiet"])
        for what in ["all new", "again"]:
            print(f"{count} records, {what}: {Run([options.program, 'report', out, '-o', site, '--jobs', options.jobs, '--quiet'])}", flush=True)
        files = [path for path in site.rglob("*") if path.is_file()]
        pictures = [path for path in files if path.suffix == ".png"]
        print(f"{len(files)} files, {len(pictures)} pictures, {size(site) / 1e6:.0f} MB")


if __name__ == "__main__":
    sys.exit(main())
