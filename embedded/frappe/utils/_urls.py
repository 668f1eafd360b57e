"""Addresses of the site, of documents and of reports."""

from urllib.parse import urljoin, urlparse

import frappe
from frappe.utils._strings import quoted, slug


def get_url(uri: str | None = None, full_address: bool = False) -> str:
    """The site's address, joined with `uri`.

    It is `host_name` of the configuration, else the host of the request, else the site's name.
    """
    if uri and uri.startswith(("http://", "https://")):
        return uri
    conf = frappe.local.conf
    host = conf.host_name or conf.hostname or get_host_name_from_request()
    if not host:
        host = ("https://" if conf.ssl_certificate else "http://") + (frappe.local.site or "127.0.0.1")
    if not host.startswith(("http://", "https://")):
        host = "http://" + host
    if not uri and full_address:
        uri = frappe.get_request_header("REQUEST_URI", "")
    port = conf.http_port or conf.webserver_port
    if (
        port
        and not (conf.restart_supervisor_on_update or conf.restart_systemd_on_update)
        and not url_contains_port(host)
    ):
        host = f"{host}:{port}"
    return urljoin(host, uri) if uri else host


def get_host_name_from_request() -> str | None:
    request = frappe.local.get("request")
    if request and request.host:
        https = frappe.get_request_header("X-Forwarded-Proto", "") == "https"
        return ("https://" if https else "http://") + request.host
    return None


def url_contains_port(url: str) -> bool:
    return url.count(":") > 1


def get_host_name() -> str:
    return get_url().rsplit("//", 1)[-1]


def get_absolute_url(doctype: str, name: str) -> str:
    return f"/app/{quoted(slug(doctype))}/{quoted(name)}"


def get_url_to_form(doctype: str, name: str) -> str:
    return get_url(uri=get_absolute_url(doctype, name))


def get_link_to_form(doctype: str, name: str, label: str | None = None) -> str:
    """An HTML link to a document's form."""
    return f'<a href="{get_url_to_form(doctype, name)}">{label or name}</a>'


def get_url_to_list(doctype: str) -> str:
    return get_url(uri=f"/app/{quoted(slug(doctype))}")


def get_url_to_report(name, report_type: str | None = None, doctype: str | None = None) -> str:
    if report_type == "Report Builder":
        return get_url(uri=f"/app/{quoted(slug(doctype))}/view/report/{quoted(name)}")
    return get_url(uri=f"/app/query-report/{quoted(name)}")


def get_url_to_report_with_filters(name, filters, report_type=None, doctype=None) -> str:
    if report_type == "Report Builder":
        return get_url(uri=f"/app/{quoted(slug(doctype))}/view/report?{filters}")
    return get_url(uri=f"/app/query-report/{quoted(name)}?{filters}")


def get_link_to_report(name, label=None, report_type=None, doctype=None, filters=None) -> str:
    """An HTML link to a report; `filters` by fieldname, a value or a list of [operator, value]."""
    if not filters:
        return f"<a href='{get_url_to_report(name, report_type, doctype)}'>{label or name}</a>"
    conditions = []
    for key, value in filters.items():
        if isinstance(value, list):
            conditions.extend(f'{key}=["{pair[0]}","{pair[1]}"]' for pair in value)
        else:
            conditions.append(f"{key}={value}")
    url = get_url_to_report_with_filters(name, "&".join(conditions), report_type, doctype)
    return f"<a href='{url}'>{label or name}</a>"


def is_site_link(link: str) -> bool:
    if not link:
        return False
    return link.startswith("/") or urlparse(link).netloc == urlparse(get_url()).netloc
