"""A Postgres server for as long as a check lasts, on a free port, made as CloudNativePG makes one: a role for each service
that owns its database, and the relay's."""

import contextlib
import glob
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

import tools

PASSWORD = "a-password"


def programs():
    """The folder of Postgres' programs, which Debian keeps off PATH."""
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    given = os.environ.get("SOUK_PG_BIN") or (folders[-1] if folders else "")
    if not given and shutil.which("postgres"):
        given = str(pathlib.Path(shutil.which("postgres")).parent)
    if not given or not shutil.which("psql"):
        tools.missing("Postgres is missing: `scripts/setup servers` installs it")
    return pathlib.Path(given)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def as_server(command):
    """Postgres refuses to run as root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


class Server:
    """A server that runs."""

    def __init__(self, port):
        self.port = port

    def psql(self, sql, user="postgres", database="postgres"):
        """Exit code and output of a statement."""
        environment = {**os.environ, "PGPASSWORD": PASSWORD}
        return tools.output(["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1",
                             "--host", "127.0.0.1", "--port", self.port, "--username", user, "--dbname", database,
                             "--command", sql], env=environment)

    def must(self, sql):
        code, text = self.psql(sql)
        if code:
            raise RuntimeError(text)


@contextlib.contextmanager
def server(databases):
    """Starts one with these databases, each owned by a role of its name."""
    binaries = programs()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        data, secret = pathlib.Path(folder) / "data", pathlib.Path(folder) / "password"
        secret.write_text(PASSWORD, encoding="utf-8")
        secret.chmod(0o644)
        init = as_server([str(binaries / "initdb"), "--pgdata", str(data), "--username", "postgres", "--pwfile", str(secret),
                          "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"])
        subprocess.run(init, check=True, capture_output=True, cwd="/")
        port = free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        control = [str(binaries / "pg_ctl"), "--pgdata", str(data), "--wait", "--silent"]
        log = ["--log", str(pathlib.Path(folder) / "log")]
        subprocess.run(as_server([*control, *log, "--options", options, "start"]), check=True, cwd="/",
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            running = Server(port)
            running.must(f"CREATE ROLE souk_relay LOGIN PASSWORD '{PASSWORD}'")
            for name in databases:
                running.must(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'")
                running.must(f"CREATE DATABASE {name} OWNER {name} TEMPLATE template0 ENCODING 'UTF8'")
            yield running
        finally:
            subprocess.run(as_server([*control, "--mode", "immediate", "stop"]), cwd="/", capture_output=True)
