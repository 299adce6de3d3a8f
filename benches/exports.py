#!/usr/bin/env python3
"""Every export over an archive, with time and memory.

    cargo build --release && python3 benches/exports.py [--documents N] [--program FILE]

Makes N documents as benches/archive.py does, ingests them once, and runs each export and `check` over the output. Prints
the time, the size of what came out, and the largest resident memory of the program. Needs Python 3.9 or later, on Linux.
"""
import argparse
import pathlib
import tempfile

import archive
from measure import Run, size

FORMATS = ["ndjson", "sqlite", "sql", "csv", "parquet", "xlsx", "stratml", "kausal"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--program", default=str(archive.PROJECT / "target" / "release" / "keikaku"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "in").mkdir()
        list(archive.make(folder / "in", arguments.documents))
        Run([arguments.program, "ingest", folder / "in", "-o", folder / "out", "--quiet"])
        print(f"{arguments.documents} records, {size(folder / 'out' / 'records') / 1e6:.0f} MB")
        for kind in FORMATS:
            target = folder / kind
            run = Run([arguments.program, "export", folder / "out", "--to", kind, "-o", target])
            print(f"{kind}: {run}; {size(target) / 1e6:.0f} MB", flush=True)
        print(f"check: {Run([arguments.program, 'check', folder / 'out'])}")


if __name__ == "__main__":
    main()
