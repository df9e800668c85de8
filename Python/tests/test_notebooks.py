"""The notebooks of Examples run, and say what their kept outputs say.

    tools/test-python test_notebooks
    REFRESH_NOTEBOOKS=1 tools/test-python test_notebooks        # writes the outputs anew
"""

import os
import pathlib
import unittest

try:
    import nbformat
    from jupyter_client import AsyncKernelManager
    from nbclient import NotebookClient
    import ipykernel, matplotlib  # noqa: F401, E401
except ImportError as error:
    raise unittest.SkipTest(f"notebooks need nbclient, ipykernel and matplotlib: {error}") from None

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Examples" / "notebooks"
#: Of a notebook with its outputs, bytes.
LARGEST = 100_000


def texts(cell):
    """What a cell prints and shows, without pictures."""
    for output in cell.get("outputs", []):
        yield output.get("text") or output.get("data", {}).get("text/plain", "")


class Notebooks(unittest.TestCase):
    def test_run_as_kept(self):
        """Every cell runs, warns of nothing, and prints what it printed: but for cells tagged 'varies', whose digits are the machine's."""
        paths = sorted(FOLDER.glob("*.ipynb"))
        self.assertEqual(len(paths), 3)
        for path in paths:
            with self.subTest(notebook=path.name):
                kept = nbformat.read(path, as_version=4)
                nbformat.validate(kept)
                self.assertLess(path.stat().st_size, LARGEST)
                played = nbformat.from_dict(kept)
                kernel = AsyncKernelManager(kernel_name="python3", transport="ipc")
                NotebookClient(played, km=kernel, timeout=300, record_timing=False).execute()
                if os.environ.get("REFRESH_NOTEBOOKS"):
                    nbformat.write(played, path)
                    continue
                for before, after in zip(kept.cells, played.cells):
                    self.assertNotIn("stderr", [output.get("name") for output in after.get("outputs", [])], after.source)
                    if "varies" not in before.metadata.get("tags", []):
                        self.assertEqual(list(texts(before)), list(texts(after)), before.source)


if __name__ == "__main__":
    unittest.main()
