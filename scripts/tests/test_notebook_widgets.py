"""Widgets on the kernel, as a page sees them: by the messages of comms."""
import contextlib
import time
import unittest
import uuid

from notebooks import started

SLIDER = """
import dev.ovchat.widget.*;
var heard = new Label("");
var slider = FloatSlider.of(0, 2, 0.1, 0.7).description("temperature");
slider.onChange(value -> heard.value("heard " + value));
VBox.of(slider, heard)"""
FIELD = """
var field = new Text("short").description("Name");
field"""
CLOSED = """
var closed = new Checkbox(true);
closed.view();
closed.close();"""
NEVER = """
import java.util.concurrent.locks.LockSupport;
var never = new Button("Never").onClick(() -> { while (true) LockSupport.park(); });
never"""
# What is sent while the thread has been stopped.
STOPPED = """
boolean sendStopped() {
    Thread.currentThread().interrupt();
    heard.value("said by a stopped thread");
    var late = new Checkbox(false);
    late.view();
    late.close();
    return Thread.interrupted();
}
sendStopped()"""


class Widgets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        opened = contextlib.ExitStack()
        cls.addClassCleanup(opened.close)
        _, cls.client = opened.enter_context(started())
        cls.states, cls.messages = {}, []
        cls.run_cell(SLIDER)

    @classmethod
    def run_cell(cls, code):
        outputs = []
        cls.client.execute_interactive(code, timeout=300, output_hook=lambda message: cls.note(message) or outputs.append(message))
        return [message["content"]["data"]["text/plain"] for message in outputs if message["msg_type"] == "execute_result"]

    @classmethod
    def note(cls, message):
        cls.messages.append(message)
        if message["msg_type"] == "comm_open":
            cls.states[message["content"]["comm_id"]] = message

    def named(self, kind):
        return next(name for name, message in self.states.items()
                    if message["content"]["data"]["state"]["_model_name"] == kind)

    def send(self, content, kind="comm_msg"):
        message = self.client.session.msg(kind, content)
        self.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def wait_for(self, is_it):
        """The next message of the kernel that is the one."""
        end = time.monotonic() + 120
        while time.monotonic() < end:
            message = self.client.get_iopub_msg(timeout=120)
            self.note(message)
            if is_it(message):
                return message
        raise AssertionError("The message did not come.")

    def states_to(self, widget):
        return lambda message: message["msg_type"] == "comm_msg" and message["content"]["comm_id"] == widget

    def update(self, value):
        return self.send({"comm_id": self.named("FloatSliderModel"),
                          "data": {"method": "update", "state": {"value": value}, "buffer_paths": []}})

    def test_a_page_gets_the_state_and_the_protocol(self):
        opened = self.states[self.named("FloatSliderModel")]
        self.assertEqual("jupyter.widget", opened["content"]["target_name"])
        self.assertEqual("2.1.0", opened["metadata"]["version"])
        state = opened["content"]["data"]["state"]
        self.assertEqual((0.7, "temperature"), (state["value"], state["description"]))
        self.assertIn(state["layout"].removeprefix("IPY_MODEL_"), self.states)

    def test_a_move_is_echoed_and_heard(self):
        sent = self.update(1.3)
        echo = self.wait_for(self.states_to(self.named("FloatSliderModel")))
        self.assertEqual("echo_update", echo["content"]["data"]["method"])
        self.assertEqual(sent, echo["parent_header"]["msg_id"])
        label = self.named("LabelModel")
        heard = self.wait_for(lambda message: self.states_to(label)(message)
                              and message["content"]["data"]["state"].get("value", "").startswith("heard"))
        self.assertEqual("heard 1.3", heard["content"]["data"]["state"]["value"])
        self.assertEqual(["1.3"], self.run_cell("slider.value()"))

    def test_what_is_no_message_leaves_the_kernel_alive(self):
        slider = self.named("FloatSliderModel")
        for content in ({"comm_id": slider}, {"comm_id": slider, "data": {}}, {"comm_id": slider, "data": {"method": "update", "state": 7}},
                        {"comm_id": slider, "data": {"method": "update", "state": {"value": [1]}}},
                        {"comm_id": str(uuid.uuid4()), "data": {"method": "update", "state": {"value": 1}}}, {}):
            self.send(content)
        self.send({"comm_id": str(uuid.uuid4()), "target_name": "jupyter.widget.control", "data": {}}, "comm_open")
        self.assertEqual(["2"], self.run_cell("1 + 1"))

    def test_a_widget_that_is_closed_hears_nothing(self):
        before = {*self.states}
        self.run_cell(CLOSED)
        for name in {*self.states} - before:
            self.send({"comm_id": name, "data": {"method": "update", "state": {"value": False}}})
            self.send({"comm_id": name}, "comm_close")
        self.assertEqual(["true"], self.run_cell("closed.value()"))

    def test_ten_megabytes_are_refused_in_a_sentence(self):
        self.run_cell(FIELD)
        field = self.named("TextModel")
        self.send({"comm_id": field, "data": {"method": "update", "state": {"value": "x" * 10_000_000}}})
        echo = self.wait_for(self.states_to(field))["content"]["data"]
        self.assertEqual(("echo_update", {"value": "short"}), (echo["method"], echo["state"]))
        said = self.wait_for(lambda message: "allowed is a text of at most 1000000 characters" in str(message["content"]))
        self.assertLess(len(str(said["content"])), 500)
        self.assertEqual(["short"], self.run_cell("field.value()"))

    def test_a_listener_that_never_ends_stops_nobody(self):
        self.run_cell(NEVER)
        self.send({"comm_id": self.named("ButtonModel"), "data": {"method": "custom", "content": {"event": "click"}}})
        self.update(0.3)
        label = self.named("LabelModel")
        self.wait_for(lambda message: self.states_to(label)(message)
                      and message["content"]["data"]["state"].get("value") == "heard 0.3")
        self.assertEqual(["0.3"], self.run_cell("slider.value()"))

    def test_a_stopped_thread_leaves_the_kernel_connected(self):
        self.assertEqual(["true"], self.run_cell(STOPPED))
        self.assertEqual(["said by a stopped thread"], self.run_cell("heard.value()"))

    def test_of_a_thousand_moves_the_last_counts(self):
        for move in range(1000):
            self.update(move / 1000)
        self.assertEqual(["0.999"], self.run_cell("slider.value()"))

    def test_a_page_that_is_loaded_anew_gets_all_states(self):
        control = str(uuid.uuid4())
        self.send({"comm_id": control, "target_name": "jupyter.widget.control", "data": {}}, "comm_open")
        self.send({"comm_id": control, "data": {"method": "request_states"}})
        answer = self.wait_for(self.states_to(control))["content"]["data"]
        self.assertEqual("update_states", answer["method"])
        self.assertLessEqual({*self.states}, {*answer["states"]})


if __name__ == "__main__":
    unittest.main()
