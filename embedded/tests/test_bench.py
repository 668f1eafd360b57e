"""The `bench` command as its users run it: sites, apps, migration, functions, tests."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sample_app

BENCH = Path(sys.executable).parent / "bench"
SITE = "one.localhost"


class Bench:
    """A folder to run `bench` in, with an app that can be imported."""

    def __init__(self, root: Path):
        self.root = root
        self.app = sample_app.write_app(root / "apps")
        self.environment = {
            key: value for key, value in os.environ.items() if key not in ("SITES_PATH", "FRAPPE_SITE", "CI")
        }
        self.environment["PYTHONPATH"] = str(root / "apps")

    @property
    def site(self) -> Path:
        return self.root / "sites" / SITE

    def __call__(self, *args: str, fails: bool = False, stdin: str | None = None, **environment: str):
        done = subprocess.run(
            [str(BENCH), *args],
            cwd=self.root,
            env={**self.environment, **environment},
            input=stdin,
            capture_output=True,
            text=True,
        )
        assert bool(done.returncode) == fails, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def on_site(self, *args: str, **options):
        return self("--site", SITE, *args, **options)

    def call(self, method: str, *args):
        out = self.on_site("execute", method, "--args", repr(list(args))).stdout
        return json.loads(out) if out else None

    def events(self) -> list[str]:
        log = self.site / "events.log"
        lines = log.read_text().splitlines()
        log.unlink()
        return lines


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    bench = Bench(tmp_path_factory.mktemp("bench"))
    bench("new-site", SITE, "--admin-password", "secret")
    bench.on_site("install-app", "sample_app")
    return bench


def test_a_new_bench_and_site(bench):
    assert (bench.root / "sites" / "apps.txt").read_text().split() == ["frappe", "sample_app"]
    config = json.loads((bench.site / "site_config.json").read_text())
    assert config["db_type"] == "sqlite" and "secret" not in json.dumps(config)
    assert "already exists" in bench("new-site", SITE, fails=True).stderr
    assert bench.on_site("list-apps").stdout.split() == ["frappe", "15.55.1+embedded", "sample_app", "1.2.3"]


def test_a_site_that_cannot_be_made_leaves_nothing(bench):
    bench("new-site", "broken.localhost", "--install-app", "json", fails=True)
    assert not (bench.root / "sites" / "broken.localhost").exists()
    (bench.root / "sites" / "apps.txt").write_text("frappe\nsample_app\n")


def test_order_of_installation(bench):
    assert bench.events() == ["before_install", "after_install fixture=False", "after_sync fixture=True"]
    assert bench.call("frappe.db.exists", "Patch Log", {"patch": "sample_app.patches.old"})
    assert bench.call("frappe.db.get_value", "Module Def", "Sample Module", "app_name") == "sample_app"
    bench.on_site("install-app", "sample_app")
    assert not (bench.site / "events.log").exists()


def test_an_unknown_app_is_refused(bench):
    assert "cannot be imported" in bench.on_site("install-app", "no_such_app", fails=True).stderr


def test_execute(bench):
    assert bench.on_site("execute", "frappe.ping").stdout == '"pong"\n'
    assert (
        bench.on_site("execute", "sample_app.events.add", "--args", "[2]", "--kwargs", '{"b": 5}').stdout
        == "7\n"
    )
    assert bench.on_site("execute", "sample_app.events.add", "--args", "['a', 'b']").stdout == '"ab"\n'
    assert bench.call("frappe.db.get_value", "User", "Administrator", "name") == "Administrator"
    assert "AppNotInstalledError" in bench.on_site("execute", "json.dumps", fails=True).stderr


def test_a_command_commits_or_rolls_back(bench):
    assert bench.call("sample_app.events.write", "kept") == "kept"
    bench.on_site("execute", "sample_app.events.write_and_fail", fails=True)
    titles = bench.call("frappe.get_all", "Sample Note", {"name": ("in", ["kept", "never"])}, ["name"])
    assert titles == [{"name": "kept"}]


def test_commands_of_apps(bench):
    out = bench.on_site("sample-count", "--word", "rows").stdout
    assert out.endswith(" rows\n") and int(out.split()[0]) >= 1
    assert "sample-count" in bench("--help").stdout
    assert "No such command" in bench("no-such-command", fails=True).stderr


def test_a_broken_app_does_not_break_the_bench(bench):
    commands = bench.app / "commands.py"
    text = commands.read_text()
    commands.write_text("import no_such_module\n")
    try:
        assert bench.on_site("execute", "frappe.ping").stdout == '"pong"\n'
        assert "no_such_module" in bench("--help").stderr
    finally:
        commands.write_text(text)


def test_sites_are_named_or_default(bench):
    assert "--site" in bench("execute", "frappe.ping", fails=True).stderr
    assert "does not exist" in bench("--site", "nowhere", "execute", "frappe.ping", fails=True).stderr
    bench("use", SITE)
    try:
        assert bench("execute", "frappe.ping").stdout == '"pong"\n'
        assert bench("--site", "all", "execute", "frappe.ping").stdout == '"pong"\n'
    finally:
        (bench.root / "sites" / "common_site_config.json").write_text("{}")


def test_the_bench_is_found_from_below_and_by_environment(bench, tmp_path):
    below = subprocess.run(
        [str(BENCH), "--site", SITE, "execute", "frappe.ping"], cwd=bench.site, env=bench.environment,
        capture_output=True, text=True,
    )  # fmt: skip
    assert below.stdout == '"pong"\n', below.stderr
    for variable, value in (("SITES_PATH", bench.root / "sites"), ("FRAPPE_BENCH_ROOT", bench.root)):
        elsewhere = subprocess.run(
            [str(BENCH), "--site", SITE, "execute", "frappe.ping"], cwd=tmp_path,
            env={**bench.environment, variable: str(value)}, capture_output=True, text=True,
        )  # fmt: skip
        assert elsewhere.stdout == '"pong"\n', elsewhere.stderr


def test_configuration(bench):
    bench.on_site("set-config", "my_flag", "true")
    bench.on_site("set-config", "my_list", "[1, 2]", "--parse")
    bench.on_site("set-config", "api_secret", "hush")
    shown = json.loads(bench.on_site("show-config", "--format", "json").stdout)[SITE]
    assert (shown["my_flag"], shown["my_list"], shown["api_secret"]) == (True, [1, 2], "********")
    bench.on_site("set-config", "my_flag", "None")
    assert "my_flag" not in json.loads((bench.site / "site_config.json").read_text())


def test_console_runs_a_script_and_commits_nothing_by_itself(bench):
    script = (
        "print(frappe.session.user)\nfrappe.get_doc({'doctype': 'Sample Note', 'title': 'lost'}).insert()\n"
    )
    assert bench.on_site("console", stdin=script).stdout == "Administrator\n"
    assert bench.call("frappe.db.exists", "Sample Note", "lost") is None
    bench.on_site("console", stdin=script + "frappe.db.commit()\n")
    assert bench.call("frappe.db.exists", "Sample Note", "lost") == "lost"


def test_migrate(bench):
    app = bench.app
    (app / "patches" / "fill.py").write_text(
        "import frappe\n\n\ndef execute():\n"
        "    frappe.db.set_value('Sample Note', 'from fixture', 'remark', 'patched')\n"
    )
    (app / "patches.txt").write_text(
        "[pre_model_sync]\nsample_app.patches.old\n\n[post_model_sync]\nsample_app.patches.fill\n"
    )
    sample_app.write_doctype(app, "title", "remark")
    sample_app.write_fixture(app, "from fixture", "second")
    bench.on_site("migrate")
    assert bench.events() == ["before_migrate", "after_migrate"]
    assert bench.call("frappe.db.exists", "Sample Note", "second") == "second"
    assert bench.call("frappe.db.exists", "Patch Log", {"patch": "sample_app.patches.fill"})
    columns = sqlite3.connect(next((bench.site / "db").glob("*.db"))).execute(
        "pragma table_info(`tabSample Note`)"
    )
    assert "remark" in {row[1] for row in columns}
    # The fixture is deleted and inserted again after the patch, as in Frappe.
    assert not bench.call("frappe.db.get_value", "Sample Note", "from fixture", "remark")
    out = bench.on_site("migrate").stdout
    assert "Executing" not in out
    bench.events()


def test_a_failing_patch_stops_the_migration_or_is_skipped(bench):
    app = bench.app
    before = (app / "patches.txt").read_text()
    (app / "patches" / "bad.py").write_text(
        "import frappe\n\n\ndef execute():\n"
        "    frappe.get_doc({'doctype': 'Sample Note', 'title': 'half'}).insert()\n"
        "    raise ValueError('bad')\n"
    )
    (app / "patches.txt").write_text(before + "sample_app.patches.bad\n")
    try:
        assert "bad" in bench.on_site("migrate", fails=True).stderr
        assert bench.call("frappe.db.exists", "Sample Note", "half") is None
        bench.on_site("migrate", "--skip-failing")
        row = bench.call("frappe.db.get_value", "Patch Log", {"patch": "sample_app.patches.bad"}, "skipped")
        assert row == 1
    finally:
        (app / "patches.txt").write_text(before)
        bench.events()


def test_two_migrations_do_not_run_at_once(bench):
    from filelock import FileLock

    with FileLock(bench.site / "locks" / "bench_migrate.lock"):
        assert "LockTimeoutError" in bench.on_site("migrate", fails=True).stderr


def test_run_tests(bench):
    assert "allow_tests" in bench.on_site("run-tests", "--app", "sample_app", fails=True).stderr
    bench.on_site("set-config", "allow_tests", "true")
    assert "Ran 4 tests" in bench.on_site("run-tests", "--app", "sample_app").stderr
    assert bench.events() == ["before_tests"]
    assert "Ran 4 tests" in bench.on_site("run-tests", "--doctype", "Sample Note").stderr
    module = "sample_app.sample_module.doctype.sample_note.test_sample_note"
    assert "Ran 1 test" in bench.on_site("run-tests", "--module", module, "--test", "test_insert").stderr
    failed = bench.on_site("run-tests", "--app", "sample_app", fails=True, FAIL_PLEASE="1").stderr
    assert "FAILED (failures=1)" in failed
    assert bench.call("frappe.db.exists", "Sample Note", "in a test") is None
    bench.events()


def test_a_running_process_sees_what_another_invalidated(bench):
    script = (
        "import sys\nfrappe.get_cached_doc('Sample Note', 'kept')\nprint('ready', flush=True)\n"
        "import time, os\n"
        "while not os.path.exists(frappe.get_site_path('go')): time.sleep(0.01)\n"
        "frappe.destroy(); frappe.init('one.localhost'); frappe.connect()\n"
        "print(frappe.get_cached_value('Sample Note', 'kept', 'remark'))\n"
    )
    process = subprocess.Popen(
        [str(BENCH), "--site", SITE, "console"], cwd=bench.root, env=bench.environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    process.stdin.write(script)
    process.stdin.close()
    assert process.stdout.readline() == "ready\n"
    bench.on_site(
        "console",
        stdin="d = frappe.get_doc('Sample Note', 'kept'); d.remark = 'new'; d.save(); frappe.db.commit()",
    )
    (bench.site / "go").touch()
    assert process.stdout.read() == "new\n"
    process.wait()


def test_ping_takes_no_longer_than_importing_pandas(bench):
    def best(*command):
        times = []
        for _i in range(5):
            started = time.perf_counter()
            subprocess.run(command, cwd=bench.root, env=bench.environment, check=True, capture_output=True)
            times.append(time.perf_counter() - started)
        return min(times)

    pytest.importorskip("pandas")
    ping = best(str(BENCH), "--site", SITE, "execute", "frappe.ping")
    assert ping <= best(sys.executable, "-c", "import pandas")


def test_uninstall(bench):
    bench.on_site("uninstall-app", "sample_app", "--yes")
    assert bench.events() == ["before_uninstall"]
    assert bench.on_site("list-apps").stdout.split()[::2] == ["frappe"]
    assert bench.call("frappe.db.exists", "DocType", "Sample Note") is None
    tables = sqlite3.connect(next((bench.site / "db").glob("*.db"))).execute("select name from sqlite_master")
    assert "tabSample Note" not in {row[0] for row in tables}
