"""A chat with a thread for each client, as one first writes it: ``thread_per_client.py PORT``."""

import socket
import sys
import threading

members: list[socket.socket] = []


def serve(connection: socket.socket) -> None:
    """Greet one client, then give each of its lines to all the others."""
    lines = connection.makefile("rb")
    nick = lines.readline().strip()
    members.append(connection)
    connection.sendall(b"-- Hello " + nick + b".\n")
    for line in lines:
        message = b"<" + nick + b"> " + line
        for member in members.copy():
            if member is not connection:
                try:
                    member.sendall(message)
                except OSError:
                    members.remove(member)
    members.remove(connection)


def main() -> None:
    """Accept people for ever, with a thread for each."""
    threading.stack_size(256 << 10)
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=4096)
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
