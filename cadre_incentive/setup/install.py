"""What a site needs besides its DocTypes. Running any of it twice changes nothing."""

from cadre_incentive.setup.calendars import seed_calendars
from cadre_incentive.setup.roles import close_desk, seed_roles
from cadre_incentive.setup.settings import seed_settings


def after_install() -> None:
    seed()
    close_desk()


def after_migrate() -> None:
    seed()


def seed() -> None:
    """Roles, settings and holiday calendars, each inserted only where absent."""
    seed_roles()
    seed_settings()
    seed_calendars()
