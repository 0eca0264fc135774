# SPDX-License-Identifier: Apache-2.0
"""TensorBoard: how long it takes from its start until its server has answered every series of a folder of event files.

What its page does with the answers in a browser is not in it. By default it keeps 1,000 points of a series, chosen at random. All of them
it gives where it is told to keep as many as there are; `--samples_per_plugin scalars=0`, which its help says keeps all, makes it answer
empty series (2.21.0, with and without --load_fast).
"""
import glob
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request

VERSION = "2.21.0"
VENV = os.path.join("build", "venv-tensorboard")
LONGEST = 1800.0
PAUSE = 0.25


def install(tell):
    """TensorBoard in an environment of its own, from the package index; made once."""
    done = os.path.join(VENV, f"tensorboard-{VERSION}.complete")
    if not os.path.exists(done):
        tell(f"installing tensorboard {VERSION} into {VENV}")
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        # Its plugins are found by pkg_resources, which setuptools has up to 81.
        subprocess.run([os.path.join(VENV, "bin/pip"), "install", "--quiet", "--disable-pip-version-check", f"tensorboard=={VERSION}",
                        "setuptools<81"], check=True)
        open(done, "w").close()
    return os.path.join(VENV, "bin/tensorboard")


def processes(pid):
    """The process and all below it."""
    found, parents = [pid], {}
    for stat in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(stat) as file:
                words = file.read().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        parents.setdefault(int(words[1]), []).append(int(stat.split("/")[2]))
    for parent in found:
        found += parents.get(parent, [])
    return found


def counted(pids, file, key):
    """Sum of a number of /proc over processes."""
    total = 0
    for one in pids:
        try:
            with open(f"/proc/{one}/{file}") as lines:
                total += sum(int(line.split()[1]) for line in lines if line.startswith(key + ":"))
        except OSError:
            continue
    return total


def bytes_read(pid):
    """By the process that reads the events: its data server, where it has one."""
    own, *below = processes(pid)
    return counted(below or [own], "io", "rchar")


def ask(address, path, **words):
    query = "?" + urllib.parse.urlencode(words) if words else ""
    with urllib.request.urlopen(address + path + query, timeout=LONGEST) as answer:
        return answer.read()


def whole(series, last_step, points):
    """A series that has been loaded: it ends with the last step, and has all points where `points` is given."""
    return bool(series) and series[-1][1] == last_step and (points is None or len(series) == points)


class Board:
    def __init__(self, program, folder, log, points):
        words = [program, "--logdir", folder, "--port", "0", "--host", "127.0.0.1"]
        if points:
            words += ["--samples_per_plugin", f"scalars={points}"]
        with open(log, "w") as said:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True)
        self.address = self.find(log)

    def find(self, log):
        until = time.monotonic() + 120.0
        while time.monotonic() < until and self.process.poll() is None:
            with open(log) as said:
                found = re.search(r"http://127\.0\.0\.1:\d+", said.read())
            if found:
                return found.group(0)
            time.sleep(0.05)
        self.end()
        sys.exit(f"tools/bench gui: TensorBoard did not start; see {log}")

    def end(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def show(program, folder, log, last_step, curves, everything):
    """Seconds from the start until all series were answered whole, of which those of the answers; points of a series; bytes answered;
    memory of its processes then."""
    size = sum(os.path.getsize(path) for path in glob.glob(os.path.join(folder, "**", "*tfevents*"), recursive=True))
    points = last_step if everything else None
    begin = time.perf_counter()
    board = Board(program, folder, log, points)
    try:
        while time.perf_counter() - begin < LONGEST:
            # Asking while it reads would slow it down: the kernel says how much it has read.
            if bytes_read(board.process.pid) < size:
                time.sleep(PAUSE)
                continue
            asking = time.perf_counter()
            runs = json.loads(ask(board.address, "/data/plugin/scalars/tags"))
            answers = [ask(board.address, "/data/plugin/scalars/scalars", run=run, tag=tag) for run, tags in runs.items() for tag in tags]
            end = time.perf_counter()
            series = [json.loads(answer) for answer in answers]
            if len(series) == curves and all(whole(s, last_step, points) for s in series):
                return {"seconds": end - begin, "answering_seconds": end - asking, "points": len(series[0]),
                        "answered_bytes": sum(map(len, answers)),
                        "resident_bytes": 1024 * counted(processes(board.process.pid), "status", "VmRSS")}
            time.sleep(PAUSE)
    finally:
        board.end()
    sys.exit(f"tools/bench gui: TensorBoard had not loaded {folder} after {LONGEST:.0f} s")
