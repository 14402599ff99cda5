"""A standalone cluster of Spark on this machine, for the bench and for tests."""
import os
import socket
import subprocess
import time


class Cluster:
    """A master and workers as processes, from Spark's distribution."""

    def __init__(self, home, folder, workers):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.home, self.folder = home, folder
        # Master and workers only wait: no optimizing compiler, and one thread that collects garbage.
        self.environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_DAEMON_MEMORY": "256m",
                            "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
        self.url = f"spark://127.0.0.1:{self.port}"
        self.processes = [self.start("master.Master", "--host", "127.0.0.1", "--port", str(self.port))]
        self.await_master()
        cores = sorted(os.sched_getaffinity(0))
        for worker in range(workers):
            work = folder / f"worker-{worker}"
            self.processes.append(self.start(
                "worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "3g", "--work-dir", str(work), self.url))
            os.sched_setaffinity(self.processes[-1].pid, [cores[worker % len(cores)]])  # its executors inherit it

    def start(self, program, *arguments):
        log = open(self.folder / f"{program}-{len(list(self.folder.iterdir()))}.log", "w")
        command = [str(self.home / "bin/spark-class"), f"org.apache.spark.deploy.{program}", "--webui-port", "0", *arguments]
        return subprocess.Popen(command, env=self.environment, stdout=log, stderr=subprocess.STDOUT)

    def await_master(self):
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()  # a worker ends its executors then
            process.wait()
