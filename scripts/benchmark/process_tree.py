"""A program with all that it starts: how long it takes, and how much memory."""
import collections
import contextlib
import pathlib
import subprocess
import time

PAUSE_S = 0.02


def tree(pid):
    yield pid
    for children in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text(encoding="ascii").split():
            yield from tree(int(child))


def fields(pid, file):
    """Bytes by name, of /proc/PID/status or another file of its form."""
    lines = pathlib.Path(f"/proc/{pid}/{file}").read_text(encoding="ascii").splitlines()
    parts = (line.replace(":", " ").split() for line in lines)
    return collections.Counter({part[0]: int(part[1]) * 1024 for part in parts if part[-1] == "kB"})


def sample(pid):
    """What is resident of all processes, and what of that is in no file."""
    pids = [*tree(pid)]
    if len(pids) == 1:  # quick, where the other file looks at every page
        own = fields(pid, "status")
        return own["VmRSS"], own["RssAnon"] + own["RssShmem"]
    shares = [fields(each, "smaps_rollup") for each in pids]  # a page of two processes counts half in each
    return sum(each["Pss"] for each in shares), sum(each["Pss_Anon"] + each["Pss_Shmem"] for each in shares)


def measure(command, log):
    """Runs it to its end. The peaks are those of the samples."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    resident = in_no_file = samples = 0
    while process.poll() is None:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # one just ended: the next sample is complete
            now = sample(process.pid)
            resident, in_no_file, samples = max(resident, now[0]), max(in_no_file, now[1]), samples + 1
        time.sleep(PAUSE_S)
    seconds = time.perf_counter() - start
    if process.returncode:
        log.seek(0)
        raise SystemExit(f"{log.read()}\n{' '.join(map(str, command))} failed with exit code {process.returncode}.")
    return {"seconds": seconds, "peak_bytes": resident, "peak_in_no_file_bytes": in_no_file, "samples": samples}
