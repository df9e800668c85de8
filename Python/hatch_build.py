"""Lays the native program into a wheel: tools/make-wheel says in AIRSPLIT_NATIVE where it lies, by the folders of a prefix."""

import os
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class NativeProgram(BuildHookInterface):
    """Without AIRSPLIT_NATIVE a wheel is Python alone, which calls the program that it finds."""

    PLUGIN_NAME = "custom"

    def initialize(self, version, build_data):
        native = os.environ.get("AIRSPLIT_NATIVE")
        if not native:
            return
        folder = Path(native)
        build_data["tag"] = os.environ["AIRSPLIT_TAG"]
        build_data["pure_python"] = False
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            place = path.relative_to(folder)
            # pip makes what lies under scripts/ executable, wherever programs belong.
            kind = "shared_scripts" if place.parts[0] == "bin" else "shared_data"
            build_data[kind][str(path)] = place.name if kind == "shared_scripts" else str(place)
