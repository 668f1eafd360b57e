import os
import subprocess
import sys
import tempfile
import unittest

from cadre_incentive.scratch import Scratch

HOLD = """
import os, signal, sys
from cadre_incentive.scratch import Scratch
Scratch(sys.argv[1])
print("held", flush=True)
signal.pause()
"""


class TestScratch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.target = os.path.join(folder.name, "a[1].csv")

    def hold(self):
        process = subprocess.Popen([sys.executable, "-c", HOLD, self.target], stdout=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertEqual(process.stdout.readline(), b"held\n")
        return process

    def test_the_file_is_put_in_its_place_and_nothing_else_stays(self):
        with Scratch(self.target) as scratch:
            with open(scratch.path, "w") as file:
                file.write("all of it")
            self.assertFalse(os.path.exists(self.target))
            scratch.finish()
        self.assertEqual(os.listdir(self.folder), ["a[1].csv"])

    def test_what_a_killed_run_has_left_is_swept_by_the_next(self):
        process = self.hold()
        process.kill()
        process.wait()
        self.assertEqual(len(os.listdir(self.folder)), 1)
        Scratch(self.target).close()
        self.assertEqual(os.listdir(self.folder), [])

    def test_a_living_run_and_other_files_are_left_alone(self):
        self.hold()
        other = os.path.join(self.folder, ".b.csv.1234.part")
        os.mkdir(other)
        Scratch(self.target).close()
        self.assertEqual(len(os.listdir(self.folder)), 2)
        self.assertTrue(os.path.isdir(other))
