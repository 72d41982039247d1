"""A real clamd with one signature of its own: the harmless test file that every scanner knows."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MARK = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
# In two parts, so that no scanner takes this file for the test file.
MALWARE = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + MARK + b"!$H+H*"


@contextmanager
def clamd(folder: Path) -> Iterator[str]:
    """Its address; it takes files up to one megabyte."""
    program = shutil.which("clamd") or "/usr/sbin/clamd"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "signatures").mkdir()
    (folder / "signatures" / "test.ndb").write_text(f"Eicar-Test:0:*:{MARK.hex()}\n")
    settings = folder / "clamd.conf"
    settings.write_text(
        f"Foreground yes\nDatabaseDirectory {folder}/signatures\nTCPSocket {port}\nTCPAddr 127.0.0.1\n"
        f"LocalSocket {folder}/clamd.sock\nStreamMaxLength 1M\nMaxThreads 2\n"
    )
    with (folder / "clamd.log").open("wb") as log:
        process = subprocess.Popen([program, f"--config-file={settings}"], stdout=log, stderr=log)
    try:
        _wait_for(port, process, folder / "clamd.log")
        yield f"tcp://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
    raise AssertionError(log.read_text())
