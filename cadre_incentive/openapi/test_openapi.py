import json
import unittest
from html.parser import HTMLParser
from typing import Literal

import frappe

from cadre_incentive.api import openapi
from cadre_incentive.openapi import methods
from cadre_incentive.openapi.document import document
from cadre_incentive.openapi.page import render
from cadre_incentive.tests.base import CadreTestCase
from cadre_incentive.tests.factories import make_user

try:
    from openapi_spec_validator import validate
except ImportError:
    validate = None

TICKETS = "/api/resource/Issue%20Ticket"


class Reader(HTMLParser):
    """What a page loads and runs."""

    def __init__(self):
        super().__init__()
        self.loads, self.scripts, self.text = [], 0, ""

    def handle_starttag(self, tag, attributes):
        self.scripts += tag == "script" or any(name.startswith("on") for name, _value in attributes)
        if tag in ("link", "img", "script", "iframe"):
            self.loads += [value for name, value in attributes if name in ("src", "href")]

    def handle_data(self, data):
        self.text += data


class TestOpenAPI(CadreTestCase):
    def as_role(self, *roles):
        frappe.set_user(make_user(*roles).name)

    @unittest.skipUnless(validate, "openapi-spec-validator is not installed")
    def test_the_document_is_openapi(self):
        for roles in ((), ("Unit Staff",), ("Leader",), ("System Manager",)):
            with self.subTest(roles=roles):
                frappe.set_user("Administrator")
                if roles:
                    self.as_role(*roles)
                validate(json.loads(frappe.as_json(document())))

    def test_it_shows_what_the_user_may_do(self):
        self.as_role("Unit Staff")
        paths = document()["paths"]
        self.assertEqual(set(paths[TICKETS]), {"get", "post"})
        self.assertIn("put", paths[TICKETS + "/{name}"])
        self.assertNotIn("post", paths.get("/api/resource/Satisfaction%20Response", {}))
        self.assertNotIn("/api/method/cadre_incentive.api.lists.publish", paths)
        frappe.set_user("Administrator")
        self.as_role("Incentive Administrator")
        paths = document()["paths"]
        self.assertEqual(set(paths["/api/method/cadre_incentive.api.lists.publish"]), {"post"})
        self.assertNotIn("post", paths["/api/resource/Red%20Black%20List"])
        change = document()["components"]["schemas"]["Red_Black_List.change"]
        self.assertEqual(list(change["properties"]), ["docstatus"])

    def test_who_may_nothing_sees_nothing(self):
        self.as_role()
        found = document()
        self.assertEqual([path for path in found["paths"] if path.startswith("/api/resource/")], [])
        self.assertEqual(list(found["components"]["schemas"]), ["Error"])

    def test_fields_follow_their_levels(self):
        self.as_role("Unit Staff")
        schemas = document()["components"]["schemas"]
        self.assertIn("due_on", schemas["Issue_Ticket"]["properties"])
        self.assertNotIn("due_on", schemas["Issue_Ticket.create"]["properties"])
        frappe.set_user("Administrator")
        self.as_role("Duty Officer")
        self.assertIn("due_on", document()["components"]["schemas"]["Issue_Ticket.create"]["properties"])

    def test_schemas_say_what_fields_are(self):
        schemas = document()["components"]["schemas"]
        ticket = schemas["Issue_Ticket.create"]
        self.assertTrue({"category", "unit"} <= set(ticket["required"]))
        self.assertEqual(ticket["properties"]["unit"]["x-link"], "Government Unit")
        self.assertIn("Reported", ticket["properties"]["state"]["enum"])
        principals = schemas["Government_Unit"]["properties"]["principals"]
        self.assertEqual(principals["items"], {"$ref": "#/components/schemas/Government_Unit_Principal"})
        self.assertNotIn("unit_code", schemas["Government_Unit.change"]["properties"])

    def test_methods_are_typed(self):
        method = document()["paths"]["/api/method/cadre_incentive.api.lists.rebuild"]["post"]
        body = method["requestBody"]["content"]["application/json"]["schema"]
        self.assertEqual(body["required"], ["period"])
        self.assertEqual(body["properties"]["board"], {"anyOf": [{"type": "string"}, {"type": "null"}]})

    def test_annotations(self):
        for annotation, wanted in (
            (list[int], {"type": "array", "items": {"type": "integer"}}),
            (dict[str, float], {"type": "object", "additionalProperties": {"type": "number"}}),
            (Literal["a", "b"], {"enum": ["a", "b"]}),
            (object, {}),
        ):
            self.assertEqual(methods.schema(annotation), wanted)

    def test_every_method_of_the_app_is_typed(self):
        for dotted, function in methods.methods().items():
            with self.subTest(dotted):
                _verb, said = methods.operation(dotted, function, "x")
                kinds = [each["schema"] for each in said.get("parameters", ())]
                self.assertTrue(all(kinds))

    def test_answers(self):
        self.assertEqual(json.loads(openapi.spec().get_data())["openapi"], "3.1.0")
        self.assertEqual(openapi.page().mimetype, "text/html")

    def test_guests_are_refused(self):
        frappe.set_user("Guest")
        for method in (openapi.spec, openapi.page):
            with self.assertRaises(frappe.PermissionError):
                method()

    def test_the_page_loads_and_runs_nothing(self):
        for lang, text in (("en", "Parameters"), ("zh", "参数")):
            frappe.local.lang = lang
            reader = Reader()
            reader.feed(render(document()))
            self.assertEqual((reader.loads, reader.scripts), ([], 0))
            self.assertTrue(text in reader.text)

    def test_the_page_shows_text_as_text(self):
        found = document()
        found["info"]["description"] = "<script>alert(1)</script>"
        self.assertFalse("<script>" in render(found))
