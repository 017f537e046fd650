#!/usr/bin/env python3
"""Run a command for an index of `airlift index`, from its directory or from a static HTTP server of its own.

    offline.py file|http DIRECTORY COMMAND...    {base} in the command becomes the address of the directory

For use in a network namespace without a network (unshare -n): of that, only the loopback interface is brought up.
Exit code: the command's.
"""
import os
import pathlib
import socket
import subprocess
import sys
import time

PORT = 8765


def serve(directory):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    server = subprocess.Popen(
        [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", directory, str(PORT)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", PORT)).close()
            return server
        except OSError:
            time.sleep(0.05)
    server.kill()
    sys.exit("offline.py: the server does not answer")


def main(form, directory, *command):
    directory = os.path.realpath(directory)
    base = pathlib.Path(directory).as_uri() if form == "file" else f"http://127.0.0.1:{PORT}"
    server = serve(directory) if form == "http" else None
    try:
        return subprocess.run([part.replace("{base}", base) for part in command]).returncode
    finally:
        if server:
            server.kill()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
