"""Channels and movement of other tools: laws by hand, and the real packages where they are installed."""

import importlib.util
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

import airsplit
from airsplit import channels

CELL = {"schema": 1, "name": "cell", "devices": {"count": 8}, "server": {}, "uplink": {"blocks": 3}, "model": {}, "policy": "exact",
        "deadline": "6 s", "rounds": 3}


def installed(name):
    return unittest.skipUnless(importlib.util.find_spec(name), f"{name} is not installed")


class Gains(unittest.TestCase):
    def test_one_path(self):
        """|a|² on every block; no path is no link."""
        a = np.zeros((2, 3, 1, 1, 2), complex)
        a[0, 1, 0, 0, 0] = 1e-4j
        gains = channels.block_gains(a, np.full(2, 3e-7), bandwidth_hz=1e6, blocks=4)
        np.testing.assert_allclose(gains[0, 1], -80)
        self.assertTrue(np.isneginf(gains[1]).all() and np.isneginf(gains[0, 0]).all())

    def test_two_paths(self):
        """(1 + cos) of the delay times the frequency, averaged over each block, by the integral."""
        delay, bandwidth, blocks = 1.7e-7, 5e6, 4
        a = np.ones((1, 1, 1, 1, 2), complex)
        gains = channels.block_gains(a, np.array([0, delay]), bandwidth_hz=bandwidth, blocks=blocks, samples=2000)
        edges = bandwidth * (np.arange(blocks + 1) - blocks / 2)
        wave = 2 * np.pi * delay
        expected = 2 + 2 * np.diff(np.sin(wave * edges)) / (wave * bandwidth)
        np.testing.assert_allclose(10 ** (gains[0, 0] / 10), expected, rtol=1e-5)

    def test_antennas(self):
        """Added up over those that receive, a mean over those that send."""
        a = np.ones((1, 1, 4, 2, 1), complex)
        np.testing.assert_allclose(10 ** (channels.block_gains(a, np.zeros(1), bandwidth_hz=1e6, blocks=1) / 10), 4)

    def test_hostile(self):
        good = np.ones((1, 1, 1, 1, 1), complex)
        for arguments, words in [
            ((good[0], np.zeros(1)), "shape"), ((good, np.array([3.0])), "delay spread"), ((good, np.array([np.nan])), "no delay"),
        ]:
            with self.subTest(words), self.assertRaisesRegex(ValueError, words):
                channels.block_gains(*arguments, bandwidth_hz=1e6, blocks=1)
        with self.assertRaisesRegex(ValueError, "above 0"):
            channels.block_gains(good, np.zeros(1), bandwidth_hz=0, blocks=1)
        with tempfile.TemporaryDirectory() as folder:
            for name, gains, words in [
                ("g.csv", np.zeros((2, 2)), "shape"), ("g.txt", np.zeros((1, 1, 1)), "csv"), ("g.csv", np.full((1, 1, 1), np.inf), "infinite"),
            ]:
                with self.subTest(words), self.assertRaisesRegex(ValueError, words):
                    channels.save_gains(f"{folder}/{name}", gains)

    def test_round_trip(self):
        """What is saved is what a run sees, to the last bit; a link that is not there stays so."""
        gains = np.random.default_rng(1).uniform(-110, -80, (3, 8, 3))
        gains[0, 0, 0] = -np.inf
        gains[1, 1] = np.nan
        with tempfile.TemporaryDirectory() as folder:
            for name in ("gains.csv", "gains.csv.gz", "gains.npy", "gains.npz"):
                channels.save_gains(f"{folder}/{name}", gains)
                run = airsplit.run(
                    CELL, overrides={"uplink.gains": f"{folder}/{name}"}, trace=["rounds", "devices", "gains"])
                of_run = run.gains.sort_values(["round", "device", "block"])["gain_db"].to_numpy().reshape(3, 8, 3)
                np.testing.assert_allclose(of_run, np.where(np.isfinite(gains), gains, np.nan), rtol=1e-12)


@installed("sionna")
class Sionna(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        import sionna.phy
        from sionna.phy.channel import gen_single_sector_topology
        from sionna.phy.channel.tr38901 import PanelArray, UMi
        sionna.phy.config.seed = 1

        def array(columns):
            return PanelArray(num_rows_per_panel=1, num_cols_per_panel=columns, polarization="single", polarization_type="V",
                              antenna_pattern="omni", carrier_frequency=3.5e9)

        cls.model = UMi(carrier_frequency=3.5e9, o2i_model="low", ut_array=array(1), bs_array=array(2), direction="uplink")
        cls.model.set_topology(*gen_single_sector_topology(2, 5, "umi", min_ut_velocity=1.0, max_ut_velocity=1.0))
        cls.a, cls.tau = cls.model(num_time_samples=3, sampling_frequency=100.0)

    def test_as_its_own_response(self):
        """Sionna's own response at the same frequencies, added up over antennas."""
        import torch
        from sionna.phy.channel import cir_to_ofdm_channel
        gains = channels.from_sionna(self.a, self.tau, bandwidth_hz=5e6, blocks=4, samples=12)
        self.assertEqual(gains.shape, (6, 5, 4))
        frequencies = torch.tensor(5e6 / 12 * (np.arange(48) - 23.5), dtype=torch.float32)
        response = cir_to_ofdm_channel(frequencies, self.a, self.tau).numpy()
        # Example 1, time 2: rounds count times first.
        power = (np.abs(response[1, 0, :, :, 0, 2]) ** 2).sum(axis=0).reshape(5, 4, 12).mean(axis=2)
        np.testing.assert_allclose(gains[5], 10 * np.log10(power), atol=2e-3)

    def test_downlink(self):
        """The same links from the other side."""
        uplink = channels.from_sionna(self.a[:, :, :1], self.tau, bandwidth_hz=5e6, blocks=4)
        turned = self.a[:, :, :1].permute(0, 3, 4, 1, 2, 5, 6)
        downlink = channels.from_sionna(turned, self.tau.permute(0, 2, 1, 3), bandwidth_hz=5e6, blocks=4)
        np.testing.assert_allclose(downlink, uplink)

    def test_seen(self):
        """What the page says of this version."""
        a, tau = self.a.numpy(), self.tau.numpy()
        padding = tau > 0.99
        self.assertTrue(padding.any() and (a.transpose(0, 1, 3, 5, 2, 4, 6)[padding] == 0).all())
        self.assertLess(tau[~padding].max(), 1e-5)
        again, _ = self.model(num_time_samples=3, sampling_frequency=100.0)
        first = 10 * np.log10((np.abs(a) ** 2).sum(axis=(2, 4, 5)).mean(axis=-1))
        second = 10 * np.log10((np.abs(again.numpy()) ** 2).sum(axis=(2, 4, 5)).mean(axis=-1))
        self.assertFalse(np.allclose(first, second))
        self.assertLess(np.abs(first - second).max(), 6)

    def test_unit_power(self):
        """TDL has mean power 1, to which a path loss belongs; first delays of 0 change nothing."""
        from sionna.phy.channel.tr38901 import TDL
        a, tau = TDL("A", 100e-9, 3.5e9)(batch_size=400, num_time_steps=1, sampling_frequency=1e3)
        gains = channels.from_sionna(a, tau, bandwidth_hz=1e6, blocks=2, path_loss_db=100)
        self.assertAlmostEqual(10 * np.log10((10 ** (gains / 10)).mean()), -100, delta=0.5)
        shifted = channels.from_sionna(a, tau + 1e-6, bandwidth_hz=1e6, blocks=2, path_loss_db=100)
        np.testing.assert_allclose(shifted, gains, atol=1e-3)

    def test_hostile(self):
        two = self.a.repeat(1, 2, 1, 1, 1, 1, 1)
        for arguments, words in [
            ((two, self.tau.repeat(1, 2, 1, 1)), "direction"), ((self.a[0], self.tau), "axes"), ((self.a, self.tau * 0 + 3), "delay spread"),
        ]:
            with self.subTest(words), self.assertRaisesRegex(ValueError, words):
                channels.from_sionna(*arguments, bandwidth_hz=1e6, blocks=1)


@installed("deepmimo")
class DeepMIMO(unittest.TestCase):
    @staticmethod
    def dataset(delay=(1e-7, 2e-7)):
        import deepmimo
        nan = np.nan
        zero = np.array([[0, 0, nan], [0, nan, nan], [nan] * 3], np.float32)
        return deepmimo.Dataset({
            "power": np.array([[-80, -83, nan], [-100, nan, nan], [nan] * 3], np.float32),
            "phase": np.array([[0, 90, nan], [10, nan, nan], [nan] * 3], np.float32),
            "delay": np.array([[*delay, nan], [5e-7, nan, nan], [nan] * 3], np.float32),
            "rx_pos": np.zeros((3, 3)), "tx_pos": np.zeros((1, 3)), "inter": zero,
            **{name: zero for name in ("aoa_az", "aoa_el", "aod_az", "aod_el")}})

    def test_gains(self):
        """One path is its power, none is no link, two are what they come to at each frequency."""
        gains = channels.from_deepmimo(self.dataset(), bandwidth_hz=5e6, blocks=4)
        self.assertEqual(gains.shape, (1, 3, 4))
        np.testing.assert_allclose(gains[0, 1], -100, atol=1e-4)
        self.assertTrue(np.isneginf(gains[0, 2]).all())
        wide = channels.from_deepmimo(self.dataset(), bandwidth_hz=1e9, blocks=1, samples=2000)
        powers = 10 * np.log10(10**-8 + 10**-8.3)
        self.assertAlmostEqual(wide[0, 0, 0], powers, delta=0.05)
        several = channels.from_deepmimo([self.dataset(), self.dataset()], bandwidth_hz=5e6, blocks=4, users=[0, 1])
        self.assertEqual(several.shape, (2, 2, 4))

    def test_coherent_loss(self):
        """In one narrow block with equal delays, the loss that the package computes from amplitudes with phases."""
        dataset = self.dataset(delay=(1e-7, 1e-7))
        gains = channels.from_deepmimo(dataset, bandwidth_hz=1.0, blocks=1)
        np.testing.assert_allclose(gains[0, :2, 0], -dataset.compute_pathloss()[:2], atol=1e-3)

    def test_seen(self):
        """What the page says of this version: amplitudes are added without phases."""
        self.assertAlmostEqual(float(self.dataset().compute_pathloss(coherent=False)[0]), 75.35, delta=0.01)
        self.assertAlmostEqual(-10 * np.log10(10**-8 + 10**-8.3), 78.24, delta=0.01)


@installed("quadriga_lib")
class QuaDRiGa(unittest.TestCase):
    def channels(self, **options):
        import quadriga_lib
        array = quadriga_lib.arrayant.generate("omni")
        return quadriga_lib.channel.get_ieee_indoor(
            array, array, "B", 5.25e9, n_users=3, seed=3, Dist_m=np.array([10.0, 20, 30]), observation_time=0.005, update_rate=1e-3,
            uplink=True, **options)

    def test_shapes(self):
        """A list of arrays, and one array with an axis of snapshots, are the same."""
        gains = channels.from_quadriga(self.channels(), bandwidth_hz=5e6, blocks=4)
        self.assertEqual(gains.shape, (6, 3, 4))
        np.testing.assert_array_equal(channels.from_quadriga(self.channels(stack=True), bandwidth_hz=5e6, blocks=4), gains)
        self.assertLess(gains.max(), -40)

    def test_as_its_own_response(self):
        """The library's own response, at its carriers."""
        import quadriga_lib
        channel = self.channels()[1]
        response = quadriga_lib.channel.baseband_freq_response(
            coeff=channel["coeff"], delay=channel["delay"], bandwidth=47 * 1e5, carriers=48)
        power = np.abs(response[0, 0, :, 4]) ** 2
        # Its band begins at the centre frequency.
        moved = [value * np.exp(-1j * np.pi * 47e5 * delay) for value, delay in zip(channel["coeff"], channel["delay"])]
        gains = channels.from_quadriga([{**channel, "coeff": moved}], bandwidth_hz=1.2e6, blocks=4)
        np.testing.assert_allclose(gains[4, 0], 10 * np.log10(power.reshape(4, 12).mean(axis=1)), atol=1e-4)

    def test_parts(self):
        """Real and imaginary parts, as geometric channels have them."""
        channel = self.channels()[0]
        parts = {"coeff_re": [value.real for value in channel["coeff"]], "coeff_im": [value.imag for value in channel["coeff"]],
                 "delay": channel["delay"]}
        np.testing.assert_array_equal(
            channels.from_quadriga(parts, bandwidth_hz=5e6, blocks=2), channels.from_quadriga(channel, bandwidth_hz=5e6, blocks=2))
        with self.assertRaisesRegex(ValueError, "has no 'delay'"):
            channels.from_quadriga([{"coeff": []}], bandwidth_hz=5e6, blocks=2)


class SUMO(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_by_hand(self):
        """From the front bumper to the middle, from the first step on, there from the beginning to the end."""
        (self.folder / "fcd.xml").write_text(
            '<fcd-export><timestep time="10.00"><vehicle id="a" x="100" y="50" angle="90"/><person id="p" x="1" y="2" angle="0"/>'
            '</timestep><timestep time="11.00"/><timestep time="12.00"><vehicle id="b" x="0" y="10" angle="0"/></timestep></fcd-export>')
        frame = channels.from_sumo(self.folder / "fcd.xml", station=(0, 50))
        self.assertEqual(frame.attrs["vehicles"], ["a", "b"])
        np.testing.assert_allclose(frame.to_numpy(), [[0, 0, 97.5, 0], [0, 1, 0, -42.5], [2, 1, 0, -42.5]], atol=1e-12)
        frame = channels.from_sumo(self.folder / "fcd.xml", kinds=["person"])
        np.testing.assert_allclose(frame.to_numpy(), [[0, 0, 1, 2]])
        with self.assertRaisesRegex(ValueError, "no bike"):
            channels.from_sumo(self.folder / "fcd.xml", kinds=["bike"])

    @installed("sumo")
    def test_real(self):
        """A grid with vehicles for a minute, and a run in which devices move as they do."""
        import sumo
        home = Path(sumo.SUMO_HOME)
        environment = {**os.environ, "SUMO_HOME": str(home)}
        options = {"cwd": self.folder, "env": environment, "check": True, "capture_output": True}
        subprocess.run([home / "bin" / "netgenerate", "--grid", "--grid.number=3", "--grid.length=200", "-o", "net.xml"], **options)
        subprocess.run([sys.executable, home / "tools" / "randomTrips.py", "-n", "net.xml", "-o", "trips.xml", "-e", "20", "-p", "4",
                        "--seed", "1"], **options)
        subprocess.run([home / "bin" / "sumo", "-n", "net.xml", "-r", "trips.xml", "--fcd-output", "fcd.xml", "--end", "60",
                        "--no-step-log"], **options)
        frame = channels.from_sumo(self.folder / "fcd.xml", station=(200, 200))
        count = len(frame.attrs["vehicles"])
        self.assertGreaterEqual(count, 4)
        self.assertTrue((frame.groupby("device")["time_s"].first() == 0).all())
        channels.save_positions(self.folder / "positions.csv", frame)
        run = airsplit.run(
            {**CELL, "devices": {"count": count}, "mobility": {"file": self.folder / "positions.csv"}}, overrides={"rounds": 1})
        seen = airsplit.channel(
            {**CELL, "devices": {"count": count}, "mobility": {"file": self.folder / "positions.csv"}}, devices=range(count), stop_s=0)
        first = frame[frame["time_s"] == 0].sort_values("device")
        np.testing.assert_allclose(seen["x_m"], first["x_m"], atol=1e-6)
        self.assertEqual(run.summary["devices"], count)


if __name__ == "__main__":
    unittest.main()
