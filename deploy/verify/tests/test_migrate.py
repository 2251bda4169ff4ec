"""The migration script stops where going on would do harm, and says why."""

import pathlib
import tempfile
import unittest

import frame
import postgres
from checks import migrate


class Migrate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            cls.context = postgres.server(["souk_a", "souk_b", "souk_user"])
            cls.server = cls.context.__enter__()
        except frame.Skipped as skipped:
            raise unittest.SkipTest(str(skipped)) from skipped
        cls.addClassCleanup(cls.context.__exit__, None, None, None)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.migrations = pathlib.Path(folder.name)
        self.write("platform/V1__outbox.sql", "CREATE TABLE outbox (id int); CREATE TABLE inbox (id int);")
        for name in ("souk_a", "souk_b"):
            self.server.must(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            self.server.must(f"CREATE DATABASE {name} OWNER {name}")

    def write(self, name, sql):
        path = self.migrations / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sql, encoding="utf-8")

    def run_script(self, *services):
        return migrate.run(frame.ROOT, self.server, self.migrations, services or ["a"])

    def count(self, sql):
        return self.server.psql(sql, "souk_a", "souk_a")[1].strip()

    def test_migrations_run_in_the_order_of_their_numbers_and_once(self):
        self.write("a/V1__t.sql", "CREATE TABLE t (n int);")
        self.write("a/V2__one.sql", "INSERT INTO t VALUES (1);")
        self.write("a/V10__ten.sql", "INSERT INTO t SELECT max(n) * 10 FROM t;")
        code, text = self.run_script()
        self.assertEqual(code, 0, text)
        self.assertEqual(self.run_script(), (0, "every database is up to date\n"))
        self.assertEqual(self.count("SELECT string_agg(n::text, ',' ORDER BY n) FROM t"), "1,10")

    def test_text_that_psql_might_take_for_its_own_stays_as_it_is(self):
        self.write("a/V1__t.sql", "CREATE TABLE t AS SELECT '\\d :name :''x'' \\\\'::text AS words, (ARRAY[1,2,3])[2:3] AS part;")
        self.assertEqual(self.run_script()[0], 0)
        self.assertEqual(self.count("SELECT words || part::text FROM t"), "\\d :name :'x' \\\\{2,3}")

    def test_a_migration_that_fails_leaves_nothing_and_stops(self):
        self.write("a/V1__t.sql", "CREATE TABLE t (n int);")
        self.write("a/V2__bad.sql", "INSERT INTO t VALUES (1); SELECT nonsense;")
        self.write("b/V1__t.sql", "CREATE TABLE t (n int);")
        code, text = self.run_script("a", "b")
        self.assertEqual(code, 1)
        self.assertIn("nonsense", text)
        self.assertEqual(self.count("SELECT count(*) FROM t"), "0")
        self.assertNotEqual(self.server.psql("SELECT 1 FROM t", "souk_b", "souk_b")[0], 0)

    def test_an_edited_migration_is_named(self):
        self.write("a/V1__t.sql", "CREATE TABLE t (n int);")
        self.run_script()
        self.write("a/V1__t.sql", "CREATE TABLE t (n bigint);")
        code, text = self.run_script()
        self.assertEqual(code, 1)
        self.assertIn("a/V1__t was edited after it was applied to souk_a", text)

    def test_an_older_version_leaves_a_newer_database_alone(self):
        self.write("a/V1__t.sql", "CREATE TABLE t (n int);")
        self.write("a/V2__t.sql", "ALTER TABLE t ADD m int;")
        self.run_script()
        (self.migrations / "a/V2__t.sql").unlink()
        code, text = self.run_script()
        self.assertEqual(code, 1)
        self.assertIn("souk_a was migrated by a newer version (a/V2__t", text)

    def test_a_wrong_password_is_no_silent_wait(self):
        self.write("a/V1__t.sql", "CREATE TABLE t (n int);")
        self.server.must("ALTER ROLE souk_a PASSWORD 'another'")
        self.addCleanup(self.server.must, f"ALTER ROLE souk_a PASSWORD '{postgres.PASSWORD}'")
        code, text = migrate.run(frame.ROOT, self.server, self.migrations, ["a"], wait_seconds=0)
        self.assertEqual(code, 1)
        self.assertIn("password authentication failed", text)
        self.assertIn("souk_a at 127.0.0.1 does not answer", text)

    def test_a_database_that_an_upgrade_brings_along_is_passed_over_before_it(self):
        self.write("a/V1__t.sql", "CREATE TABLE t (n int);")
        self.write("b/V1__t.sql", "CREATE TABLE t (n int);")
        absent = {"PGHOST_B": "b-db-rw.invalid", "ABSENT": "skip"}
        code, text = migrate.run(frame.ROOT, self.server, self.migrations, ["b", "a"], **absent)
        self.assertEqual(code, 0, text)
        self.assertIn("b: souk_b at b-db-rw.invalid is not made yet", text)
        self.assertEqual(self.count("SELECT count(*) FROM t"), "0")
        code, text = migrate.run(frame.ROOT, self.server, self.migrations, ["b"], wait_seconds=0, PGHOST_B="b-db-rw.invalid")
        self.assertEqual(code, 1, text)
        self.write("c/V1__t.sql", "CREATE TABLE t (n int);")
        code, text = migrate.run(frame.ROOT, self.server, self.migrations, ["c"], ABSENT="skip")
        self.assertEqual(code, 0, text)
        self.assertIn("c: souk_c at 127.0.0.1 is not made yet", text)

    def test_rights_that_are_missing_or_too_wide_are_found(self):
        self.write("a/V1__t.sql", "CREATE TABLE t (n int);")
        self.run_script()
        self.assertEqual(migrate.access_problems(self.server, "a", "souk_a"), [])
        for sql in ("REVOKE ALL ON outbox FROM souk_relay", "GRANT SELECT ON inbox TO souk_relay",
                    "GRANT CONNECT ON DATABASE souk_a TO PUBLIC", "ALTER DATABASE souk_a SET timezone TO 'Europe/Lisbon'"):
            self.assertEqual(self.server.psql(sql, "souk_a", "souk_a")[0], 0, sql)
        self.assertEqual(len(migrate.access_problems(self.server, "a", "souk_a")), 5)


if __name__ == "__main__":
    unittest.main()
