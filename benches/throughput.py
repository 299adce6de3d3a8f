#!/usr/bin/env python3
"""Throughput and memory of the whole program on text dumps.

    cargo build --release && python3 benches/throughput.py [--folder FOLDER] [--megabytes N] [--jobs N] [--program FILE]

Makes dumps from those of fixtures/text, or of a folder of real ones, in a temporary folder, ingests them as a user
would, and prints bytes a second (by the wall clock of the whole run, worker processes started and records written, and
by the processor time of all its processes, which a busy machine does not distort) and the largest resident memory of
any process of the run: once for many documents of the dumps' own size, once for one document of about 6 MB and one of
the size asked for, in which they follow each other.
Needs Python 3.9 or later, on Linux or macOS.
"""
import argparse
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

SMALL = 6  # megabytes
PROJECT = pathlib.Path(__file__).resolve().parent.parent


def ingest(program, folder, jobs):
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        ran = subprocess.run([program, "ingest", folder, "-o", out, "--jobs", str(jobs), "--quiet"])
        return time.perf_counter() - start, ran.returncode


def measure(what, program, documents, jobs):
    """Run in a process of its own, so that its children's peak memory is of this run alone."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in documents:
            (pathlib.Path(folder) / name).write_bytes(content)
        size = sum(len(content) for _, content in documents)
        seconds, code = ingest(program, folder, jobs)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = used.ru_utime + used.ru_stime
        peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        print(
            f"{what}: {len(documents)} documents, {size / 1e6:.1f} MB, {seconds:.2f} s, {size / 1e6 / seconds:.1f} MB/s, "
            f"processor {processor:.2f} s, {size / 1e6 / processor:.1f} MB/s, largest process {peak / 1e6:.0f} MB "
            f"({peak / max(len(content) for _, content in documents):.1f} times the largest document), exit code {code}"
        )


def is_utf8(text):
    try:
        return bool(text.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=32)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--program", default=str(PROJECT / "target/release/keikaku"))
    parser.add_argument("--folder", type=pathlib.Path, default=PROJECT / "fixtures/text", help="dumps to make others of")
    parser.add_argument("--only", choices=["many", "small", "one"])
    options = parser.parse_args()
    if options.only is None:
        for kind in ("many", "small", "one"):
            subprocess.run([sys.executable, __file__, *sys.argv[1:], "--only", kind], check=True)
        return
    dumps = [(dump.name, dump.read_bytes()) for dump in sorted(options.folder.glob("*.txt"))]
    texts = [(name, text) for name, text in dumps if is_utf8(text)]  # one document has one encoding
    if not texts:
        parser.error(f"{options.folder} has no dump (*.txt) in UTF-8")
    megabytes = min(SMALL, options.megabytes) if options.only == "small" else options.megabytes
    copies = max(1, megabytes * 1_000_000 // sum(len(text) for _, text in texts))
    if options.only == "many":
        documents = [(f"{i:05}-{name}", text) for i in range(copies) for name, text in texts]
    else:
        documents = [("all.txt", b"\n".join(text for _, text in texts) * copies)]
    measure(options.only, options.program, documents, options.jobs)


if __name__ == "__main__":
    main()
