"""Start an installed kernel and ask it something: kernel_answers.py KERNEL SECONDS

Prints how long it took, or what went wrong; then it exits with 1.
"""
import sys
import tempfile
import time

from jupyter_client import KernelManager

# A class of the helper jar, on a cell's class path.
QUESTION, ANSWER = 'dev.ovchat.cli.Doctor.class.getSimpleName() + (1 + 1)', "Doctor2"


def answer(kernel, deadline):
    client = kernel.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=deadline - time.monotonic())
        said = []

        def hear(message):
            content = message["content"]
            said.append(content.get("data", {}).get("text/plain") or content.get("evalue", ""))

        client.execute_interactive(QUESTION, timeout=deadline - time.monotonic(), output_hook=hear)
        return "".join(said)
    finally:
        client.stop_channels()


def main(name, seconds):
    start = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        kernel = KernelManager(kernel_name=name)
        try:
            kernel.start_kernel(stdout=log, stderr=log)
            said = answer(kernel, start + seconds)
        except (KeyError, OSError, RuntimeError, ValueError) as error:  # there is none, or its spec is broken, or it ends
            said = str(error)
        finally:
            if kernel.has_kernel:
                kernel.shutdown_kernel(now=True)
        if said == ANSWER:
            print(f"answers after {time.monotonic() - start:.1f} s")
            return 0
        log.seek(0)
        words = [line.strip() for line in log if line.strip() and "Picked up" not in line]
        print(": ".join(["it did not answer", *said.splitlines()[:1], *words[-1:]]))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2])))
