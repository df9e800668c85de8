"""What a finished run can be handed to: ``airsplit.run(…, callbacks=[airsplit.callbacks.tensorboard("logs")])``.

Parquet needs none: ``run.devices.to_parquet("devices.parquet")``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from .runs import Run


def tensorboard(folder: str | os.PathLike[str]) -> Callable[[Run], None]:
    """Each column of ``rounds`` as a scalar over the rounds, for TensorBoard; it needs no TensorFlow and no torch."""
    def log(run: Run) -> None:
        from tensorboard.summary import Writer
        writer = Writer(os.fspath(folder))
        for number, name, value in _figures(run):
            writer.add_scalar(name, value, number)
        writer.close()
    return log


def mlflow(**options: Any) -> Callable[[Run], None]:
    """Each column of ``rounds`` as a metric of an MLflow run, the seed, the policy and the framework as parameters, and the
    manifest as an artifact; ``options`` are those of ``mlflow.start_run``."""
    def log(run: Run) -> None:
        import mlflow
        with mlflow.start_run(**{"run_name": run.manifest["name"], **options}):
            mlflow.log_params({key: run.manifest[key] for key in ("seed", "policy", "framework")})
            for number, name, value in _figures(run):
                mlflow.log_metric(name, value, step=number)
            mlflow.log_artifact(str(run.folder / "manifest.json"))
    return log


def _figures(run: Run):
    """Round, column and number of all that is known."""
    for row in run.rounds.select_dtypes("number").astype("float64").to_dict("records"):
        number = int(row.pop("round"))
        for name, value in row.items():
            if value == value:
                yield number, name, value
