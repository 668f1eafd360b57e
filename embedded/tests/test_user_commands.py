"""Users by command: added with roles, disabled, given passwords; and backups from the command line."""

import frappe
import pytest
from click.testing import CliRunner
from frappe.commands.backup import backup, restore
from frappe.commands.users import add_system_manager, add_user, disable_user, set_admin_password
from frappe.utils.password import check_password

SITE = "commands.localhost"
PERSON = "command@example.com"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    from frappe.installer import new_site
    from frappe.utils.bench_helper import make_bench

    root = tmp_path_factory.mktemp("commands")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SITES_PATH", str(root / "sites"))
        make_bench()
        new_site(SITE, admin_password="admin")
        frappe.destroy()

        def run(command, *args, site=SITE, **kwargs):
            context = {"sites": [site], "force": False, "verbose": False, "profile": False}
            return CliRunner().invoke(command, args, obj=context, **kwargs)

        yield run
        frappe.destroy()


@pytest.fixture
def site(run):
    yield
    frappe.destroy()


def connect(site=SITE):
    frappe.destroy()
    frappe.init(site, force=True)
    frappe.connect()


def test_add_and_disable(run, site):
    done = run(
        add_user, PERSON, "--first-name", "C", "--password", "secret-9", "--add-role", "System Manager"
    )
    assert (done.exit_code, done.stdout.strip()) == (0, PERSON)
    connect()
    assert check_password(PERSON, "secret-9") == PERSON
    assert "System Manager" in frappe.get_roles(PERSON)
    assert run(add_user, PERSON).exit_code == 1
    assert run(add_user, "other@example.com", "--add-role", "No Such Role").exit_code == 1
    connect()
    assert not frappe.db.exists("User", "other@example.com")
    assert run(disable_user, PERSON).exit_code == 0
    connect()
    assert not frappe.db.get_value("User", PERSON, "enabled")


def test_a_system_manager(run, site):
    assert run(add_system_manager, "manager@example.com", "--password", "secret-9").exit_code == 0
    connect()
    assert "System Manager" in frappe.get_roles("manager@example.com")


def test_passwords(run, site):
    assert run(set_admin_password, "new-1").exit_code == 0
    connect()
    assert check_password("Administrator", "new-1")
    assert run(set_admin_password, input="new-2\nnew-2\n").exit_code == 0
    connect()
    assert check_password("Administrator", "new-2")


def test_a_random_password_is_shown_and_works(run, site):
    done = run(set_admin_password, "--random")
    assert done.exit_code == 0
    connect()
    assert check_password("Administrator", done.stdout.strip()) == "Administrator"
    assert run(set_admin_password, "--random", "another").exit_code == 2


def test_backup_and_restore(run, site):
    path = run(backup).stdout.strip()
    done = run(restore, path, "--admin-password", "restored", site="again.localhost")
    assert done.exit_code == 0, done.output
    connect("again.localhost")
    assert check_password("Administrator", "restored")
    with open(path, "r+b") as handle:
        handle.truncate(1000)
    assert run(restore, path).exit_code == 1
