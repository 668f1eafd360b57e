"""Translations, templates and expressions."""

import pytest


@pytest.fixture
def translations(frappe_site, tmp_path, monkeypatch):
    """Apps whose files say something in zh and zh-TW."""
    (tmp_path / "translations").mkdir()
    (tmp_path / "translations" / "zh.csv").write_text(
        'Red List,红榜,\nOpen,打开,\nOpen,未结,State of a ticket\n"Hello, {0}",您好 {0},\n', encoding="utf-8"
    )
    (tmp_path / "translations" / "zh-TW.csv").write_text("Red List,紅榜\n", encoding="utf-8")
    frappe = frappe_site
    monkeypatch.setattr(frappe, "get_app_path", lambda app, *joins: str(tmp_path.joinpath(*joins)))
    frappe.translate.clear_cache()
    yield frappe
    monkeypatch.undo()
    frappe.translate.clear_cache()


def test_a_message_in_the_current_language(translations):
    _ = translations._
    assert _("Red List") == "Red List"
    translations.local.lang = "zh"
    assert _("Red List") == "红榜"
    assert _(" Red List ") == "红榜"
    assert _("Unknown") == "Unknown"
    assert _("Hello, {0}").format("x") == "您好 x"
    assert _("Red List", lang="en") == "Red List"


def test_context_wins_and_falls_back(translations):
    translations.local.lang = "zh"
    assert translations._("Open", context="State of a ticket") == "未结"
    assert translations._("Open", context="Other") == "打开"


def test_a_derived_language_starts_from_its_parent(translations):
    assert translations._("Red List", lang="zh-TW") == "紅榜"
    assert translations._("Open", lang="zh-TW") == "打开"
    assert translations._("Red List", lang="zh-CN") == "红榜"


def test_tags_do_not_hide_a_message(translations):
    assert translations._("<b>Red List</b>", lang="zh") == "红榜"


def test_lazy_text_is_translated_when_used(translations):
    lazy = translations._lt("Red List")
    assert str(lazy) == "Red List"
    translations.local.lang = "zh"
    assert f"{lazy}" == "红榜" and lazy == "红榜" and lazy + "!" == "红榜!"


def test_a_bad_row_is_refused_when_asked(frappe_site, tmp_path):
    path = tmp_path / "zh.csv"
    path.write_text("only one column\n", encoding="utf-8")
    read = frappe_site.translate.get_translation_dict_from_file
    assert read(str(path), "zh", "app") == {}
    with pytest.raises(frappe_site.ValidationError):
        read(str(path), "zh", "app", throw=True)


def test_expressions(frappe_site):
    from frappe.utils.safe_exec import safe_eval

    doc = frappe_site._dict(amount=5, tags=["a", "b"])
    assert safe_eval("doc.amount > 3 and 'a' in doc.tags", None, {"doc": doc}) is True
    assert safe_eval("round(amount / 3, 2)", {"amount": 10}) == 3.33
    assert safe_eval("[x * 2 for x in items]", {"items": [1, 2]}) == [2, 4]
    assert safe_eval("row['a']", None, {"row": {"a": 1}}) == 1


@pytest.mark.parametrize(
    "code",
    [
        "().__class__.__bases__",
        "__import__('os')",
        "(x := 1)",
        "'{0.__class__}'.format(1)",
        "[g for g in (x for x in [1])].gi_frame",
        "import os",
        "doc.__init__",
        "open('/etc/passwd')",
        "lambda: 1 if _private else 0",
        "exec('1')",
    ],
)
def test_expressions_that_reach_out_are_refused(frappe_site, code):
    from frappe.utils.safe_exec import safe_eval

    with pytest.raises((SyntaxError, NameError, AttributeError, TypeError, NotImplementedError)):
        safe_eval(code, None, {"doc": frappe_site._dict(a=1)})


def test_scripts_are_off(frappe_site):
    from frappe.utils.safe_exec import ServerScriptNotEnabled, is_safe_exec_enabled, safe_exec

    assert not is_safe_exec_enabled()
    with pytest.raises(ServerScriptNotEnabled):
        safe_exec("x = 1")


def test_templates(frappe_site):
    render = frappe_site.render_template
    assert render("Hello {{ name }} {{ frappe.utils.add_days('2024-01-31', 1) }}", {"name": "x"}) == (
        "Hello x 2024-02-01"
    )
    assert render("{{ _('Yes') }} {{ doc.missing }}", {"doc": frappe_site._dict()}).startswith("Yes")
    assert render("") == ""


@pytest.mark.parametrize("text", ["{{ ''.__class__ }}", "{{ [].append.__self__ }}", "{% broken"])
def test_templates_that_reach_out_are_refused(frappe_site, text):
    with pytest.raises(frappe_site.ValidationError):
        frappe_site.render_template(text)


def test_passwords(frappe_site):
    from frappe.utils.password import check_password, update_password

    update_password("Administrator", "right")
    assert check_password("Administrator", "right") == "Administrator"
    for user, password in (("Administrator", "wrong"), ("nobody", "right")):
        with pytest.raises(frappe_site.AuthenticationError):
            check_password(user, password)
    held = frappe_site.db.sql("select password from `__Auth` where name='Administrator'")[0][0]
    assert held.startswith("$argon2") and "right" not in held


def test_site_has_the_admin_password_it_was_made_with(frappe_site):
    from frappe.utils.password import check_password

    assert check_password("Administrator", "admin")


def test_defaults(frappe_site):
    from frappe import defaults

    defaults.set_user_default("colour", "red")
    assert defaults.get_user_default("colour") == "red"
    defaults.add_user_default("colour", "blue")
    assert defaults.get_user_default_as_list("colour") == ["red", "blue"]
    defaults.set_global_default("colour", "green")
    assert frappe_site.db.get_default("colour") == "green"
    defaults.clear_user_default("colour")
    assert defaults.get_user_default("colour") == "green"
    with pytest.raises(Exception, match="No key"):
        defaults.clear_default()
