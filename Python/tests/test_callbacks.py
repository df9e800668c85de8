"""Hooks for what people log with, where it is installed."""

import importlib.util
import os
import tempfile
import unittest
from unittest import mock

import airsplit

CELL = {"schema": 1, "name": "cell", "devices": {"count": 8}, "server": {}, "uplink": {"blocks": 3}, "model": {}, "policy": "exact",
        "deadline": "6 s", "rounds": 3}


def installed(name):
    return unittest.skipUnless(importlib.util.find_spec(name), f"{name} is not installed")


class Callbacks(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory())

    @installed("tensorboard")
    def test_tensorboard(self):
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
        run = airsplit.run(CELL, callbacks=[airsplit.callbacks.tensorboard(self.folder)])
        events = EventAccumulator(self.folder).Reload()
        values = [event.tensor_proto.float_val[0] for event in events.Tensors("objective")]
        for value, expected in zip(values, run.rounds["objective"], strict=True):
            self.assertAlmostEqual(value, expected, places=4)

    @installed("mlflow")
    @mock.patch.dict(os.environ, {"MLFLOW_ALLOW_FILE_STORE": "true"})
    def test_mlflow(self):
        import mlflow
        mlflow.set_tracking_uri(f"file:{self.folder}/mlruns")
        run = airsplit.run(CELL, callbacks=[airsplit.callbacks.mlflow()])
        logged = mlflow.search_runs(output_format="list")[0]
        self.assertEqual(logged.data.params["policy"], "exact")
        self.assertEqual(logged.data.metrics["objective"], run.rounds["objective"].iloc[-1])

    @installed("pyarrow")
    def test_parquet(self):
        import pandas as pd
        run = airsplit.run(CELL)
        run.devices.to_parquet(f"{self.folder}/devices.parquet")
        pd.testing.assert_frame_equal(pd.read_parquet(f"{self.folder}/devices.parquet"), run.devices)


if __name__ == "__main__":
    unittest.main()
