"""A policy that is a function of this process, served to the program over the protocol of external policies."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

#: How long the function may take, unless the scenario says: as long as it likes.
_TIMEOUT = "1000000 s"
_RELAY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_relay.py")


@dataclasses.dataclass
class Served:
    """How a command is called so that it asks the function."""

    #: ``--policy`` and all below.
    arguments: list[str] = dataclasses.field(default_factory=list)
    #: The function as the policy ``external``, whether or not it is the one that decides.
    settings: list[str] = dataclasses.field(default_factory=list)
    #: That the folder of a run may start what it names.
    permission: list[str] = dataclasses.field(default_factory=list)
    #: How messages are to call the program that joins the two.
    renaming: dict[str, str] = dataclasses.field(default_factory=dict)
    #: Of ``_command.call``.
    options: dict[str, Any] = dataclasses.field(default_factory=dict)


@contextlib.contextmanager
def of(policy: Any) -> Iterator[Served]:
    """What to add to a command line for a policy's name, a function, or none."""
    if policy is None or isinstance(policy, str):
        yield Served(["--policy", policy] if policy else [])
        return
    if not callable(policy):
        raise TypeError(f"a policy is a name or a function, and {policy!r} is neither")
    with tempfile.TemporaryDirectory(prefix="airsplit-", dir=_short_folder()) as folder, _Server(policy, folder) as server:
        command = json.dumps([sys.executable, "-I", "-S", _RELAY], ensure_ascii=False)
        settings = ["--set", f"policies.external.command={command}", "--set", f"policies.external.timeout={_TIMEOUT}",
                    "--allow-external"]
        name = {" ".join([sys.executable, "-I", "-S", _RELAY])[:200]: name_of(policy)}
        options = {"environment": {"AIRSPLIT_POLICY_SOCKET": server.address}, "meanwhile": server.serve}
        yield Served(["--policy", "external", *settings], settings, ["--allow-external"], name, options)


def name_of(policy: Any) -> str:
    """What a function is called, or an object that can be called."""
    return getattr(policy, "__name__", type(policy).__name__)


def _short_folder() -> str | None:
    """Where a socket's path is short enough."""
    return None if len(tempfile.gettempdir()) < 60 else "/tmp"


class _Server:
    """Answers one program, on the caller's thread, until it ends: what the function raises reaches the caller."""

    def __init__(self, policy: Callable[[Any], Any], folder: str) -> None:
        self.policy, self.address = policy, os.path.join(folder, "policy")

    def __enter__(self) -> _Server:
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.address)
        self.listener.listen()
        return self

    def __exit__(self, *_: Any) -> None:
        self.listener.close()

    def serve(self, child: subprocess.Popen[bytes]) -> None:
        end = os.pidfd_open(child.pid)
        talks: dict[int, _Conversation] = {}
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(end, selectors.EVENT_READ)
                selector.register(self.listener, selectors.EVENT_READ)
                while True:
                    for key, _ in selector.select():
                        if key.fd == end:
                            return
                        if key.fileobj is self.listener:
                            connection, _ = self.listener.accept()
                            talks[connection.fileno()] = _Conversation(self.policy, connection)
                            selector.register(connection, selectors.EVENT_READ)
                        elif not talks[key.fd].hear():
                            selector.unregister(key.fileobj)
                            talks.pop(key.fd).connection.close()
        finally:
            os.close(end)
            for talk in talks.values():
                talk.connection.close()


class _Conversation:
    """What one relay hands on: a run after another."""

    def __init__(self, policy: Callable[[Any], Any], connection: socket.socket) -> None:
        self.policy, self.connection = policy, connection
        self.pending = bytearray()
        self.hello: dict[str, Any] = {}
        self.devices: list[dict[str, Any]] = []

    def hear(self) -> bool:
        """Takes what there is and answers each whole line; false at the end."""
        data = self.connection.recv(1 << 20)
        if not data:
            return False
        start = len(self.pending)
        self.pending += data
        while (end := self.pending.find(b"\n", start)) >= 0:
            line = bytes(self.pending[:end])
            del self.pending[:end + 1]
            start = 0
            self.connection.sendall(json.dumps(self.answer(json.loads(line)), allow_nan=False).encode() + b"\n")
        return True

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        from . import policies
        if message["type"] == "hello":
            self.hello, self.devices = message, message["problem"]["devices"]
            return {"type": "ready", "protocol": 1, "name": name_of(self.policy)}
        self.devices = message.get("devices", self.devices)
        chosen = policies.assignments(self.policy(policies.problem(self.hello, message, self.devices)))
        return {"type": "allocation", "round": message["round"], "assignments": chosen}
