"""Simulate how Spark's scheduler and the batches of its executors share the work of many prompts, and print one table.

Machines take partitions from one list, one for each core at a time. A machine's tasks share a batch of 128 rows at most; a
task begins up to 64 rows beyond the first that is not over. In a step all rows of the batch get a token; its time depends
on how many they are, and the time of reading prompts is added. With speculation a task that runs longer than three medians
is given to a second machine, too, once nine tenths of all are over, as Spark 4.2 does by default; the second one leaves out
what the first has written. Sorting is by the length of the answer, which nobody knows before: it is the best case.

Measured are STEP_MS, READ_MS, PROMPTS and ANSWERS: by BatchCost.java on SmolLM2 as int4, the faster of two runs, on 2 cores of
an AMD EPYC (family 25, model 1: AVX2) that others used, too; and the two figures of a random checkpoint of Phi-3-mini's
shape, by ./scripts/bench --shape phi3-mini on 2 cores of another processor, with AMX. Assumed are the number and slowness of
slow machines, that a padded row costs as much as another, and for 16 cores that they are 8 times as fast as 2.
"""
import random
import statistics
from bisect import bisect

STEP_MS = {1: 19.7, 4: 38.4, 16: 78.8, 64: 250.7, 128: 405.5}
READ_MS = {16: 54.7, 64: 195.6, 256: 553.9, 1024: 2513.1}
PROMPTS = range(34, 44)
ANSWERS = [
    190, 200, 200, 200, 3, 13, 126, 33, 200, 200, 3, 16, 51, 21, 200, 200, 3, 200, 80, 21, 200, 200, 9, 10, 62, 16, 200, 200, 3,
    7, 200, 33, 200, 200, 3, 200, 200, 14, 200, 200, 3, 200, 200, 13, 200, 200, 3, 37, 66, 38, 200, 200, 3, 13, 200, 41, 200,
    200, 14, 200]
PHI3_STEP_MS, PHI3_READ_MS = 1000 / 5.1, 7500 / 1024  # of one row; of a token of a prompt of 1,024

MACHINES, CORES, ROWS_OF_A_MACHINE = 10, 2, 10_000
SLOW_SHARE, SLOW_FACTOR = 0.1, 3
BATCH, AHEAD, FILE_ROWS, FILE_SECONDS = 128, 64, 32, 10
QUANTILE, MULTIPLIER = 0.9, 3  # spark.speculation.*
LOOK_SECONDS = 5  # at most between two looks at a machine


def line(points, x):
    """Seconds, on the straight lines between the measured points and beyond the last."""
    xs = list(points)
    i = min(max(bisect(xs, x), 1), len(xs) - 1)
    (x0, x1), (y0, y1) = xs[i - 1:i + 1], (points[xs[i - 1]], points[xs[i]])
    return max(0, y0 + (y1 - y0) * (x - x0) / (x1 - x0)) / 1000


class Task:
    """An attempt at a partition; its rows come out in their order."""
    def __init__(self, partition, rows, now):
        self.partition, self.rows, self.start = partition, rows, now
        self.over, self.first, self.begun, self.dead = [False] * len(rows), 0, 0, False
        self.files, self.unwritten, self.oldest = 0, 0, now

    def can_begin(self):
        return self.begun < min(len(self.rows), self.first + AHEAD)

    def end(self, row, now):
        self.over[row] = True
        while self.first < len(self.rows) and self.over[self.first]:
            self.first += 1
            self.oldest = self.oldest if self.unwritten else now
            self.unwritten += 1
            if self.unwritten == FILE_ROWS or now - self.oldest > FILE_SECONDS or self.first == len(self.rows):
                self.files, self.unwritten = self.files + 1, 0


class Machine:
    def __init__(self, slowness):
        self.slowness, self.step, self.now, self.busy, self.tasks, self.batch = slowness, 0, 0.0, 0.0, [], []

    def look(self):
        """Notes which rows are over."""
        self.batch = [it for it in self.batch if not it[1].dead]
        for end, task, row in self.batch:
            if end <= self.step:
                task.end(row, self.now)
        self.batch = [it for it in self.batch if it[0] > self.step]

    def go_on(self, steps, reads, padded):
        """Begins rows, by turns from each task, and goes on until one is over."""
        new = []
        while not (padded and self.batch) and len(self.batch) + len(new) < BATCH:
            ready = [task for task in self.tasks if task.can_begin()]
            for task in ready[:BATCH - len(self.batch) - len(new)]:
                new.append((task, task.begun))
                task.begun += 1
            if not ready:
                break
        lengths = [task.rows[row] for task, row in new]
        if padded and new:
            lengths = [(max(prompt for prompt, _ in lengths), max(answer for _, answer in lengths))] * len(new)
        self.batch += [(self.step + answer, *row) for row, (_, answer) in zip(new, lengths)]
        if self.batch:
            step = line(steps, len(self.batch)) * self.slowness
            count = min(min(it[0] for it in self.batch) - self.step, max(1, int(LOOK_SECONDS / step)))
            took = sum(line(reads, prompt) for prompt, _ in lengths) * self.slowness + count * step
            self.step, self.busy, self.now = self.step + count, self.busy + took, self.now + took
        else:
            self.now += LOOK_SECONDS


def simulate(each=4, padded=False, is_sorted=False, slow=False, medians=None, cores=CORES, steps=STEP_MS, reads=READ_MS):
    """Returns the makespan, the share of it that machines are busy, tokens per second, and rows of a file."""
    chance = random.Random(1)
    rows = [(chance.choice(PROMPTS), chance.choice(ANSWERS)) for _ in range(MACHINES * ROWS_OF_A_MACHINE)]
    count = MACHINES * cores * each
    parts = [sorted(rows[i::count], key=lambda row: row[1]) if is_sorted else rows[i::count] for i in range(count)]
    slows = round(SLOW_SHARE * MACHINES) if slow else 0
    machines = [Machine(SLOW_FACTOR if i < slows else 1) for i in range(MACHINES)]
    todo, running, durations, files = list(range(count))[::-1], {}, [], 0
    while len(durations) < count:
        machine = min(machines, key=lambda it: it.now)
        now = machine.now
        machine.look()
        for task in machine.tasks:
            if task.first == len(task.rows) and not task.dead:
                durations.append(now - task.start)
                for attempt in running.pop(task.partition):
                    attempt.dead, files = True, files + attempt.files
        machine.tasks = [task for task in machine.tasks if not task.dead]
        late = [it[0] for it in running.values() if len(it) == 1 and medians and not todo and len(durations) >= QUANTILE * count
                and it[0] not in machine.tasks and now - it[0].start > medians * statistics.median(durations)]
        while len(machine.tasks) < cores and (todo or late):
            first = None if todo else late.pop()
            partition = todo.pop() if todo else first.partition
            rest = first.rows[first.first - first.unwritten:] if first else parts[partition]
            machine.tasks.append(Task(partition, rest, now))
            running.setdefault(partition, []).append(machine.tasks[-1])
        machine.go_on(steps, reads, padded)
    busy = sum(min(it.busy, now) for it in machines) / now / MACHINES
    return now, busy, sum(answer for _, answer in rows) / now, len(rows) / files


def variants():
    yield "continuous batch", {}
    yield "  rows sorted by length", {"is_sorted": True}
    yield "padded batches", {"padded": True}
    yield "  rows sorted by length", {"padded": True, "is_sorted": True}
    for each in 1, 4, 16:
        slow = {"slow": True, "each": each}
        yield f"slow machines, partitions for each core: {each}", slow
        yield "  speculation", slow | {"medians": MULTIPLIER}
        yield "  speculation from 1.5 medians on", slow | {"medians": 1.5}
    steps = {rows: ms / STEP_MS[1] * PHI3_STEP_MS / 8 for rows, ms in STEP_MS.items()}
    yield "Phi-3-mini's shape on 16 cores", {"cores": 16, "steps": steps, "reads": {0: 0, 1024: 1024 * PHI3_READ_MS / 8}}


if __name__ == "__main__":
    print(f"{'':44} {'hours':>7} {'busy':>6} {'tokens/s':>9} {'rows/file':>9}")
    for name, options in variants():
        seconds, busy, rate, of_file = simulate(**options)
        print(f"{name:44} {seconds / 3600:7.2f} {busy:6.0%} {rate:9.0f} {of_file:9.1f}", flush=True)
