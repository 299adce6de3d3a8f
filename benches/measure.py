"""A command run, with its time and memory. Python 3.9 or later, on Linux."""
import os
import pathlib
import re
import subprocess
import threading
import time


class Run:
    """A command that was run to its end."""

    def __init__(self, arguments):
        started = time.perf_counter()
        process = subprocess.Popen([str(argument) for argument in arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        own, done = [0], threading.Event()
        watcher = threading.Thread(target=watch, args=(process.pid, own, done))
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds = time.perf_counter() - started
        done.set()
        watcher.join()
        process.returncode = self.code = os.waitstatus_to_exitcode(status)
        # Seconds of processor time, of the program and its workers.
        self.cpu = usage.ru_utime + usage.ru_stime
        # Largest resident memory in bytes: of the program itself as far as it was watched, and of any process of the run.
        self.largest = usage.ru_maxrss * 1024
        self.own = own[0] or self.largest

    def __str__(self):
        return (
            f"{self.seconds:.1f} s, CPU {self.cpu:.2f} s, program {self.own / 1e6:.0f} MB, largest process "
            f"{self.largest / 1e6:.0f} MB, exit code {self.code}"
        )


def watch(pid, found, done):
    """The program's own peak, without its workers."""
    while not done.wait(0.02):
        try:
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            found[0] = max(found[0], int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) * 1024)
        except (OSError, AttributeError):
            return


def size(path):
    """The bytes of a file or of all files below a folder."""
    path = pathlib.Path(path)
    return sum(file.stat().st_size for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file())
