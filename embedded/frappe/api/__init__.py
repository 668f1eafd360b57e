"""The REST API: routes under `/api`, version 1 (also without a version) and version 2."""

from enum import Enum
from functools import cache

import frappe


class ApiVersion(str, Enum):
    V1 = "v1"
    V2 = "v2"


def handle(request):
    """Answer a request under `/api`. Raises DoesNotExistError for a route that there is not."""
    from frappe.utils.response import build_response
    from werkzeug.exceptions import NotFound
    from werkzeug.wrappers import Response

    try:
        endpoint, arguments = _routes().bind_to_environ(request.environ).match()
    except NotFound:
        raise frappe.DoesNotExistError from None
    data = endpoint(**arguments)
    if isinstance(data, Response):
        return data
    if data is not None:
        frappe.response["data"] = data
    return build_response("json")


@cache
def _routes():
    from frappe.api.v1 import url_rules as v1_rules
    from frappe.api.v2 import url_rules as v2_rules
    from werkzeug.routing import Map, Submount

    return Map(
        [Submount("/api", v1_rules), Submount("/api/v1", v1_rules), Submount("/api/v2", v2_rules)],
        strict_slashes=False,
        merge_slashes=False,
    )


def get_api_version() -> ApiVersion | None:
    """The version that the request speaks; None without a request."""
    request = frappe.local.get("request")
    if not request:
        return None
    return ApiVersion.V2 if request.path.startswith("/api/v2/") else ApiVersion.V1
