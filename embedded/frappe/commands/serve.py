"""`bench serve`: the site over HTTP, by waitress."""

import gc
import signal
import sys

import click
from frappe.commands import get_site, pass_context

# Uploads are limited by the site, long before this.
MAX_BODY_BYTES = 1 << 30


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on")
@click.option("--port", default=8000, show_default=True, type=int)
@click.option("--threads", default=8, show_default=True, type=int, help="Requests served at once")
@click.option("--trusted-proxy", help="Address of the proxy whose X-Forwarded headers are believed")
@click.option("--no-jobs", is_flag=True, help="Leave jobs to `bench worker`, their time to `bench schedule`")
@pass_context
def serve(context, host, port, threads, trusted_proxy=None, no_jobs=False):
    """Serve the site named by --site, or every site of the bench by its host name; run its jobs too."""
    import frappe.app
    import waitress
    from frappe._site import default_sites_path
    from frappe.jobs.start import Background

    frappe.app._site = get_site(context, raise_err=False)
    frappe.app._sites_path = default_sites_path()
    frappe.app.preload()
    # What is loaded stays: the collector need not look at it, nor come as often as in a script.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    proxy = {}
    if trusted_proxy:
        proxy = {
            "trusted_proxy": trusted_proxy,
            "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
        }
    try:
        server = waitress.create_server(
            frappe.app.application,
            host=host,
            port=port,
            threads=threads,
            ident=None,
            max_request_body_size=MAX_BODY_BYTES,
            clear_untrusted_proxy_headers=True,
            **proxy,
        )
    except OSError as error:
        click.secho(f"Cannot listen on {host}:{port}: {error.strerror}", fg="red", err=True)
        sys.exit(1)
    click.echo(f"Serving on http://{host}:{server.effective_port}", err=True)
    sites = [frappe.app._site] if frappe.app._site else None
    background = None if no_jobs else Background(frappe.app._sites_path, sites).start()
    # waitress takes SystemExit as the sign to finish the requests it has begun
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(0))
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()
    finally:
        if background:
            background.stop()
