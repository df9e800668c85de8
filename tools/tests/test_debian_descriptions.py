"""Package lists become a text data set whose clients are maintainers, and no person is named in it."""

import collections
import contextlib
import io
import json
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).parent.parent / "python/debian_descriptions.py"
sys.path.insert(0, str(SCRIPT.parent))

import debian_descriptions  # noqa: E402

SECTIONS = ["libs", "python", "perl", "doc", "utils", "net", "rust", "java", "games", "science", "oldlibs"]


def stanza(package, maintainer, section, text, source=None):
    lines = [f"Package: {package}", *([f"Source: {source} (1.2)"] if source else []), "Version: 1.0-1", f"Maintainer: {maintainer}",
             f"Description: {text}", " More of it, on further lines:", " Section: none of this", f"Section: {section}"]
    return "\n".join(lines) + "\n"


def packages():
    """Six maintainers, one by one larger, and eleven sections, of which the last is the smallest."""
    made = []
    for owner in range(6):
        for number in range(10 * (owner + 1)):
            section = SECTIONS[(number + owner) % (10 if owner else 11)]
            made.append(stanza(f"p{owner}-{number}", f"Person {'ABCDEF'[owner]} Example <P{owner}@Example.org>", section,
                               f"tool {number} of kind {owner}"))
    return made


class DebianDescriptions(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def made(self, stanzas, *options, out="out"):
        """What is written, by name, and what is printed."""
        (self.folder / "Packages").write_text("\n".join(stanzas))
        with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.redirect_stderr(io.StringIO()):
            debian_descriptions.main([str(self.folder / out), str(self.folder / "Packages"), *options])
        return {path.name: path.read_text() for path in (self.folder / out).iterdir()}, printed.getvalue()

    def rows(self, text):
        return [json.loads(line) for line in text.splitlines()]

    def test_clients_are_maintainers_and_labels_the_ten_largest_sections(self):
        files, _ = self.made(packages(), "--clients", "4", "--least", "15")
        self.assertEqual(set(files), {"train.jsonl", "test.jsonl", "clients.csv", "labels.txt"})
        self.assertEqual(files["labels.txt"].split(), sorted(SECTIONS[:10]))
        train = self.rows(files["train.jsonl"])
        fleet = [line.split(",") for line in files["clients.csv"].splitlines()]
        self.assertEqual(fleet[0], ["name", "samples"])
        # Client after client, in the fleet's order and sizes: sample n of AirSplit is line n.
        self.assertEqual([row["client"] for row in train], [name for name, size in fleet[1:] for _ in range(int(size))])
        self.assertTrue(all(int(size) >= 15 for _, size in fleet[1:]))
        self.assertEqual([name for name, _ in fleet[1:]], sorted(name for name, _ in fleet[1:]))
        for row in train:
            owner, number = int(row["text"].split()[-1]), int(row["text"].split()[1])
            self.assertEqual(row["client"], debian_descriptions.digest(f"p{owner}@example.org")[:12])
            self.assertEqual(files["labels.txt"].split()[row["label"]], SECTIONS[(number + owner) % (10 if owner else 11)])

    def test_the_same_packages_in_another_order_are_the_same_bytes(self):
        first, _ = self.made(packages(), "--clients", "4", "--least", "15")
        shuffled = packages()
        random.Random(3).shuffle(shuffled)
        again, _ = self.made(shuffled, "--clients", "4", "--least", "15", out="again")
        self.assertEqual(first, again)

    def test_packages_of_one_source_are_all_trained_on_or_all_tested(self):
        family = [stanza(f"lib{n}-{part}", f"Team {n % 5} <t{n % 5}@lists.org>", "libs", f"library {n}, part {part}", f"lib{n}")
                  for n in range(60) for part in range(3)]
        files, _ = self.made(family, "--clients", "5", "--least", "5")
        sides = {name: {row["text"].split(",")[0] for row in self.rows(files[name])} for name in ("train.jsonl", "test.jsonl")}
        self.assertTrue(sides["train.jsonl"] and sides["test.jsonl"])
        self.assertFalse(sides["train.jsonl"] & sides["test.jsonl"])

    def test_a_description_stands_once_and_a_package_of_two_lists_too(self):
        doubled = packages() + [stanza("z-later", "Person F Example <p5@example.org>", "libs", "Tool 3 of  kind 5"),
                                stanza("p5-4", "Person F Example <p5@example.org>", "science", "zz, an update of another text")]
        files, _ = self.made(doubled, "--clients", "4", "--least", "15")
        texts = [row["text"].lower() for row in self.rows(files["train.jsonl"]) + self.rows(files["test.jsonl"])]
        self.assertEqual([text for text, count in collections.Counter(texts).items() if count > 1], [])
        self.assertNotIn("zz, an update of another text", texts)

    def test_no_person_is_named(self):
        named = packages() + [stanza("q", "Person F Example <p5@example.org>", "libs", "the scripts of Person-B, example: all of them"),
                              stanza("r", "Person F Example <p5@example.org>", "libs", "an example of a person who")]
        files, printed = self.made(named, "--clients", "6", "--least", "1")
        together = " ".join(files.values()) + printed
        self.assertIn("an example of a person who", together)
        for word in ("Person", "@", "p5", "scripts"):
            self.assertNotIn(word, together)

    def test_sizes_can_be_limited_and_the_first_by_hash_stay(self):
        whole, _ = self.made(packages(), "--clients", "4", "--least", "15")
        few, _ = self.made(packages(), "--clients", "4", "--least", "15", "--most", "20", "--test", "3", out="few")
        self.assertEqual(len(self.rows(few["test.jsonl"])), 3)
        self.assertTrue(whole["test.jsonl"].startswith(few["test.jsonl"]))
        self.assertEqual(max(collections.Counter(row["client"] for row in self.rows(few["train.jsonl"])).values()), 20)
        self.assertLess(set(few["train.jsonl"].splitlines()), set(whole["train.jsonl"].splitlines()))

    def test_the_table_measures_sizes_and_labels(self):
        # One client has all of a, the other half a and half b: shares of all are 3/4 and 1/4.
        self.assertEqual(debian_descriptions.row("x", [["a"] * 4, ["a", "a", "b", "b"]]),
                         "| x | 4 | 4 | 4 | 50% | 1.5 | 75% | 0.25 |")
        _, printed = self.made(packages(), "--clients", "4", "--least", "15")
        self.assertEqual([line.split("|")[1].strip() for line in printed.splitlines()[2:]],
                         ["maintainers", "Dir(0.1)", "Dir(0.3)", "Dir(1)"])
        dealt = debian_descriptions.dirichlet(["a"] * 500 + ["b"] * 500, 10, 0.1)
        self.assertEqual(sum(map(len, dealt)), 1000)

    def test_what_cannot_be_read_is_refused_in_words(self):
        def refusal(*arguments):
            done = subprocess.run([sys.executable, SCRIPT, self.folder / "out", *arguments], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertFalse((self.folder / "out").exists())
            return done.stderr
        self.assertIn("nowhere: there is no such file", refusal("nowhere"))
        (self.folder / "Packages").write_text("Package: a\n")
        self.assertIn("Packages: it is no list of packages", refusal(self.folder / "Packages"))
        (self.folder / "Packages").write_text("\n".join(packages()))
        self.assertIn("6 maintainers have 1 descriptions or more, and 50 are wanted",
                      refusal(self.folder / "Packages", "--least", "1"))

    @unittest.skipUnless(Path(debian_descriptions.HELPER).exists(), "there is no apt")
    def test_a_compressed_list_says_the_same(self):
        plain, _ = self.made(packages(), "--clients", "4", "--least", "15")
        subprocess.run(["xz", "--keep", self.folder / "Packages"], check=True)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            debian_descriptions.main([str(self.folder / "packed"), str(self.folder / "Packages.xz"), "--clients", "4", "--least", "15"])
        self.assertEqual(plain, {path.name: path.read_text() for path in (self.folder / "packed").iterdir()})


if __name__ == "__main__":
    unittest.main()
