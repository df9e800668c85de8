"""Policies that are functions of this process."""

import threading
import unittest

import numpy as np

import airsplit

CELL = {"schema": 1, "name": "cell", "devices": {"count": 8}, "server": {}, "uplink": {"blocks": 3}, "model": {}, "deadline": "6 s",
        "rounds": 3}


def strongest(problem):
    """The best pair, as numbers of numpy."""
    ready = np.flatnonzero(problem.compute_time_s + problem.server_time_s < 0.6 * problem.deadline_s)
    if not ready.size:
        return []
    device = ready[problem.gains[ready].max(axis=1).argmax()]
    return [(device, problem.gains[device].argmax())]


class Policies(unittest.TestCase):
    def test_answers(self):
        """A function decides each round; what it leaves open is chosen for it; it stays below the optimum."""
        run = airsplit.run(CELL, policy=strongest)
        self.assertEqual(run.manifest["policy"], "external")
        self.assertEqual(run.devices.query("outcome == 'ok'").groupby("round").size().tolist(), [1, 1, 1])
        self.assertTrue((run.rounds["objective"] <= run.rounds["objective_optimum"] + 1e-12).all())
        self.assertIn("Device 0", run.explain(1, 0))

    def test_problem(self):
        """Arrays have a row per device, cannot be written to, and are the same draws as those of our policies."""
        seen = []

        def look(problem):
            seen.append(problem)
            return []

        run = airsplit.run(CELL, policy=look, trace=["rounds", "devices", "gains"])
        problem = seen[1]
        self.assertEqual((problem.round, problem.gains.shape, problem.device_count, problem.block_count), (2, (8, 3), 8, 3))
        gains = run.gains.query("round == 2").sort_values(["device", "block"])["gain_db"].fillna(-np.inf).to_numpy().reshape(8, 3)
        np.testing.assert_allclose(problem.gains_db, gains, rtol=1e-12)
        self.assertEqual((problem.deadline_s, problem.last["participants"], seen[0].last), (6.0, [], None))
        self.assertEqual(problem.power_max_w.shape, (8,))
        self.assertEqual(problem.bits.shape, problem.payload_bits.shape)
        with self.assertRaises(ValueError):
            problem.gains[0, 0] = 1
        with self.assertRaises(AttributeError):
            problem.deadline_s = 1

    def test_same_decisions_same_bytes(self):
        """A function that copies the optimum's pairs leaves the optimum's objective."""
        optimum = airsplit.run(CELL, policy="exact")
        pairs = {
            number: [(row.device, row.block) for row in rows.dropna(subset=["block"]).itertuples()]
            for number, rows in optimum.devices.groupby("round")}
        copied = airsplit.run(CELL, policy=lambda problem: pairs[problem.round])
        self.assertEqual(copied.rounds["objective"].tolist(), optimum.rounds["objective"].tolist())

    def test_no_deadline(self):
        run = airsplit.run({**CELL, "framework": "sfl"}, policy=lambda problem: [(0, 0)] if problem.deadline_s == np.inf else [])
        self.assertEqual(run.summary["rounds"], 3)

    def test_raises(self):
        """What the function raises reaches the caller, and so does what is wrong with its answer."""
        def fail(problem):
            raise ZeroDivisionError("mine")

        with self.assertRaisesRegex(ZeroDivisionError, "mine"):
            airsplit.run(CELL, policy=fail)
        for answer, error, words in [
            ([(0, 0, 1)], TypeError, "pairs"), ([(0.5, 0)], ValueError, "whole number"), ([object()], TypeError, "pairs"),
            ([{"device": 0, "block": 0, "power_w": float("nan")}], ValueError, "nan|JSON"), (None, TypeError, "iterable"),
            ([(0, 99)], airsplit.RunError, r"\(22g\) device 0: there is no block 99"),
            ([(0, 0), (0, 1)], airsplit.RunError, r"\(22"),
        ]:
            with self.subTest(answer), self.assertRaisesRegex(error, words):
                airsplit.run(CELL, policy=lambda problem: answer)
        with self.assertRaisesRegex(TypeError, "neither"):
            airsplit.run(CELL, policy=3)

    def test_violations(self):
        run = airsplit.run(CELL, policy=lambda problem: [(0, 99)], overrides={"policies.external.on_violation": "penalty"})
        self.assertEqual(run.rounds["violations"].tolist(), [1, 1, 1])

    def test_compare(self):
        """A function among names, on the same draws, called by its name."""
        frame = airsplit.compare(CELL, ["exact", strongest], baseline=strongest, metrics="objective", repetitions=4)
        self.assertEqual(frame["policy"].tolist(), ["exact", "strongest"])
        self.assertGreater(frame["paired_difference"][0], 0)

    def test_threads(self):
        """Runs of two threads, each with its function."""
        results = {}

        def work(name, blocks):
            results[name] = airsplit.run({**CELL, "uplink": {"blocks": blocks}}, policy=strongest).rounds["objective"].tolist()

        threads = [threading.Thread(target=work, args=(name, name + 2)) for name in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for name in range(3):
            work("again", name + 2)
            self.assertEqual(results[name], results["again"])


if __name__ == "__main__":
    unittest.main()
