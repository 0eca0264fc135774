# SPDX-License-Identifier: Apache-2.0
"""What names the folders of results (tools/bench.d/made_by.py), and what else ran on the machine (idle.py)."""
import contextlib
import io
import os
import stat
import subprocess
import sys
import tempfile
import unittest

import bench_scripts  # noqa: F401: where the modules are
import idle
import made_by


class MadeBy(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder, self.bin = folder.name, made_by.BIN
        made_by.BIN = folder.name
        self.program("one", "echo one 1.0")

    def tearDown(self):
        made_by.BIN = self.bin

    def program(self, name, command):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(f"#!/bin/sh\n{command}\n")
        os.chmod(path, stat.S_IRWXU)

    def refused(self, identity, folder):
        with self.assertRaises(SystemExit) as refusal:
            made_by.claim(folder, identity, "model")
        return str(refusal.exception)

    def test_an_identity_follows_programs_preset_and_what_else_is_said(self):
        before = made_by.identity(["one"], "nano", planets=8)
        self.assertEqual(before["version"], "one 1.0")
        self.assertEqual(made_by.key(before), made_by.key(dict(reversed(before.items()))))
        keys = {made_by.key(made_by.identity(["one"], "demo", planets=8)), made_by.key(made_by.identity(["one"], "nano", planets=9)),
                made_by.key(before)}
        self.program("one", "echo one 1.0  # built anew")
        keys.add(made_by.key(made_by.identity(["one"], "nano", planets=8)))
        self.assertEqual(len(keys), 4)

    def test_results_of_another_state_are_refused_by_what_differs(self):
        place = os.path.join(self.folder, "results")
        made_by.claim(place, {"one": "a", "planets": "8"}, "model")
        made_by.claim(place, {"planets": "8", "one": "a"}, "model")
        said = self.refused({"one": "b", "planets": "8"}, place)
        self.assertIn("one;", said)
        self.assertNotIn("planets", said)

    def test_a_folder_that_does_not_say_what_made_it_is_refused(self):
        place = os.path.join(self.folder, "results")
        os.makedirs(os.path.join(place, "seed-1"))
        self.assertIn("does not say", self.refused({"one": "a"}, place))

    def test_planets_are_made_once_and_finished_where_that_was_cut_off(self):
        # As ecumene-data behaves: a store with its generator's name, and an exit code.
        log, told = os.path.join(self.folder, "log"), []
        body = (f"import sqlite3, os, sys\nstore = sys.argv[sys.argv.index('--store') + 1]\nopen({log!r}, 'a').write(store + '\\n')\n"
                "os.makedirs(store, exist_ok=True)\nfile = sqlite3.connect(os.path.join(store, 'catalogue.sqlite'))\n"
                "file.execute('CREATE TABLE IF NOT EXISTS generation (generator TEXT)')\n"
                "file.execute(\"INSERT INTO generation VALUES ('ours 3')\")\nfile.commit()\n"
                "sys.exit(5 if os.path.exists(store + '.fails') else 0)\n")
        with open(os.path.join(self.folder, "ecumene-data"), "w") as file:
            file.write(f"#!{sys.executable}\n{body}")
        os.chmod(os.path.join(self.folder, "ecumene-data"), stat.S_IRWXU)
        home = os.path.join(self.folder, "home")
        store = os.path.join(home, "planets-8-seed-4-ours-3")
        os.mkdir(home)
        open(store + ".fails", "w").close()
        with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()):
            made_by.planets(home, 8, 4, told.append)
        os.remove(store + ".fails")
        self.assertEqual(made_by.planets(home, 8, 4, told.append)[0], store)
        again = made_by.planets(home, 8, 4, told.append)
        self.assertEqual(again[0], store)
        self.assertGreater(again[1], 0.0)
        with open(log) as file:
            self.assertEqual(file.read().split().count(store), 2)
        self.assertEqual(len(told), 2)


class Idle(unittest.TestCase):
    def test_a_share_is_of_all_cores_and_without_ours(self):
        self.assertAlmostEqual(idle.share(15.0, 5.0, 10.0, 4), 0.25)
        self.assertEqual(idle.share(5.0, 6.0, 10.0, 4), 0.0)
        self.assertEqual(idle.share(500.0, 0.0, 10.0, 4), 1.0)

    def test_what_a_child_does_is_ours(self):
        before = idle.busy_seconds()
        subprocess.run([sys.executable, "-c", "import time\nwhile time.process_time() < 0.5: pass"], check=True)
        after = idle.busy_seconds()
        self.assertGreaterEqual(after[1] - before[1], 0.5)
        self.assertGreaterEqual(after[0] - before[0], 0.4)

    def test_what_a_child_leaves_behind_is_ours_once_it_has_ended(self):
        # In a process of its own, whose children are only these.
        said = subprocess.run(
            [sys.executable, "-c", "import sys, time\nsys.path.insert(0, 'tools/bench.d')\nimport idle, subprocess\nidle.adopt()\n"
             "work = 'import time\\nwhile time.process_time() < 0.5: pass'\n"
             "subprocess.run(['/bin/sh', '-c', '\"$0\" -c \"$1\" &', sys.executable, work])\nbefore = idle.busy_seconds()[1]\n"
             "until = time.monotonic() + 30\n"
             "while idle.busy_seconds()[1] < before + 0.4 and time.monotonic() < until:\n    time.sleep(0.05)\n    idle.collect()\n"
             "print(idle.busy_seconds()[1] - before)"], check=True, capture_output=True, text=True)
        self.assertGreaterEqual(float(said.stdout), 0.4)

    def test_the_sentence_warns_of_others(self):
        self.assertIn("was idle", idle.sentence(0.01))
        self.assertIn("40 % of its cores", idle.sentence(0.4))
        self.assertIn("WARNING", idle.sentence(0.4))


if __name__ == "__main__":
    unittest.main()
