"""One throw-away site for the whole run; each test gets it connected and clean."""

import os

import pytest
from host_site import SITE


def _load_hypothesis_profile():
    from hypothesis import settings

    settings.register_profile("dev", max_examples=30, derandomize=True, deadline=None)
    settings.register_profile("soak", max_examples=1000, deadline=None)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


_load_hypothesis_profile()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Path of a bench's `sites/` with one new site, `SITE`, on which tests are allowed."""
    import frappe
    from frappe.installer import new_site, update_site_config
    from frappe.utils.bench_helper import make_bench

    root = tmp_path_factory.mktemp("bench")
    # Only while the site is made: other tests of the run have benches of their own.
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SITES_PATH", str(root / "sites"))
        make_bench()
        new_site(SITE, admin_password="admin")
        update_site_config("allow_tests", True)
        frappe.destroy()
    yield root / "sites"
    frappe.destroy()


@pytest.fixture
def frappe_site(site):
    """The `frappe` package, connected to the site as Administrator; what the test writes is rolled back."""
    import frappe

    frappe.init(SITE, sites_path=str(site), force=True)
    frappe.connect()
    frappe.flags.in_test = True
    yield frappe
    frappe.db.rollback()
    frappe.clear_cache()
    frappe.destroy()


@pytest.fixture(scope="session")
def http_site(site):
    """The site with the DocTypes and users of `http_host`; their API tokens by user."""
    import frappe
    import http_host

    frappe.init(SITE, sites_path=str(site), force=True)
    frappe.connect()
    http_host.prepare()
    users = ("Administrator", http_host.READER, http_host.WRITER, http_host.OUTSIDER)
    tokens = {user: http_host.token_of(user) for user in users}
    frappe.destroy()
    return tokens


@pytest.fixture
def client(site, http_site):
    """Makes clients of the host: `client()` is a guest, `client(user)` carries the user's token."""
    import http_host

    made = []

    def make(user=None):
        made.append(http_host.Client(site, SITE, http_site[user] if user else None))
        return made[-1]

    yield make
    for each in made:
        each.close()
