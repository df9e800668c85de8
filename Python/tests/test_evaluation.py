"""Policies judged on common draws: the numbers of `airsplit compare`."""

import csv
import io
import unittest

import numpy as np

import airsplit
from airsplit import _command, evaluation, scenarios

try:
    import gymnasium  # noqa: F401
    from airsplit.environments import RoundEnv
except ImportError as error:
    raise unittest.SkipTest(f"environments need gymnasium: {error}") from None

CELL = {"schema": 1, "name": "cell", "devices": {"count": 8}, "server": {}, "uplink": {"blocks": 3}, "model": {}, "deadline": "6 s",
        "rounds": 3}


def nobody(observation):
    return np.full(3, 8)


class Evaluation(unittest.TestCase):
    def test_numbers_of_compare(self):
        """Means, intervals and paired differences are those of the command, digit by digit, also where some draws have no regret."""
        for devices, draws in ((8, 12), (2, 9)):
            with self.subTest(devices=devices):
                self.compare({**CELL, "devices": {"count": devices}, "deadline": "5 s"}, draws)

    def compare(self, cell, draws):
        ours = {"objective": "objective", "regret": "optimality_gap", "energy_j": "round_energy_j", "round_time_s": "round_time_s"}
        frame = airsplit.evaluate({name: name for name in ("bcd", "exact", "ep", "max-rate")}, cell, 12)
        with scenarios.file(cell) as (path, _):
            text = _command.call(
                ["compare", path, "--policies", "bcd,exact,ep,max-rate", "--repetitions", "12", "--metric", ",".join(ours.values()),
                 "--format", "csv"]).text()
        rows = {(row["policy"], row["metric"]): row for row in csv.DictReader(io.StringIO(text))}
        pairs = {"mean": "mean", "half_width": "ci95_half_width", "difference": "paired_difference",
                 "difference_half_width": "paired_ci95_half_width"}
        compared = 0
        for row in frame.itertuples():
            theirs = rows[row.policy, ours[row.metric]]
            self.assertEqual([row.draws, int(theirs["n"])], [draws if row.metric == "regret" else 12] * 2)
            for mine, name in pairs.items():
                value, other = getattr(row, mine), theirs[name]
                if other == "":
                    self.assertTrue(np.isnan(value), (row, name))
                else:
                    self.assertEqual(value, float(other), f"{row} {name}")
                    compared += 1
        self.assertGreater(compared, 40)

    def test_own_policies(self):
        """Functions play next to names, and who copies the optimum has no regret."""
        probe = RoundEnv(CELL)
        asked = []

        def masked(observation, action_masks):
            asked.append(observation["gains_db"].shape)
            free = action_masks.reshape(3, 9)[:, :8]
            return [int(mask.argmax()) if mask.any() else 8 for mask in free]

        class Model:
            def predict(self, observation, state=None, deterministic=False):
                assert deterministic
                return np.full(3, 8), None

        frame = airsplit.evaluate(
            {"exact": "exact", "masked": masked, "nobody": nobody, "model": Model()}, CELL, [5, 9, np.int64(11)])
        means = frame.set_index(["policy", "metric"])["mean"]
        self.assertEqual(set(asked), {(8, 3)})
        self.assertEqual(means["exact", "regret"], 0)
        self.assertTrue(0 < means["masked", "objective"] < means["exact", "objective"])
        self.assertEqual((means["nobody", "regret"], means["model", "objective"]), (1, 0))
        # All draws of a constant are alike, which is no evidence.
        self.assertTrue(np.isnan(frame.set_index(["policy", "metric"])["half_width"]["nobody", "objective"]))
        draws = frame.attrs["draws"]
        self.assertEqual(draws["seed"].tolist(), [5, 9, 11] * 4)
        # The same world, played by hand.
        seen, _ = probe.reset(seed=9)
        objectives = []
        for _ in range(3):
            seen, reward, *_ = probe.step(masked(seen, probe.action_masks()))
            objectives.append(reward)
        self.assertEqual(draws.query("policy == 'masked' and seed == 9")["objective"].item(), sum(objectives) / 3)

    def test_other_actions(self):
        """Scores and bits are judged alike, with or without events."""
        policies = {"all": lambda observation: np.ones(8), "exact": "exact"}
        with_events, without = (airsplit.evaluate(policies, CELL, 4, action="scores", events=events) for events in (True, False))
        np.testing.assert_allclose(with_events["mean"], without["mean"], rtol=1e-9)
        frame = airsplit.evaluate({"few": lambda observation: np.ones(8, int)}, CELL, 2, action="bits", metrics="objective")
        self.assertEqual(frame["metric"].tolist(), ["objective"])

    def test_mistakes(self):
        """What cannot be judged is said in words."""
        for words, keywords in {
            "there are no seeds": {"seeds": 0}, "given twice": {"seeds": [1, 1]}, "a whole number from 0": {"seeds": [-1]},
            "seeds is 'many'": {"seeds": "many"}, "seeds is 1.5": {"seeds": 1.5}, "there is no policy": {"policies": {}},
            "'nonesuch'; objective, regret": {"metrics": ["nonesuch"]}, "the baseline 'b' is no policy": {"baseline": "b"},
            "is no policy: a name, a function": {"policies": {"one": 3}}, "have the shapes": {"policies": {"odd": _Odd()}},
            "'nonesuch' is not one of exact": {"policies": {"one": "nonesuch"}}, "the shape": {"policies": {"one": lambda seen: 3}},
        }.items():
            with self.subTest(words=words), self.assertRaisesRegex(airsplit.AirSplitError, words):
                airsplit.evaluate(keywords.pop("policies", {"nobody": nobody}), CELL, **{"seeds": 2, **keywords})


class _Odd:
    """Answers that differ in shape from one to the next."""

    def __init__(self):
        self.count = 0

    def __call__(self, observation):
        self.count += 1
        return np.full(self.count, 8)


if __name__ == "__main__":
    unittest.main()
