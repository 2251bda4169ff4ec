"""The migration Job's script brings empty databases to the present schema on a real Postgres, does nothing the second time,
and leaves each database to its owner, with the outbox open to the relay."""

import os
import pathlib
import shutil
import tempfile

import application
import postgres
import tools


def lay_out(root, services, folder):
    """The migrations as the image has them."""
    for service in services:
        shutil.copytree(root / "components" / service / "migrations", folder / service)
    shutil.copytree(root / "components/shared/migrations", folder / "platform")
    return folder


def run(root, server, migrations, services, wait_seconds=10, **variables):
    """Exit code and output of the script; variables have the last word in its environment."""
    environment = {**os.environ, "MIGRATIONS": str(migrations), "PGPORT": str(server.port), "WAIT_SECONDS": str(wait_seconds)}
    for service in services:
        environment |= {f"PGHOST_{service.upper()}": "127.0.0.1", f"PGPASSWORD_{service.upper()}": postgres.PASSWORD}
    return tools.output([root / "deploy/images/migrate.sh", *services], env=environment | variables)


def access_problems(server, service, database):
    """What the relay and others may do in a service's database."""
    problems = []
    code, text = server.psql("SELECT count(*) FROM outbox", "souk_relay", database)
    if code:
        problems.append(f"the relay cannot read the outbox of {service}: {text.strip()}")
    code, text = server.psql("DELETE FROM outbox WHERE false", "souk_relay", database)
    if code:
        problems.append(f"the relay cannot empty the outbox of {service}: {text.strip()}")
    code, _ = server.psql("SELECT count(*) FROM inbox", "souk_relay", database)
    if code == 0:
        problems.append(f"the relay reads more of {service} than its outbox")
    stranger = "souk_user" if service != "user" else "souk_order"
    if server.psql("SELECT 1", stranger, database)[0] == 0:
        problems.append(f"{stranger} may connect to {database}")
    _, zone = server.psql("SHOW timezone", database, database)
    if zone.strip() != "UTC":
        problems.append(f"{database} is not at UTC but {zone.strip()}")
    return problems


def check(it):
    databases = {name: one.database for name, one in application.services(it.root).items() if one.database}
    with tempfile.TemporaryDirectory() as folder, postgres.server(databases.values()) as server:
        migrations = lay_out(it.root, databases, pathlib.Path(folder) / "migrations")
        code, text = run(it.root, server, migrations, databases)
        if code:
            it.problem(text.strip())
            return
        applied = [line for line in text.splitlines() if ": " in line]
        wanted = sum(len(list(path.glob("V*.sql"))) for path in migrations.iterdir() if path.name != "platform")
        wanted += len(databases) * len(list((migrations / "platform").glob("V*.sql")))
        if len(applied) != wanted:
            it.problem(f"{wanted} migrations are there, {len(applied)} were applied")
        code, again = run(it.root, server, migrations, databases)
        if code or again.strip() != "every database is up to date":
            it.problem(f"a second run does something: {again.strip()}")
        for service, database in databases.items():
            for problem in access_problems(server, service, database):
                it.problem(problem)
        it.saw(f"{wanted} migrations of {len(databases)} databases")
