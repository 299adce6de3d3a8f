#!/usr/bin/env python3
"""Every export over an archive, with time and memory.

    cargo build --release && python3 benches/exports.py [--documents N] [--program FILE]

Makes N documents as benches/archive.py does, ingests them once, and runs each export and `check` over the output. Prints
the time, the size of what came out, and the largest resident memory of the program. Needs Python 3.9 or later, on Linux.
"""
import argparse
import os
import pathlib
import subprocess
import tempfile
import time

import archive

FORMATS = ["ndjson", "sqlite", "sql", "csv", "parquet", "xlsx", "stratml", "kausal"]


def measured(arguments):
    """Seconds, seconds of processor time, peak resident memory (MB) and exit code of a command."""
    started = time.monotonic()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    return time.monotonic() - started, cpu, usage.ru_maxrss / 1024, process.returncode


def size(path):
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6


def report(what, measures, target=None):
    seconds, cpu, memory, code = measures
    made = f", {size(target):.0f} MB" if target else ""
    print(f"{what}: {seconds:.1f} s, CPU {cpu:.1f} s{made}, memory {memory:.0f} MB, exit code {code}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--program", default=str(archive.PROJECT / "target" / "release" / "keikaku"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "in").mkdir()
        list(archive.make(folder / "in", arguments.documents))
        measured([arguments.program, "ingest", folder / "in", "-o", folder / "out", "--quiet"])
        print(f"{arguments.documents} records, {size(folder / 'out' / 'records'):.0f} MB")
        for kind in FORMATS:
            target = folder / kind
            report(kind, measured([arguments.program, "export", folder / "out", "--to", kind, "-o", target]), target)
        report("check", measured([arguments.program, "check", folder / "out"]))


if __name__ == "__main__":
    main()
