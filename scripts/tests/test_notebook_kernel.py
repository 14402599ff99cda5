"""What the jar makes of a kernel: printed text that is whole and in order, a stop button that is heard, and a
kernel that waits for messages and does not look for one now and then."""
import asyncio
import re
import unittest

import nbformat

from notebooks import CountingClient, execute, started, streams


class PressingClient(CountingClient):
    """Presses the stop button once in a cell whose source begins with `// stop at` a kind of message: after the first one."""

    def process_message(self, message, cell, cell_index):
        asked = re.match(r"// stop at (\w+)", cell.source)
        if asked and message["msg_type"] == asked[1] and "stopped" not in cell.metadata:
            cell.metadata["stopped"] = True
            self.press = asyncio.ensure_future(self.km.interrupt_kernel())
        return super().process_message(message, cell, cell_index)

    async def async_execute_cell(self, cell, *arguments, **options):
        """The next cell comes when the press has reached the kernel, which does not say so: on a busy machine that takes a while."""
        done = await super().async_execute_cell(cell, *arguments, **options)
        if "stopped" in cell.metadata:
            await self.press
            await asyncio.sleep(1)
        return done


def run(**sources):
    """The cells by name, executed on one kernel; each may fail. And how many pieces their printed text came in."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources.values()])
    for cell in notebook.cells:
        cell.metadata["tags"] = ["raises-exception"]
    pieces = execute(notebook, client_class=PressingClient).pieces
    return dict(zip(sources, notebook.cells)), {name: pieces.get(place, 0) for place, name in enumerate(sources)}


def errors(cell):
    return [output.ename for output in cell.outputs if output.output_type == "error"]


def result(cell):
    return cell.outputs[-1].data["text/plain"]


class PrintedText(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cells, cls.pieces = run(
            lines='for (int i = 0; i < 100_000; i++) System.out.println("line number " + i);',
            large='System.out.print("€".repeat(3_000_000));',
            threads="""
                var threads = new ArrayList<Thread>();
                for (int t = 0; t < 4; t++) {
                    String name = "thread " + t;
                    threads.add(new Thread(() -> {
                        for (int i = 0; i < 5000; i++) System.out.println(name + " line " + i);
                    }));
                }
                threads.forEach(Thread::start);
                for (Thread thread : threads) thread.join();""",
            mixed='System.out.print("a"); System.err.print("b"); System.out.printf("%s%d", "c", 1); display("shown");'
                  ' System.out.println("d"); "result"',
            failed='System.out.print("before"); if (true) throw new IllegalStateException("so");',
            begun="""
                var next = new CountDownLatch(1);
                Thread late = new Thread(() -> {
                    try { next.await(); } catch (InterruptedException e) { throw new IllegalStateException(e); }
                    for (int i = 0; i < 10; i++) System.out.println("late " + i);
                });
                late.start();
                System.out.println("begun");""",
            ended="next.countDown(); late.join();",
            apart="""
                byte[] bytes = "ä€😀".repeat(1000).getBytes("UTF-8");
                for (int i = 0; i < bytes.length; i += 7) System.out.write(bytes, i, Math.min(7, bytes.length - i));""",
            slow='for (int i = 0; i < 20; i++) { System.out.print(i + " "); Thread.sleep(100); }',
            compiles='int number = "text" + 1;',
            throws="int zero = 0; int none = 1 / zero;",
            breaks_off="int open = (")

    def printed(self, name):
        return streams(self.cells[name], "stdout")

    def test_100_000_lines_come_whole(self):
        self.assertEqual("".join(f"line number {i}\n" for i in range(100_000)), self.printed("lines"))
        self.assertLess(self.pieces["lines"], 1000)

    def test_a_long_text_comes_in_pieces_and_whole(self):
        self.assertEqual("€" * 3_000_000, self.printed("large"))
        self.assertGreater(self.pieces["large"], 10)

    def test_lines_of_several_threads_stay_whole(self):
        lines = self.printed("threads").splitlines()
        for t in range(4):
            self.assertEqual([f"thread {t} line {i}" for i in range(5000)],
                             [line for line in lines if line.startswith(f"thread {t} ")])
        self.assertEqual(20_000, len(lines))

    def test_streams_and_values_come_in_the_order_of_the_code(self):
        self.assertEqual(
            [("stdout", "a"), ("stderr", "b"), ("stdout", "c1"), "shown", ("stdout", "d\n"), "result"],
            [(output.name, output.text) if output.output_type == "stream" else output.data["text/plain"]
             for output in self.cells["mixed"].outputs])

    def test_text_comes_before_the_error(self):
        self.assertEqual(["stream", "error"], [output.output_type for output in self.cells["failed"].outputs])
        self.assertEqual("before", self.printed("failed"))

    def test_a_thread_prints_on_after_its_cell(self):
        self.assertEqual("begun\n", self.printed("begun"))
        self.assertEqual("".join(f"late {i}\n" for i in range(10)), self.printed("ended"))

    def test_bytes_of_one_character_may_come_apart(self):
        self.assertEqual("ä€😀" * 1000, self.printed("apart"))

    def test_text_comes_while_the_cell_runs(self):
        self.assertGreaterEqual(self.pieces["slow"], 10)

    def test_an_error_has_no_colours(self):
        for name in ("compiles", "throws", "breaks_off"):
            [error] = [output for output in self.cells[name].outputs if output.output_type == "error"]
            self.assertNotRegex("".join(error.traceback), r"\x1b\[(?:\d;)*[34]\d")


class StopButton(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cells, _ = run(
            deaf='// stop at stream\nSystem.out.println("on"); while (true) { }',
            waits='// stop at stream\nSystem.out.println("on");\nThread.sleep(60_000);\nSystem.out.println("not reached");',
            notices="""// stop at stream
                int untilStopped() {
                    System.out.println("on");
                    while (!Thread.interrupted()) { }
                    return 1;
                }
                int stops = untilStopped();
                System.out.println("stopped " + stops);""",
            rounds="""// stop at stream
                int round = 0;
                void go() {
                    System.out.println("on");
                    while (round < 10) {
                        try { Thread.sleep(30_000); } catch (InterruptedException stopped) { round++; }
                    }
                }
                go();""",
            after_rounds="for (int i = 0; i < 100 && round < 10; i++) Thread.sleep(100);\nround",
            # Its first lines are yet to be compiled when it is known to run.
            compiles="// stop at execute_input\n" + "\n".join(f"int number{i} = {i};" for i in range(20))
                     + "\nThread.sleep(60_000);",
            quick="// stop at status\nint quick = 1;",
            after_quick="Thread.sleep(500); 7")

    def test_what_notices_nothing_is_given_up(self):
        self.assertEqual(["EvaluationInterruptedException"], errors(self.cells["deaf"]))

    def test_what_waits_is_stopped_and_so_is_the_cell(self):
        self.assertEqual(["EvaluationInterruptedException"], errors(self.cells["waits"]))
        self.assertEqual("on\n", streams(self.cells["waits"], "stdout"))

    def test_what_ends_by_itself_has_its_value_and_the_cell_goes_on(self):
        self.assertEqual([], errors(self.cells["notices"]))
        self.assertEqual("on\nstopped 1\n", streams(self.cells["notices"], "stdout"))

    def test_a_loop_of_such_is_given_up_and_stopped_until_it_ends(self):
        self.assertEqual(["EvaluationInterruptedException"], errors(self.cells["rounds"]))
        self.assertEqual("10", result(self.cells["after_rounds"]))

    def test_a_press_while_the_cell_compiles_is_heard(self):
        self.assertEqual(["EvaluationInterruptedException"], errors(self.cells["compiles"]))

    def test_a_press_that_nothing_noticed_does_not_hit_the_next_cell(self):
        self.assertEqual([], errors(self.cells["after_quick"]))
        self.assertEqual("7", result(self.cells["after_quick"]))


class Messages(unittest.TestCase):
    def test_messages_are_waited_for_by_the_jar(self):
        """By the second cell, which a thread waits for, the wait is the jar's: the kernel's own sleeps for 50 ms after each message."""
        cells, _ = run(first="6 * 7", second="""
            Thread.getAllStackTraces().values().stream().flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().equals("dev.ovchat.display.MessageWait"))""")
        self.assertEqual("true", result(cells["second"]))

    def test_a_page_that_asks_for_comms_gets_an_answer_with_a_status(self):
        """JupyterLab takes one without for a refusal."""
        with started() as (_, client):
            client.execute_interactive("dev.ovchat.widget.IntSlider.of(0, 5, 1, 2)", timeout=60, output_hook=lambda message: None)
            reply = client.comm_info("jupyter.widget", reply=True, timeout=60)["content"]
        self.assertEqual("ok", reply["status"])
        self.assertEqual({"jupyter.widget"}, {comm["target_name"] for comm in reply["comms"].values()})


class Ending(unittest.TestCase):
    def test_the_kernel_ends_by_itself(self):
        """Neither it nor this jar leaves a thread that keeps it up: a kernel's own wait a minute for more work."""
        with started() as (kernel, client):
            client.execute_interactive("6 * 7", timeout=60, output_hook=lambda message: None)
            client.shutdown()
            self.assertEqual(0, kernel.provisioner.process.wait(timeout=30))


if __name__ == "__main__":
    unittest.main()
