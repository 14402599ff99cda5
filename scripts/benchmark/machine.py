"""The machine that is measured on, and its page cache."""
import os
import platform
import subprocess
import sys


def run(*command):
    if failed := subprocess.run(command).returncode:
        sys.exit(failed)


def machine():
    cpu = next(line.split(": ")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"cpu": cpu, "cores": len(os.sched_getaffinity(0)), "memory_bytes": memory, "system": platform.platform(),
            "load": os.getloadavg()[0]}


def read(*files):
    """Bring them into the page cache."""
    for file in files:
        with open(file, "rb") as content:
            while content.read(1 << 24):
                pass


def evict(*files):
    """Take them out of the page cache. Needs no root, and leaves the programs in it."""
    os.sync()  # what is not written yet would stay
    for file in files:
        with open(file, "rb") as content:
            os.posix_fadvise(content.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def cached(*files):
    """Bytes of them that are in the page cache."""
    command = ["fincore", "--bytes", "--noheadings", "--output", "RES", *files]
    return sum(map(int, subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()))
