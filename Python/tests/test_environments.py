"""Worlds as Gymnasium environments: the same draws as the program's, and nothing that a caller does ends the process."""

import copy
import itertools
import json
import multiprocessing
import pathlib
import pickle
import resource
import shutil
import subprocess
import tempfile
import threading
import unittest
import warnings

import numpy as np

import airsplit

try:
    import gymnasium
    from gymnasium.utils.env_checker import check_env
    from airsplit import _command, _library, scenarios
    from airsplit.environments import NO_LINK_DB, RoundEnv, RoundVectorEnv
except ImportError as error:
    raise unittest.SkipTest(f"environments need gymnasium: {error}") from None

CELL = {"schema": 1, "name": "cell", "devices": {"count": 8}, "server": {}, "uplink": {"blocks": 3}, "model": {}, "deadline": "6 s",
        "rounds": 3}
#: Channels that move, a server with a queue, a downlink: worlds that differ in what a round is.
KINDS = {
    "plain": {}, "moving": {"uplink.fading": {"rayleigh": {"speed": "3 km/h"}}, "channel_estimate": {"kind": "mean"}},
    "downlink": {"downlink": {"power": "10 W"}, "devices.receive_power": "0.5 W"},
    "queue": {"server.accelerators": 1, "forecast.server": "mean"},
}
MODES = [
    {"action": "assign"}, {"action": "assign", "choose_bits": True}, {"action": "assign", "choose_power": 4},
    {"action": "assign", "choose_bits": True, "choose_power": 4}, {"action": "scores"}, {"action": "bits"}]


def sensible(environment, seed=0):
    """An action at random, which the masks allow."""
    random = np.random.default_rng(seed)
    shape = environment.unwrapped.action_space.shape
    if environment.unwrapped.action_space.dtype == np.float32:
        return random.uniform(-1, 1, shape).astype(np.float32)
    limits = environment.unwrapped.action_space.nvec
    ends = np.cumsum(limits)
    masks = np.split(environment.unwrapped.action_masks(), ends[:-1])
    return np.array([random.choice(np.flatnonzero(mask)) for mask in masks])


class Checkers(unittest.TestCase):
    def test_gymnasium(self):
        """gymnasium's checker has nothing to say, in every action mode and with every reward."""
        for mode, reward in itertools.product(MODES, ["objective", "-regret", "-joules", "accuracy", lambda info: info["late"]]):
            with self.subTest(mode=mode, reward=reward), warnings.catch_warnings():
                warnings.simplefilter("error")
                environment = gymnasium.make("airsplit/Round-v0", scenario=CELL, reward=reward, **mode)
                check_env(environment.unwrapped, skip_render_check=True)
                environment.close()

    def test_stable_baselines(self):
        """Nor has that of stable-baselines3, but that a matrix of gains is no vector."""
        try:
            from stable_baselines3.common.env_checker import check_env as check
        except ImportError as error:
            self.skipTest(str(error))
        for mode in MODES:
            with self.subTest(mode=mode), warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always")
                check(RoundEnv(CELL, **mode))
                self.assertEqual([str(one.message) for one in said if "unconventional shape" not in str(one.message)], [])
                flat = gymnasium.wrappers.FlattenObservation(RoundEnv(CELL, **mode))
                del said[:]
                check(flat)
                self.assertEqual([str(one.message) for one in said], [])

    def test_shipped_scenarios(self):
        """Every shipped scenario that has a round to decide plays, and what is seen lies in the space."""
        played = 0
        for name in airsplit.list_scenarios():
            if name == "city" or name.startswith(("train", "fig6")):
                continue
            with self.subTest(scenario=name), warnings.catch_warnings():
                warnings.simplefilter("ignore", airsplit.AirSplitWarning)
                try:
                    environment = RoundEnv(name, action="bits", overrides={"rounds": 2, "training.trainer": "none"}, events=False)
                except airsplit.ScenarioError as error:
                    self.assertRegex(str(error), "nothing to decide|carries work over")
                    continue
                observation, _ = environment.reset(seed=1)
                while True:
                    self.assertTrue(environment.observation_space.contains(observation), name)
                    observation, reward, terminated, truncated, _ = environment.step(sensible(environment))
                    self.assertTrue(np.isfinite(reward))
                    if terminated or truncated:
                        break
                played += 1
                environment.close()
        self.assertGreater(played, 12)


class SameBytes(unittest.TestCase):
    def play(self, overrides, folder, step):
        """A run of the environment in ``folder``, whose rounds ``step`` plays by what the policy of the scenario answered."""
        decided = airsplit._worlds.opened(CELL, {"policy": "exact", **overrides}, decides="scenario")
        environment = RoundEnv(CELL, overrides=overrides, choose_bits=True, out=str(folder), on_violation="error")
        decided.reset(seeds=[5])
        environment.reset(seed=5)
        for _ in range(3):
            decided.step(None)
            step(environment, decided)
        decided.close()
        environment.close()

    def test_exact(self):
        """Who gives the answers of a policy writes the traces of a run of that policy, to the byte."""
        def whole(environment, decided):
            environment.worlds.step(
                _library.BLOCKS, devices=decided.block_devices, bits=decided.block_bits, power_w=decided.block_power_w)

        def open_powers(environment, decided):
            devices = np.where(decided.block_devices < 0, 8, decided.block_devices)[0]
            bits = np.searchsorted(environment._cell.levels, decided.block_bits[0]) + 1
            environment.step(np.concatenate((devices, np.where(devices == 8, 0, bits))))

        def open_bits(environment, decided):
            devices = np.where(decided.block_devices < 0, 8, decided.block_devices)[0]
            environment.step(np.concatenate((devices, np.zeros(3, int))))

        for (kind, overrides), step in itertools.product(KINDS.items(), (whole, open_powers, open_bits)):
            with self.subTest(kind=kind, step=step.__name__), tempfile.TemporaryDirectory() as place:
                place = pathlib.Path(place)
                self.play(overrides, place / "ours", step)
                run = airsplit.run(
                    CELL, policy="exact", overrides={**overrides, "rounds": 3}, repetition=5, out=place / "theirs")
                self.assertEqual(len(run.rounds), 3)
                for name in ("rounds.csv", "devices.csv"):
                    self.assertEqual((place / "ours" / name).read_bytes(), (place / "theirs" / name).read_bytes(), name)

    def test_every_trace(self):
        """The command, Python, the library that asks the scenario's policy, and one that is told its answers write the same bytes."""
        traces = ["rounds", "devices", "events", "gains"]
        for kind, overrides in KINDS.items():
            with self.subTest(kind=kind), tempfile.TemporaryDirectory() as place, scenarios.file(CELL) as (file, _):
                place, overrides = pathlib.Path(place), {"policy": "exact", **overrides}
                subprocess.run(
                    [_command.program(), "run", file, *scenarios.settings(overrides), "--repetition", "5", "--trace", ",".join(traces),
                     "--quiet", "--out", place / "command"], check=True, capture_output=True)
                airsplit.run(CELL, overrides=overrides, repetition=5, trace=traces, out=place / "python")
                with (
                    airsplit._worlds.opened(CELL, overrides, decides="scenario", out=str(place / "asked"), traces=traces) as asked,
                    airsplit._worlds.opened(CELL, overrides, out=str(place / "told"), traces=traces) as told,
                ):
                    asked.reset(seeds=[5])
                    told.reset(seeds=[5])
                    while not asked.truncated:
                        asked.step(None)
                        told.step(
                            _library.BLOCKS, devices=asked.block_devices, bits=asked.block_bits, power_w=asked.block_power_w)
                for name in (f"{trace}.csv" for trace in traces):
                    expected = (place / "command" / name).read_bytes()
                    self.assertGreater(expected.count(b"\n"), 3)
                    for way in ("python", "asked", "told"):
                        self.assertEqual((place / way / name).read_bytes(), expected, f"{way} {name}")

    def test_example_in_c(self):
        """The example in C, compiled, says what Python says, to the last bit."""
        compiler = shutil.which("cc") or shutil.which("clang")
        root = pathlib.Path(__file__).resolve().parents[2]
        if compiler is None or not (root / "Examples" / "C").is_dir():
            self.skipTest("no compiler of C")
        with tempfile.TemporaryDirectory() as place:
            program, library = pathlib.Path(place) / "rounds", _library.place()
            subprocess.run(
                [compiler, f"-I{root}/Sources/CAirSplit/include", root / "Examples" / "C" / "rounds.c", library,
                 f"-Wl,-rpath,{library.parent}", "-o", program], check=True)
            said = subprocess.run([program, root / "scenarios" / "quickstart.yaml"], check=True, capture_output=True, text=True).stdout
        with airsplit._worlds.opened("quickstart", {"rounds": 5}, worlds=4) as worlds:
            worlds.reset(seeds=range(4))
            lines = []
            for number in range(1, 6):
                worlds.step(_library.SCORES, scores=worlds.gains_db.max(axis=2) + np.float32(200))
                figures = zip(worlds.figure("objective"), worlds.figure("objective_optimum"))
                lines += [f"{number} {world} {one:.17g} {best:.17g}" for world, (one, best) in enumerate(figures)]
        self.assertEqual(said.splitlines(), lines)

    def test_drawn_repetitions(self):
        """What begins without a seed says which repetition it is, far from those that people count."""
        environment = RoundEnv(CELL)
        _, first = environment.reset(seed=3)
        numbers = [environment.reset()[1]["repetition"] for _ in range(50)]
        self.assertEqual(first["repetition"], 3)
        self.assertEqual(len(set(numbers)), 50)
        self.assertTrue(all(1 << 23 <= number < 1 << 24 for number in numbers))
        gains = environment.reset()
        again, _ = environment.reset(seed=gains[1]["repetition"])
        np.testing.assert_array_equal(gains[0]["gains_db"], again["gains_db"])
        environment.reset(seed=3)
        self.assertEqual([environment.reset()[1]["repetition"] for _ in range(50)], numbers)
        self.assertNotEqual(RoundEnv(CELL).reset()[1], RoundEnv(CELL).reset()[1])


class VectorWorlds(unittest.TestCase):
    def test_as_single_worlds(self):
        """Worlds side by side are the same worlds one by one, also behind the ends of episodes, where no step is lost."""
        for mode, events, threads in itertools.product(MODES, (True, False), (1, 2)):
            with self.subTest(mode=mode, events=events, threads=threads):
                vector = RoundVectorEnv(3, CELL, events=events, threads=threads, **mode)
                singles = [RoundEnv(CELL, events=events, **mode) for _ in range(3)]
                seen, infos = vector.reset(seed=[4, 9, None])
                for world, single in enumerate(singles):
                    single.reset(seed=int(infos["repetition"][world]))
                for count in range(1, 8):
                    actions = np.stack([sensible(single, count + 10 * world) for world, single in enumerate(singles)])
                    seen, rewards, terminated, truncated, infos = vector.step(actions)
                    self.assertEqual(truncated.tolist(), [count % 3 == 0] * 3)
                    for world, single in enumerate(singles):
                        alone, reward, _, ended, info = single.step(actions[world])
                        self.assertEqual((reward, ended), (rewards[world], truncated[world]))
                        self.assertEqual(info["round_time_s"], infos["round_time_s"][world])
                        if ended:
                            self.same(alone, infos["final_obs"][world])
                            self.assertEqual(info["objective"], infos["final_info"]["objective"][world])
                            self.assertEqual(info["repetition"], infos["final_info"]["repetition"][world])
                            alone, _ = single.reset(seed=int(infos["repetition"][world]))
                        self.same(alone, {name: array[world] for name, array in seen.items()})
                for environment in (vector, *singles):
                    environment.close()

    def same(self, one, other):
        self.assertEqual(one.keys(), other.keys())
        for name in one:
            np.testing.assert_array_equal(one[name], other[name], err_msg=name)

    def test_wrappers(self):
        """What gymnasium wraps around vector environments works on this one, as on its own vectors of single worlds."""
        wrappers, modes = gymnasium.wrappers.vector, gymnasium.vector.AutoresetMode
        vector = gymnasium.make_vec("airsplit/Round-v0", num_envs=2, scenario=CELL, action="scores")
        self.assertIsInstance(vector.unwrapped, RoundVectorEnv)
        self.assertEqual(vector.metadata["autoreset_mode"], modes.SAME_STEP)
        wrapped = wrappers.DictInfoToList(vector)
        wrapped.reset(seed=0)
        for _ in range(3):
            _, _, _, truncated, infos = wrapped.step(wrapped.action_space.sample())
        self.assertTrue(truncated.all())
        self.assertIn("gains_db", infos[1]["final_obs"])
        vector = gymnasium.make_vec("airsplit/Round-v0", num_envs=2, scenario=CELL, action="scores", autoreset=False)
        self.assertEqual(vector.metadata["autoreset_mode"], modes.DISABLED)
        wrapped = wrappers.FlattenObservation(wrappers.RecordEpisodeStatistics(vector))
        observation, _ = wrapped.reset(seed=0)
        self.assertEqual(observation.shape, (2, 8 * 3 + 6 * 8))
        for _ in range(3):
            _, _, _, truncated, infos = wrapped.step(wrapped.action_space.sample())
        self.assertEqual(infos["episode"]["l"].tolist(), [3, 3])
        with self.assertRaisesRegex(airsplit.ScenarioError, "reset it first"):
            wrapped.step(wrapped.action_space.sample())
        wrapped.reset(options={"reset_mask": truncated})
        wrapped.step(wrapped.action_space.sample())
        vector = gymnasium.make_vec("airsplit/Round-v0", num_envs=2, scenario=CELL, action="scores")
        synchronous = gymnasium.make_vec("airsplit/Round-v0", num_envs=2, vectorization_mode="sync", scenario=CELL, action="scores")
        for environment in (synchronous, vector):
            environment.action_space.seed(1)
        one, _ = synchronous.reset(seed=7)
        other, _ = vector.reset(seed=7)
        self.same(one, other)
        action = vector.action_space.sample()
        self.assertEqual(synchronous.step(action)[1].tolist(), vector.step(action)[1].tolist())

    def test_some_worlds(self):
        """A mask resets some of the worlds."""
        vector = RoundVectorEnv(3, CELL, action="scores")
        before, _ = vector.reset(seed=0)
        after, infos = vector.reset(seed=5, options={"reset_mask": np.array([False, True, False])})
        self.assertEqual(infos["repetition"].tolist(), [0, 6, 2])
        np.testing.assert_array_equal(before["gains_db"][[0, 2]], after["gains_db"][[0, 2]])
        self.assertFalse(np.array_equal(before["gains_db"][1], after["gains_db"][1]))
        with self.assertRaisesRegex(airsplit.ScenarioError, "a bool per world"):
            vector.reset(options={"reset_mask": [0, 1, 0]})

    def test_rewards_of_ones_own(self):
        """A function is given the arrays of all worlds, and has to give a number for each."""
        vector = RoundVectorEnv(2, CELL, action="scores", reward=lambda info: info["objective"] - info["late"])
        vector.reset(seed=0)
        _, reward, _, _, info = vector.step(np.ones((2, 8)))
        np.testing.assert_array_equal(reward, info["objective"] - info["late"])
        for wrong in (lambda info: 1.0, lambda info: None, lambda info: "much"):
            vector = RoundVectorEnv(2, CELL, action="scores", reward=wrong)
            vector.reset(seed=0)
            with self.assertRaisesRegex(airsplit.ScenarioError, "2 numbers are needed"):
                vector.step(np.ones((2, 8)))


class Masks(unittest.TestCase):
    def test_pairs(self):
        """A device may be put on a block exactly where it can keep the deadline there alone."""
        for kind, overrides in KINDS.items():
            with self.subTest(kind=kind):
                vector = RoundVectorEnv(24, CELL, overrides=overrides, on_violation="penalty", events=False)
                vector.reset(seed=[7] * 24)
                pairs = list(itertools.product(range(8), range(3)))
                actions = np.full((24, 3), 8)
                for world, (device, block) in enumerate(pairs):
                    actions[world, block] = device
                masks = vector.action_masks()[0].reshape(3, 9)
                self.assertTrue(masks[:, 8].all())
                participants = vector.step(actions)[4]["participants"]
                self.assertEqual([bool(masks[block, device]) for device, block in pairs], (participants == 1).tolist())
                self.assertTrue(0 < participants.sum() < 24)

    def test_bits(self):
        """A device may send with so many bits exactly where it can on some block."""
        probe = RoundEnv(CELL, action="bits")
        levels = len(probe._cell.levels)
        for kind, overrides in KINDS.items():
            with self.subTest(kind=kind):
                W = 8 * levels
                vector = RoundVectorEnv(W, CELL, overrides=overrides, action="bits", events=False)
                vector.reset(seed=[7] * W)
                masks = vector.action_masks()[0].reshape(8, levels + 1)
                self.assertTrue(masks[:, 0].all())
                actions = np.zeros((W, 8), int)
                pairs = list(itertools.product(range(8), range(1, levels + 1)))
                for world, (device, level) in enumerate(pairs):
                    actions[world, device] = level
                participants = vector.step(actions)[4]["participants"]
                self.assertEqual([bool(masks[device, level]) for device, level in pairs], (participants == 1).tolist())
                self.assertTrue(0 < participants.sum() < W)

    def test_who_is_away(self):
        """Devices that are away say so, have no link and are masked, and are those that the traces call away."""
        overrides = {"devices.availability": {"on": "1 min", "off": "1 min"}, "rounds": 20}
        for action in ("assign", "bits"):
            with self.subTest(action=action), tempfile.TemporaryDirectory() as place:
                environment = RoundEnv(CELL, action=action, overrides=overrides, out=place + "/run")
                observation, _ = environment.reset(seed=3)
                seen, over = [], False
                while not over:
                    there = observation["available"] == 1
                    seen.append(there)
                    self.assertTrue(environment.observation_space.contains(observation))
                    np.testing.assert_array_equal(observation["available"], there.astype(np.float32))
                    self.assertTrue((observation["gains_db"][~there] == NO_LINK_DB).all())
                    masks = environment.action_masks()
                    masks = masks.reshape(3, 9)[:, :8].T if action == "assign" else masks.reshape(8, -1)[:, 1:]
                    self.assertFalse(masks[~there].any())
                    self.assertTrue(masks[there].any() or not there.any())
                    observation, _, _, over, _ = environment.step(sensible(environment, len(seen)))
                environment.close()
                outcomes = airsplit.Run(place + "/run").devices["outcome"].to_numpy().reshape(20, 8)
                np.testing.assert_array_equal(np.array(seen), outcomes != "away")
                self.assertTrue(0 < np.sum(seen) < 160)
        self.assertNotIn("available", RoundEnv(CELL).observation_space.spaces)

    def test_who_runs_low(self):
        """Devices below the reserve have no link and are masked, and are those that the traces call low_battery."""
        battery = {"capacity": "300 J", "charge": {"uniform": [0.1, 1]}, "idle_power": "0.2 W",
                   "charging": {"power": "2 W", "on": "5 min", "off": "20 min"}}
        with tempfile.TemporaryDirectory() as place:
            environment = RoundEnv(CELL, overrides={"devices.battery": battery, "rounds": 20}, out=place + "/run")
            observation, _ = environment.reset(seed=3)
            seen, over = [], False
            while not over:
                suffices = observation["battery_j"] >= 60
                seen.append(suffices)
                self.assertTrue(environment.observation_space.contains(observation))
                self.assertTrue((observation["gains_db"][~suffices] == NO_LINK_DB).all())
                self.assertFalse(environment.action_masks().reshape(3, 9)[:, :8].T[~suffices].any())
                observation, _, _, over, _ = environment.step(sensible(environment, len(seen)))
            environment.close()
            outcomes = airsplit.Run(place + "/run").devices["outcome"].to_numpy().reshape(20, 8)
            np.testing.assert_array_equal(np.array(seen), outcomes != "low_battery")
            self.assertTrue(0 < np.sum(seen) < 160)
        self.assertNotIn("battery_j", RoundEnv(CELL).observation_space.spaces)

    def test_powers(self):
        """The l-th of L powers lies evenly in dB between a device's limits."""
        environment = RoundEnv(CELL, choose_power=3)
        environment.reset(seed=7)
        usable = environment.action_masks()[:27].reshape(3, 9)
        device = int(np.flatnonzero(usable[0, :8])[0])
        low, high = (environment.worlds.column(f"power_{end}_w")[0, device] for end in ("min", "max"))
        powers = []
        for power in (1, 2, 3):
            environment.reset(seed=7)
            environment.step([device, 8, 8, power, 0, 0])
            powers.append(environment.worlds.block_power_w[0, 0])
        self.assertEqual(powers[2], high)
        for played, expected in zip(powers, (low, np.sqrt(low * high), high)):
            # Where a power is too little for the deadline, the device is left out.
            self.assertIn(round(played, 12), (0, round(expected, 12)))
        self.assertEqual(environment.action_masks()[27:].all(), True)

    def test_maskable_ppo(self):
        """sb3-contrib plays by the masks: no action of its own is left out."""
        try:
            from sb3_contrib import MaskablePPO
        except ImportError as error:
            self.skipTest(str(error))
        environment = RoundEnv(CELL, on_violation="skip", action="bits", events=False)
        model = MaskablePPO("MultiInputPolicy", environment, n_steps=32, batch_size=32, n_epochs=1, seed=0, device="cpu")
        model.learn(64)
        observation, _ = environment.reset(seed=0)
        masks = environment.action_masks()
        action, _ = model.predict(observation, action_masks=masks, deterministic=True)
        chosen = masks.reshape(8, -1)[np.arange(8), action]
        self.assertTrue(chosen.all())


class Hostile(unittest.TestCase):
    def raises(self, words, call, *arguments, **keywords):
        with self.assertRaisesRegex(airsplit.AirSplitError, words):
            call(*arguments, **keywords)

    def test_actions(self):
        """Actions of the wrong shape, type or range are refused in words, and change nothing."""
        scores, bits, assign = RoundEnv(CELL, action="scores"), RoundEnv(CELL, action="bits"), RoundEnv(CELL)
        for environment in (scores, bits, assign):
            environment.reset(seed=0)
        for wrong in (np.ones(7), np.ones((1, 8)), 3, [], None, np.ones((8, 8)), "scores", {"a": 1}):
            self.raises("the shape|numbers", scores.step, wrong)
        for wrong in (np.full(8, np.nan), np.array(["a"] * 8), np.array([None] * 8), np.ones(8, complex)):
            self.raises("numbers, and none may be nan", scores.step, wrong)
        for wrong in (np.full(3, 9), np.full(3, -1), np.full(3, 1.0), np.array([10**30] * 3), np.full(3, np.nan),
                      np.full(3, True), np.array(["0"] * 3)):
            self.raises("whole numbers from 0 to below 9", assign.step, wrong)
        self.raises("whole numbers from 0 to below", bits.step, np.full(8, 99))
        self.assertEqual(scores.worlds.round[0], 1)
        self.assertEqual(assign.worlds.round[0], 1)
        for right in (np.ones(8, int), [1] * 8, np.full(8, 1e300), np.full(8, np.inf), np.ones(8, np.float16)):
            scores.reset(seed=0)
            self.assertEqual(scores.step(right)[4]["participants"], 3)
        for right in (np.full(3, 8, np.uint8), np.full(3, 8, np.uint64), [8, 8, 8], (8, 8, 8)):
            assign.reset(seed=0)
            self.assertEqual(assign.step(right)[1], 0)

    def test_order(self):
        """Steps before a reset, behind the end and after close are refused; to close twice is none."""
        environment = RoundEnv(CELL, action="bits")
        self.raises("reset it first", environment.step, np.zeros(8, int))
        self.raises("reset it first", environment.action_masks)
        environment.reset(seed=0)
        for _ in range(3):
            _, _, terminated, truncated, _ = environment.step(np.zeros(8, int))
        self.assertEqual((terminated, truncated), (False, True))
        self.raises("reset it first", environment.step, np.zeros(8, int))
        environment.reset()
        environment.close()
        environment.close()
        for call in (environment.reset, lambda: environment.step(np.zeros(8, int))):
            self.raises("the environment is closed", call)
        vector = RoundVectorEnv(2, CELL)
        vector.close()
        vector.close()
        self.raises("the environment is closed", vector.worlds.reset)

    def test_seeds(self):
        """Seeds are whole numbers below 2^64, whatever their type."""
        environment, vector = RoundEnv(CELL), RoundVectorEnv(2, CELL)
        for right in (0, np.int64(3), np.uint8(4), 2**63, 2**64 - 1, True):
            self.assertEqual(environment.reset(seed=right)[1]["repetition"], int(right))
        for wrong in (-1, 2**64, 10**30, 1.5, np.float64(2), "1", [1], float("nan")):
            self.raises("a whole number from 0 to 2", environment.reset, seed=wrong)
        self.assertEqual(vector.reset(seed=np.int32(5))[1]["repetition"].tolist(), [5, 6])
        self.assertEqual(vector.reset(seed=np.array([8, 2]))[1]["repetition"].tolist(), [8, 2])
        self.raises("a whole number from 0 to 2", vector.reset, seed=2**64 - 1)
        self.raises("3 seeds for 2 worlds", vector.reset, seed=[1, 2, 3])
        self.raises("a whole number", vector.reset, seed="12")
        environment.reset(options={"unknown": 1})

    def test_scenarios(self):
        """Mistakes of a scenario are said as the program says them, of a dict without the file that it was written to."""
        self.raises("^<dict>:.*deadlin: there is no such key", RoundEnv, {**CELL, "deadlin": 3})
        self.raises("devices.cont=1.*did you mean 'count'", RoundEnv, CELL, overrides={"devices": {"cont": 1}})
        self.raises("no shipped scenario 'nonesuch'", RoundEnv, "nonesuch")
        self.raises("nothing to decide", RoundEnv, CELL, overrides={"framework": "ll"})
        self.raises("'assign', 'scores' and 'bits' are allowed", RoundEnv, CELL, action="power")
        self.raises("or a function is allowed", RoundEnv, CELL, reward="energy")
        self.raises("belong to the action 'assign'", RoundEnv, CELL, action="bits", choose_bits=True)
        self.raises("a number of powers from 2", RoundEnv, CELL, choose_power=1)
        self.raises("a number of powers from 2", RoundEnv, CELL, choose_power=2.5)
        self.raises("one of error, skip, penalty", RoundEnv, CELL, on_violation="ignore")
        self.raises("a whole number from 1 to 1024", RoundEnv, CELL, threads=0)
        self.raises("nothing to see", RoundEnv, CELL, render_mode="human")
        self.raises("a whole number from 1 to", RoundVectorEnv, 0, CELL)
        self.raises("a whole number from 1 to", RoundVectorEnv, 2.5, CELL)
        self.assertEqual(RoundVectorEnv(np.int64(2), CELL).num_envs, 2)

    def test_one_run_in_a_folder(self):
        """A folder has one run; what is reset again plays on only without."""
        with tempfile.TemporaryDirectory() as place:
            environment = RoundEnv(CELL, out=f"{place}/run")
            environment.reset(seed=0)
            self.raises("is this one's first", environment.reset)
            environment.close()

    def test_threads(self):
        """Of two threads on one environment one is refused, and none ends the process."""
        environment = RoundEnv(CELL, action="bits")
        refused, played = [], []

        def play():
            for _ in range(300):
                try:
                    environment.reset()
                    environment.step(np.ones(8, int))
                    played.append(1)
                except airsplit.AirSplitError as error:
                    refused.append(str(error))

        threads = [threading.Thread(target=play) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertTrue(played)
        self.assertTrue(all("another thread is using" in words or "reset it first" in words for words in refused), refused[:3])
        environment.reset(seed=0)
        environment.step(np.ones(8, int))

    def test_fork(self):
        """A forked process is told that it cannot play; its parent plays on, and so do processes that were spawned."""
        environment = RoundEnv(CELL, action="bits")
        environment.reset(seed=0)
        context = multiprocessing.get_context("fork")
        said = context.Queue()
        child = context.Process(target=_play_in_child, args=(environment, said))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            child.start()
        words = [said.get(timeout=60) for _ in range(3)]
        child.join(60)
        self.assertEqual(child.exitcode, 0)
        self.assertTrue(all("was forked from one" in word for word in words[:2]), words)
        self.assertEqual(words[2], "closed")
        environment.step(np.ones(8, int))
        vector = gymnasium.vector.AsyncVectorEnv([_cell, _cell], context="spawn")
        _, infos = vector.reset(seed=0)
        self.assertEqual(infos["repetition"].tolist(), [0, 1])
        self.assertEqual(vector.step(vector.action_space.sample())[1].shape, (2,))
        vector.close()

    def test_copies(self):
        """What is open can be neither pickled nor copied, and says so."""
        environment = RoundEnv(CELL)
        for copied in (copy.deepcopy, pickle.dumps):
            with self.assertRaisesRegex(TypeError, "cannot be copied or pickled"):
                copied(environment)

    def test_arrays(self):
        """What the library writes can be written by nobody else, and outlives its reader's carelessness."""
        environment = RoundEnv(CELL, action="scores")
        environment.reset(seed=0)
        with self.assertRaises(ValueError):
            environment.worlds.gains_db[0, 0, 0] = 0
        with self.assertRaises(ValueError):
            environment.worlds.gains_db.resize((1, 1, 1), refcheck=False)
        environment.worlds.gains_db = environment.worlds.gains_db.copy()
        for _ in range(3):
            environment.step(np.ones(8))
        kept, _ = environment.reset(seed=0)
        before = {name: array.copy() for name, array in kept.items()}
        environment.step(np.ones(8))
        for name, array in before.items():
            np.testing.assert_array_equal(array, kept[name])

    def test_wrong_library(self):
        """A library that is none is named."""
        _library._load.cache_clear()
        try:
            with tempfile.NamedTemporaryFile(suffix=".so") as file, _environment("AIRSPLIT_LIBRARY", file.name):
                self.raises("is no library of AirSplit", _library.version)
            with _environment("AIRSPLIT_LIBRARY", "/nowhere.so"):
                self.raises("which is no file", _library.version)
        finally:
            _library._load.cache_clear()
        self.assertEqual(_library.version(), airsplit.__version__)

    def test_memory(self):
        """Episodes, resets and environments that come and go leave no memory behind."""
        def work(count):
            for _ in range(count):
                vector = RoundVectorEnv(8, CELL, action="bits", events=False)
                vector.reset(seed=0)
                for _ in range(30):
                    vector.step(np.ones((8, 8), int))
                vector.close()
        work(20)
        before = _resident()
        work(60)
        self.assertLess(_resident() - before, 4 << 20)


def _cell():
    return RoundEnv(CELL, action="bits")


def _play_in_child(environment, said):
    for call in (lambda: environment.step(np.ones(8, int)), _cell):
        try:
            call()
            said.put("played")
        except Exception as error:
            said.put(str(error))
    environment.close()
    said.put("closed")


class _environment:
    def __init__(self, name, value):
        import os
        self.name, self.value, self.variables = name, value, os.environ

    def __enter__(self):
        self.before = self.variables.get(self.name)
        self.variables[self.name] = self.value

    def __exit__(self, *_):
        del self.variables[self.name]
        if self.before is not None:
            self.variables[self.name] = self.before


def _resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    unittest.main()
