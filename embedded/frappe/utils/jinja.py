"""Templates: Jinja2 in a sandbox, with what `get_safe_globals` shows and the apps' `jinja` hooks."""

import frappe


def get_jenv():
    """The template environment of this thread and user."""
    if frappe.local.get("jenv") is None:
        from frappe.utils.safe_exec import UNSAFE_ATTRIBUTES, get_safe_globals
        from jinja2 import DebugUndefined
        from jinja2.sandbox import SandboxedEnvironment

        unsafe = UNSAFE_ATTRIBUTES - {"format", "format_map"}

        class Environment(SandboxedEnvironment):
            def is_safe_attribute(self, obj, attr, *args, **kwargs):
                return attr not in unsafe and super().is_safe_attribute(obj, attr, *args, **kwargs)

        jenv = Environment(loader=get_jloader(), undefined=DebugUndefined)
        _add_filters(jenv)
        jenv.globals.update(get_safe_globals())
        methods, filters = _hooked()
        jenv.globals.update(methods)
        jenv.filters.update(filters)
        frappe.local.jenv = jenv
    return frappe.local.jenv


def get_jloader():
    """Finds `app/templates/x.html`, and `templates/x.html` in the apps, the last installed first."""
    if frappe.local.get("jloader") is None:
        from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader

        apps = list(reversed(frappe.get_installed_apps(_ensure_on_bench=True)))
        loaders = {app: FileSystemLoader(frappe.get_app_path(app)) for app in apps}
        frappe.local.jloader = ChoiceLoader([PrefixLoader(loaders), *loaders.values()])
    return frappe.local.jloader


def get_template(path: str):
    return get_jenv().get_template(path)


def render_template(template, context=None, is_path=None, safe_render=True) -> str:
    """Render a template, given as text or as a path. ValidationError if it is broken or illegal."""
    from jinja2 import TemplateError

    if not template:
        return ""
    context = context or {}
    if is_path or guess_is_path(template):
        return get_template(template).render(context)
    if safe_render and ".__" in template:
        frappe.throw(frappe._("Illegal template"))
    try:
        return get_jenv().from_string(template).render(context)
    except TemplateError:
        frappe.throw(
            title="Jinja Template Error",
            msg=f"<pre>{template}</pre><pre>{frappe.get_traceback()}</pre>",
        )


def get_email_from_template(name: str, args: dict | None = None) -> tuple[str, str]:
    """HTML and text of `templates/emails/<name>`; the text is the HTML's where there is no `.txt`."""
    from frappe.email.plain_text import to_text
    from jinja2 import TemplateNotFound

    args = args or {}
    html = text = None
    try:
        html = get_template(f"templates/emails/{name}.html").render(args)
    except TemplateNotFound:
        text = get_template(f"templates/emails/{name}.txt").render(args)
        html = f"<pre>{frappe.utils.escape_html(text)}</pre>"
    else:
        try:
            text = get_template(f"templates/emails/{name}.txt").render(args)
        except TemplateNotFound:
            text = to_text(html)
    return html, text


def validate_template(html) -> None:
    """ValidationError if a template does not parse."""
    from jinja2 import TemplateSyntaxError

    if not html:
        return
    try:
        get_jenv().from_string(html)
    except TemplateSyntaxError as error:
        frappe.throw(f"Syntax error in template as line {error.lineno}: {error.message}")


def guess_is_path(template: str) -> bool:
    """One line that ends like a file name is taken for a path."""
    endings = ("html", "css", "scss", "py", "md", "json", "js", "xml", "txt")
    return "\n" not in template and "." in template and template.rsplit(".")[-1] in endings


def _add_filters(jenv) -> None:
    from frappe.utils import cint, cstr, flt, markdown

    jenv.filters.update(
        json=frappe.as_json,
        len=len,
        int=cint,
        str=cstr,
        flt=flt,
        markdown=markdown,
    )


def _hooked() -> tuple[dict, dict]:
    """Functions and filters that apps add by `jinja = {"methods": [...], "filters": [...]}`."""
    hook = frappe.get_hooks("jinja", {})
    return tuple(_by_name(hook.get(kind, [])) if hook else {} for kind in ("methods", "filters"))


def _by_name(definitions) -> dict:
    import inspect

    out: dict = {}
    for definition in definitions:
        name, _colon, path = definition.partition(":")
        if path:
            out[name] = frappe.get_attr(path)
            continue
        try:
            module = frappe.get_module(name)
        except ImportError:
            method = frappe.get_attr(name)
            out[method.__name__] = method
        else:
            out.update(inspect.getmembers(module, inspect.isfunction))
    return out
