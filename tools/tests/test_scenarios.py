"""Scenarios as Python's usual YAML reader sees them: numbers are numbers."""

import os
import re
import subprocess
import unittest
from pathlib import Path

try:
    import yaml
except ImportError:
    yaml = None

ROOT = Path(__file__).parent.parent.parent
AIRSPLIT = Path(os.environ.get("AIRSPLIT", ROOT / ".build/debug/airsplit"))
NUMBER = re.compile(r"[-+]?[0-9.][0-9._]*([eE][-+]?[0-9]+)?")


def numbers_as_text(node, path=""):
    """Key paths of all texts that look like numbers."""
    if isinstance(node, dict):
        return [found for key, value in node.items() for found in numbers_as_text(value, f"{path}.{key}")]
    if isinstance(node, list):
        return [found for value in node for found in numbers_as_text(value, path)]
    return [f"{path}: {node}"] if isinstance(node, str) and NUMBER.fullmatch(node) else []


@unittest.skipUnless(yaml, "PyYAML is not installed")
class Scenarios(unittest.TestCase):
    def setUp(self):
        self.files = sorted((ROOT / "scenarios").glob("*.yaml"))
        self.assertGreater(len(self.files), 5)

    def test_committed_scenarios_and_run_folders_have_numbers(self):
        kept = sorted((ROOT / "Tests/GoldenTests/Golden").glob("*/scenario.yaml"))
        self.assertGreater(len(kept), 5)
        for file in self.files + kept:
            self.assertEqual(numbers_as_text(yaml.safe_load(file.read_text())), [], file)

    @unittest.skipUnless(AIRSPLIT.exists(), f"there is no {AIRSPLIT}")
    def test_resolved_scenarios_have_numbers(self):
        for file in self.files:
            done = subprocess.run([AIRSPLIT, "validate", file, "--resolved"], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(numbers_as_text(yaml.safe_load(done.stdout)), [], file)


if __name__ == "__main__":
    unittest.main()
