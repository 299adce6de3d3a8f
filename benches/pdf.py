#!/usr/bin/env python3
"""Cost of the whole way from PDF to record, beside that of printing the text alone.

    cargo build --release && python3 benches/pdf.py FOLDER [--runs N] [--program FILE] [--versus COMMAND] [--pages N]

Ingests the PDFs of FOLDER with one job as a user would, worker process and records on the disk included, and runs
`pdftotext -layout` on each of the same files, in turn; prints the CPU seconds of both (median of the runs) and their
ratio. `--versus` names another tool to run on each file, `{}` standing for the file. Then makes one document of N
pages (500) out of the files, over and over, and prints the time and the largest process of ingesting it.
Needs Python 3.9 or later, pdftotext (poppler) and qpdf, on Linux or macOS.
"""
import argparse
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent


def cost(command):
    """CPU seconds and peak memory in bytes of a command and the processes it waited for."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{shlex.join(command)} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def ingest(program, path):
    with tempfile.TemporaryDirectory() as out:
        return cost([program, "ingest", str(path), "-o", out, "--jobs", "1", "--quiet", "--include", "*.pdf"])


def printed(files, versus):
    """CPU seconds of a tool that takes one file, over all files."""
    return sum(cost([part.replace("{}", str(file)) for part in shlex.split(versus)])[0] for file in files)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--program", default=str(PROJECT / "target/release/keikaku"))
    parser.add_argument("--versus", default="pdftotext -layout {} /dev/null")
    options = parser.parse_args()
    files = sorted(options.folder.rglob("*.pdf"))
    if not files:
        sys.exit(f"no PDF in {options.folder}")
    ours, theirs = [], []
    for run in range(options.runs + 1):
        pair = ingest(options.program, options.folder)[0], printed(files, options.versus)
        if run > 0:  # the first only warms up
            ours.append(pair[0])
            theirs.append(pair[1])
    a, b = statistics.median(ours), statistics.median(theirs)
    print(f"{len(files)} files, median of {options.runs} runs: CPU {a:.2f} s; {options.versus}: {b:.2f} s; ratio {a / b:.2f}")

    with tempfile.TemporaryDirectory() as folder:
        once, joined = f"{folder}/once.pdf", f"{folder}/joined.pdf"
        parts = [str(file) for file in files if subprocess.run(["qpdf", "--show-npages", file], capture_output=True).returncode == 0]
        subprocess.run(["qpdf", "--empty", "--pages", *parts, "--", once], check=True)
        count = int(subprocess.run(["qpdf", "--show-npages", once], capture_output=True, check=True).stdout)
        copies = [once] * -(-options.pages // count)
        subprocess.run(["qpdf", "--empty", "--pages", *copies, "--", f"{folder}/all.pdf"], check=True)
        subprocess.run(["qpdf", f"{folder}/all.pdf", "--pages", ".", f"1-{options.pages}", "--", joined], check=True)
        seconds, peak = ingest(options.program, joined)
        print(f"{options.pages} pages in one document: CPU {seconds:.2f} s, largest process {peak / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
