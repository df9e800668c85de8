"""Joins the program, which started this, with the process in which a policy is a function."""

import os
import socket
import sys
import threading

address = os.environ["AIRSPLIT_POLICY_SOCKET"]
process = socket.socket(socket.AF_UNIX)
process.connect(address)


def ask():
    while data := os.read(0, 1 << 20):
        process.sendall(data)
    process.shutdown(socket.SHUT_WR)


threading.Thread(target=ask, daemon=True).start()
while data := process.recv(1 << 20):
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
