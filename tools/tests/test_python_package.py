"""What of the Python package needs no package to be looked at."""

import re
import subprocess
import sys
import unittest
from pathlib import Path

root = Path(__file__).resolve().parents[2]


class PythonPackage(unittest.TestCase):
    def test_version(self):
        """The package's version is the program's."""
        package = re.search(r'^__version__ = "(.*)"$', (root / "Python/src/airsplit/__init__.py").read_text(), re.MULTILINE)
        program = re.search(r'static let version = "(.*)"', (root / "Sources/Simulation/Recorder.swift").read_text())
        self.assertEqual(package[1], program[1])

    def test_imports_nothing(self):
        """`import airsplit` needs neither numpy nor pandas until something of it is used."""
        code = "import sys; sys.path.insert(0, sys.argv[1]); import airsplit; dir(airsplit)"
        subprocess.run([sys.executable, "-I", "-S", "-c", code, str(root / "Python/src")], check=True)


if __name__ == "__main__":
    unittest.main()
