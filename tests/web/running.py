"""The page on a real server, spoken to over a socket."""

import socket

from tools.page_server import running

__all__ = ["ask", "running"]


def ask(port: int, request: bytes, wait_s: float = 8.0) -> bytes:
    """What comes back for these bytes until the server closes, or has answered and says no more."""
    with socket.create_connection(("127.0.0.1", port), wait_s) as connection:
        connection.sendall(request)
        return _all(connection)


def _all(connection: socket.socket) -> bytes:
    found = b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except ConnectionResetError:
        pass
    return found
