"""A network between a program and a server of this machine that fails as networks do."""

import socket
import struct
import threading
from contextlib import suppress

# With it, closing a socket resets the connection instead of ending it.
RESET = struct.pack("ii", 1, 0)


class Network:
    """Used with `with`. Connects whoever comes to its own `port` to another one, as long as nothing else is told."""

    def __init__(self, port: int):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.flows = threading.Event()
        self.flows.set()
        self.open: set[socket.socket] = set()
        self.is_refusing = self.is_ended = False

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.is_ended = True
        self.flows.set()
        # Wakes who accepts.
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.reset()

    def freeze(self) -> None:
        """Everybody is let in, and nothing comes through any more, either way."""
        self.flows.clear()

    def refuse(self) -> None:
        """Whoever comes is reset at once; so is everybody there is."""
        self.is_refusing = True
        self.reset()

    def reset(self) -> None:
        for end in list(self.open):
            self.close(end)

    def work(self) -> None:
        """As at the beginning. What was held up on the way has been lost by now."""
        if not self.flows.is_set():
            self.reset()
        self.is_refusing = False
        self.flows.set()

    def accept(self) -> None:
        while not self.is_ended:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.open.add(client)
            if self.is_refusing:
                self.close(client)
                continue
            threading.Thread(target=self.connect, args=(client,), daemon=True).start()

    def connect(self, client: socket.socket) -> None:
        self.flows.wait()
        try:
            server = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            self.close(client)
            return
        self.open.add(server)
        for ends in ((client, server), (server, client)):
            threading.Thread(target=self.carry, args=ends, daemon=True).start()

    def carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                self.flows.wait()
                target.sendall(data)
        self.close(source)
        self.close(target)

    def close(self, end: socket.socket) -> None:
        self.open.discard(end)
        with suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            end.shutdown(socket.SHUT_RDWR)
        end.close()
