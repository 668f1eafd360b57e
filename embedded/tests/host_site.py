"""The name of the site that the fixtures make; a module of its own, because there are several conftest.py."""

SITE = "test.localhost"
