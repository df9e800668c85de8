"""Every device an agent, as PettingZoo has it."""

import unittest

import numpy as np

import airsplit

try:
    from pettingzoo.test import parallel_api_test, parallel_seed_test
    from airsplit.environments import NO_LINK_DB, RoundEnv
    from airsplit.multiagent import DevicesEnv
except ImportError as error:
    raise unittest.SkipTest(f"agents need pettingzoo: {error}") from None

CELL = {"schema": 1, "name": "cell", "devices": {"count": 8}, "server": {}, "uplink": {"blocks": 3}, "model": {}, "deadline": "6 s",
        "rounds": 3}


class Agents(unittest.TestCase):
    def test_checkers(self):
        """PettingZoo's tests of an interface and of seeds have nothing to say."""
        for reward in ("own", "team", "-regret"):
            with self.subTest(reward=reward):
                parallel_api_test(DevicesEnv(CELL, reward=reward), num_cycles=20)
        parallel_seed_test(lambda: DevicesEnv(CELL), num_cycles=10)

    def test_same_round_as_one_agent(self):
        """What the agents choose together is the action 'bits' of one; their own rewards add up to U."""
        agents, one = DevicesEnv(CELL), RoundEnv(CELL, action="bits")
        observations, infos = agents.reset(seed=4)
        seen, _ = one.reset(seed=4)
        random = np.random.default_rng(0)
        self.assertEqual(infos["device_0"]["device_energy_j"], 0)
        while agents.agents:
            self.assertEqual(len(agents.agents), 8)
            np.testing.assert_array_equal(observations["device_5"][:3], seen["gains_db"][5])
            self.assertEqual(observations["device_5"][-1], seen["rounds_idle"][5])
            masks = np.stack([infos[agent]["action_mask"] for agent in agents.agents])
            np.testing.assert_array_equal(masks.ravel(), one.action_masks())
            actions = [int(random.choice(np.flatnonzero(mask))) for mask in masks]
            observations, rewards, _, truncations, infos = agents.step(dict(zip(agents.agents, actions)))
            seen, reward, _, truncated, info = one.step(actions)
            self.assertAlmostEqual(sum(rewards.values()), reward, 12)
            self.assertAlmostEqual(sum(one["device_energy_j"] for one in infos.values()), info["energy_j"], 9)
            self.assertEqual(truncations["device_7"], truncated)
        self.assertTrue(truncated)

    def test_who_comes_and_goes(self):
        """Who is away sees that it is, without a link, and can only take no part; it comes back as the same agent."""
        agents = DevicesEnv(CELL, overrides={"devices.availability": {"on": "1 min", "off": "1 min"}, "rounds": 30})
        observations, infos = agents.reset(seed=2)
        seen = {agent: set() for agent in agents.agents}
        while agents.agents:
            self.assertEqual(len(agents.agents), 8)
            for agent, observation in observations.items():
                self.assertTrue(agents.observation_space(agent).contains(observation))
                seen[agent].add(observation[-1])
                if not observation[-1]:
                    self.assertTrue((observation[:3] == NO_LINK_DB).all())
                    self.assertEqual(infos[agent]["action_mask"].sum(), 1)
            observations, _, _, _, infos = agents.step({agent: 1 for agent in agents.agents})
        self.assertTrue(all(values == {0, 1} for values in seen.values()), seen)

    def test_who_is_out_of_reach(self):
        """A device that cannot meet the deadline stays an agent, whose only action is to take no part."""
        far = {"deadline": "4.3 s"}
        agents = DevicesEnv(CELL, overrides=far)
        _, infos = agents.reset(seed=0)
        masks = np.stack([info["action_mask"] for info in infos.values()])
        self.assertEqual(len(agents.agents), 8)
        self.assertTrue(masks[:, 0].all())
        idle = int(np.flatnonzero(masks.sum(1) == 1)[0])
        _, rewards, *_ = agents.step({agent: 1 for agent in agents.agents})
        self.assertEqual(rewards[f"device_{idle}"], 0)

    def test_hostile(self):
        """Wrong actions and a wrong order are refused in words."""
        agents = DevicesEnv(CELL)

        def raises(words, call, *arguments, **keywords):
            with self.assertRaisesRegex(airsplit.AirSplitError, words):
                call(*arguments, **keywords)

        raises("reset it first", agents.step, {})
        agents.reset(seed=0)
        raises("no agent 'device_8'; the last is 'device_7'", agents.step, {"device_8": 1})
        for wrong in (1.5, "1", None, float("nan"), np.float32(1), [1]):
            raises("a whole number is needed", agents.step, {"device_0": wrong})
        for wrong in (-1, 99, 10**30):
            raises("whole numbers from 0", agents.step, {"device_0": wrong})
        raises("a dict with an action per agent", agents.step, [1] * 8)
        raises("a whole number from 0 to 2", agents.reset, seed=-1)
        raises("'own', 'team' and '-regret'", DevicesEnv, CELL, reward="all")
        self.assertEqual(agents.step({"device_0": np.array([1])})[4]["device_0"]["repetition"], 0)
        for _ in range(2):
            agents.step({})
        self.assertEqual(agents.agents, [])
        raises("reset it first", agents.step, {})
        agents.close()
        agents.close()
        raises("the environment is closed", agents.reset)


if __name__ == "__main__":
    unittest.main()
