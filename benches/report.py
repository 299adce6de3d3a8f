#!/usr/bin/env python3
"""The review site of an archive, made as by hand.

    cargo build --release && python3 benches/report.py [--documents N] [--jobs N] [--program FILE]

Makes N varied documents from the fixtures as benches/archive.py does, ingests them, and makes their site. Prints how
long that took, the processor time, the largest resident memory of the program itself and of any process of it, and the
site's size. Needs Python 3.9 or later, on Linux.
"""
import argparse
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import threading
import time

from archive import PROJECT, make, watch_memory


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--program", default=str(PROJECT / "target/release/keikaku"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        folder, out, site = (os.path.join(root, name) for name in ["in", "out", "site"])
        os.mkdir(folder)
        count = sum(1 for _ in make(folder, options.documents))
        subprocess.run([options.program, "ingest", folder, "-o", out, "--quiet"], stderr=subprocess.DEVNULL)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        run = subprocess.Popen([options.program, "report", out, "-o", site, "--jobs", str(options.jobs), "--quiet"])
        own, done = [0], threading.Event()
        watcher = threading.Thread(target=watch_memory, args=(run.pid, own, done))
        watcher.start()
        run.wait()
        seconds = time.perf_counter() - start
        done.set()
        watcher.join()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
        files = [path for path in pathlib.Path(site).rglob("*") if path.is_file()]
        pictures = [path for path in files if path.suffix == ".png"]
        print(
            f"{count} records: {seconds:.1f} s, CPU {cpu:.1f} s, program {own[0] / 1e6:.0f} MB, largest process "
            f"{used.ru_maxrss * 1024 / 1e6:.0f} MB; {len(files)} files, {len(pictures)} pictures, "
            f"{sum(path.stat().st_size for path in files) / 1e6:.0f} MB; exit code {run.returncode}"
        )


if __name__ == "__main__":
    sys.exit(main())
