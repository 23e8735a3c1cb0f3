"""`nc` and `ncat`; and where they are not installed, what does the same in a few lines of Python.

It knows the options that the tests give to the two: ``-N`` and ``--send-only``, ``-U``, ``--ssl``.
"""

from __future__ import annotations

import os
import select
import socket
import ssl
import sys
from contextlib import suppress

AT_ONCE = 1 << 16
OPTIONS = ("-N", "-U", "--send-only", "--ssl")


def netcat(program: str, *arguments: str) -> list[str]:
    """The command that runs ``nc`` or ``ncat`` with these arguments, or what stands in for it."""
    from tests.needs import found

    path = found({"nc": "nc.openbsd"}.get(program, program))
    return [path, *arguments] if path else stand_in(*arguments)


def stand_in(*arguments: str) -> list[str]:
    """The command that runs this module."""
    return [sys.executable, "-ISu", __file__, *arguments]


def connected(options: set[str], place: list[str]) -> socket.socket:
    """A connection to that place: a path, or a host and a port."""
    if "-U" in options:
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(place[0])
        return connection
    host, port = place
    connection = socket.create_connection((host, int(port)))
    if "--ssl" not in options:
        return connection
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(connection)


def talk(connection: socket.socket, options: set[str]) -> None:
    """Send the input and print what comes, until the other side has ended."""
    readers: list[int | socket.socket] = [0] if "--send-only" in options else [0, connection]
    while True:
        ready, _, _ = select.select(readers, [], [])
        if 0 in ready:
            data = os.read(0, AT_ONCE)
            connection.sendall(data)
            if not data:
                readers.remove(0)
                if "-N" in options:
                    connection.shutdown(socket.SHUT_WR)
                if "--send-only" in options:
                    return
        if connection in ready and not heard(connection):
            return


def heard(connection: socket.socket) -> bool:
    """Print what has come; whether there may be more."""
    data = connection.recv(AT_ONCE)
    while isinstance(connection, ssl.SSLSocket) and connection.pending():
        data += connection.recv(AT_ONCE)
    unprinted = data
    while unprinted:
        unprinted = unprinted[os.write(1, unprinted) :]
    return bool(data)


if __name__ == "__main__":
    given = {word for word in sys.argv[1:] if word in OPTIONS}
    place = [word for word in sys.argv[1:] if word not in OPTIONS]
    with suppress(OSError), connected(given, place) as network:  # the error is how it is lost
        talk(network, given)
