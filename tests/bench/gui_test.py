# SPDX-License-Identifier: Apache-2.0
"""tools/bench.d/gui: its numbers, what it sees on a display, and how it waits for TensorBoard."""
import os
import shutil
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import matplotlib.image
import numpy
from bench_scripts import script

gui = script("gui")
import gui_rival  # noqa: E402: where it is, bench_scripts says
import gui_screen  # noqa: E402
import gui_table  # noqa: E402


# A server that has read its events only after a while, as TensorBoard does: words are those that gui_rival.Board gives.
BOARD = """#!{python}
import http.server, json, sys, threading, time
folder = sys.argv[sys.argv.index("--logdir") + 1]
last = 2000 if "--samples_per_plugin" in sys.argv else 1000
steps = []
def load():
    time.sleep(0.3)
    open(folder + "/one.tfevents.1", "rb").read()
    steps.append(10)
    time.sleep(1.0)
    steps[:] = range(last - 4, last + 1) if last == 1000 else range(1, last + 1)
class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        run = {{"dense": {{"a": {{}}, "b": {{}}}}}}
        body = json.dumps(run if "tags" in self.path else [[0.0, step, 1.0] for step in steps]).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
threading.Thread(target=load, daemon=True).start()
print("TensorBoard 0 at http://127.0.0.1:%d/ (Press CTRL+C to quit)" % server.server_address[1], file=sys.stderr, flush=True)
server.serve_forever()
"""


class Numbers(unittest.TestCase):
    def test_quantiles_are_samples(self):
        for count in (1, 2, 3, 10, 101, 1000):
            samples = numpy.random.default_rng(count).normal(size=count)
            for share in (0.01, 0.5, 0.99, 1.0):
                self.assertEqual(gui_table.quantile(samples, share), numpy.quantile(samples, share, method="inverted_cdf"), (count, share))

    def test_a_row_says_whether_its_goal_is_met(self):
        self.assertIn("goal 16: met", gui_table.row("replot", 15.9, "ms", 16))
        self.assertIn("goal 16: MISSED", gui_table.row("replot", 16.1, "ms", 16))
        self.assertNotIn("goal", gui_table.row("rows", 123456.0, "rows/s"))
        self.assertIn("123,456 rows/s", gui_table.row("rows", 123456.0, "rows/s"))

    def test_the_table_has_the_medians_of_what_was_measured(self):
        planets = {"open": [900.0, 40.0, 50.0, 60.0], "again": [20.0, 21.0], "idle_bytes": 1e8, "opened_bytes": 2.5e8, "sizes": [1000000, 2500000]}
        calls = {"hello": [0.2, 0.3, 0.4], "runs": [1.0, 1.0, 9.0]}
        run = {"first_ms": [700.0, 500.0, 600.0], "later_ms": [55.0], "drag_ms": [4.0, 5.0, 6.0], "points": 2000, "window_bytes": 3e8,
               "daemon_bytes": [4e8]}
        shown = {"points": 1000, "answered_bytes": 5e6, "resident_bytes": 6e8}
        said = {"opened": 10, "together": 1000, "curves": 20, "points": 1000000, "steps": 100000, "metrics": 50,
                "start": {"first_ms": [1500.0], "again_ms": [300.0, 500.0], "idle_bytes": [1.5e8]},
                "planets": {"local": planets, "ssh": planets}, "replot": {"replot": [10.0, 30.0, 20.0], "painted": [25.0]},
                "journals": {"each_step": {"rows": 1000, "milliseconds": 500.0, "waits": [1.0, 2.0, 3.0]},
                             "long": {"rows": 5000000, "milliseconds": 10000.0}, "sync_ms": [0.5], "dense_bytes": 1e9},
                "long": run, "dense": run, "calls": {"local": calls, "ssh": calls}, "others": 0.0,
                "rival": {"event_bytes": 2e9, "sampled": [{"seconds": 6.0, **shown}] * 3, "whole": [{"seconds": 60.0, **shown}]}}
        text = gui_table.table(said)
        for line, words in {"start to first picture, files not": ["1,500 ms", "goal 1000: MISSED"], "start to first picture, again": ["400 ms", "met"],
                            "memory after 10": ["250 MB", "met", "before: 100 MB"], "planet to picture  ": ["50 ms", "goal 100: met", "p99 60"],
                            "planet to picture, one that": ["20.5 ms"], "planet to picture, through ssh": ["100 Mbit/s would add 200 ms"], "replot of 20 x 1,000,000": ["20 ms", "MISSED"],
                            "journal, rows made durable, 1000": ["500,000 rows/s"], "journal, rows made durable, step by step (50": ["2,000 rows/s"],
                            "run of 100,000 steps x 50 metrics, first": ["600 ms", "met"], "call 'runs' through": ["1 ms", "p99 9.00"],
                            "ecumene: choice": ["0.6 s", "1 s with the start"], "TensorBoard: start": ["6 s", "6.0 times"], "TensorBoard: the same": ["60.0 times"]}.items():
            found = [row for row in text.splitlines() if row.startswith(line)]
            self.assertEqual(len(found), 1, line)
            for word in words:
                self.assertIn(word, found[0])
        del said["rival"]
        self.assertNotIn("TensorBoard", gui_table.table(said))


class Start(unittest.TestCase):
    def test_files_of_a_process_are_those_that_it_has_mapped(self):
        self.assertIn(os.path.realpath(sys.executable), gui.files_of(os.getpid()))

    @unittest.skipUnless(shutil.which("fincore"), "fincore of util-linux is not installed")
    def test_files_are_put_out_of_the_page_cache(self):
        def kept(path):
            return int(subprocess.run(["fincore", "--bytes", "--noheadings", "--output", "RES", path], check=True, capture_output=True).stdout)

        # Where the tests were built: a temporary folder may be memory.
        with tempfile.NamedTemporaryFile(dir="build") as file:
            file.write(bytes(1 << 20))
            file.flush()
            os.fsync(file.fileno())
            self.assertEqual(kept(file.name), 1 << 20)
            gui.put_out_of_cache([file.name, "/memfd:xorg (deleted)"])
            self.assertEqual(kept(file.name), 0)


class Screen(unittest.TestCase):
    def empty(self):
        screen = gui_screen.Screen.__new__(gui_screen.Screen)
        screen.first, screen.line = 100, 4 * gui_screen.WIDTH
        screen.memory = bytearray(100 + screen.line * gui_screen.HEIGHT)
        return screen

    def test_a_window_has_appeared_once_all_of_its_height_is_drawn(self):
        screen = self.empty()

        def draw():
            for begin, end in ((0, 350), (350, 800)):
                time.sleep(0.3)
                screen.memory[screen.first + begin * screen.line:screen.first + end * screen.line] = b"\x80" * (end - begin) * screen.line

        seconds = screen.appears(lambda: threading.Thread(target=draw).start(), 1280, 800)
        self.assertGreaterEqual(seconds, 0.55)

    def test_no_window_is_said(self):
        with self.assertRaises(RuntimeError):
            self.empty().appears(lambda: None, 1280, 800, 0.2)

    def test_the_pixels_are_behind_header_and_colours(self):
        # Size 160, 2 colours of 12 bytes, lines of 6400 bytes.
        self.assertEqual(gui_screen.picture_place(struct.pack(">25I", 160, 7, *range(10), 6400, *range(6), 2, *range(5))), (184, 6400))
        with self.assertRaises(ValueError):
            gui_screen.picture_place(struct.pack(">25I", *range(25)))

    @unittest.skipUnless(shutil.which("Xvfb"), "Xvfb is not installed")
    def test_a_new_display_is_empty(self):
        with tempfile.TemporaryDirectory() as folder, gui_screen.Screen(folder) as screen:
            size = os.path.getsize(os.path.join(screen.folder, "Xvfb_screen0"))
            self.assertGreaterEqual(size, screen.first + screen.line * gui_screen.HEIGHT)
            self.assertEqual(screen.line, 4 * gui_screen.WIDTH)
            self.assertFalse(any(any(line) for line in screen.lines(1280, 800)))

    def test_the_saved_picture_has_the_colours_of_the_display(self):
        screen = self.empty()
        screen.memory[screen.first:screen.first + 8] = bytes([1, 2, 3, 0, 10, 20, 30, 0])  # blue, green, red, nothing
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "p.png")
            screen.save(path, 64, 32)
            picture = matplotlib.image.imread(path)
        self.assertEqual(picture.shape, (32, 64, 3))
        self.assertEqual((255 * picture[0, :3]).round().tolist(), [[3, 2, 1], [30, 20, 10], [0, 0, 0]])


class Rival(unittest.TestCase):
    def test_a_series_is_whole_with_its_last_step_and_all_points(self):
        series = [[0.0, step, 1.0] for step in (3, 7, 10)]
        self.assertTrue(gui_rival.whole(series, 10, None))
        self.assertFalse(gui_rival.whole(series, 11, None))
        self.assertFalse(gui_rival.whole(series, 10, 10))
        self.assertFalse(gui_rival.whole([], 10, None))

    def test_what_children_read_is_counted(self):
        reader = "import os\nos.read(os.open('/dev/zero', 0), 3000000)\nprint(flush=True)\nimport time\ntime.sleep(60)"
        child = subprocess.Popen(["/bin/sh", "-c", '"$0" -c "$1"; true', sys.executable, reader], stdout=subprocess.PIPE, start_new_session=True)
        try:
            child.stdout.readline()
            self.assertEqual(len(gui_rival.processes(child.pid)), 2)
            self.assertGreaterEqual(gui_rival.bytes_read(child.pid), 3000000)
            below = gui_rival.processes(child.pid)[1]
            self.assertGreaterEqual(gui_rival.bytes_read(below), 3000000)
            self.assertLess(gui_rival.counted([child.pid], "io", "rchar"), 3000000)
        finally:
            os.killpg(child.pid, 9)
            child.wait()
            child.stdout.close()

    def test_answers_count_once_every_series_is_loaded(self):
        for everything, points in ((False, 5), (True, 2000)):
            with tempfile.TemporaryDirectory() as folder:
                program = os.path.join(folder, "board")
                with open(program, "w") as file:
                    file.write(BOARD.format(python=sys.executable))
                os.chmod(program, stat.S_IRWXU)
                with open(os.path.join(folder, "one.tfevents.1"), "wb") as file:
                    file.write(bytes(20000000))
                said = gui_rival.show(program, folder, os.path.join(folder, "log"), 2000 if everything else 1000, 2, everything)
            self.assertGreaterEqual(said["seconds"], 1.3)
            self.assertLess(said["answering_seconds"], said["seconds"])
            self.assertEqual(said["points"], points)


if __name__ == "__main__":
    unittest.main()
