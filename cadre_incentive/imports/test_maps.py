import json
import os
import tempfile
import unittest

from cadre_incentive.imports import maps
from cadre_incentive.imports.errors import ImportRefused

GOOD = {
    "source": "NYC 311",
    "columns": {
        "external_id": "unique_key",
        "reported_on": "created_date",
        "resolved_on": "closed_date",
        "unit": "community_board",
        "category": "descriptor",
        "description": "resolution_description",
    },
    "date_format": "%Y-%m-%d %H:%M:%S",
    "unit_parent_column": "borough",
    "track": "Community boards",
    "category_parent": "Elevators",
    "time_limit": 30,
    "time_limit_unit": "Calendar Days",
}


def without(key):
    return {name: value for name, value in GOOD.items() if name != key}


def columns(**changed):
    merged = {**GOOD["columns"], **changed}
    return {**GOOD, "columns": {field: header for field, header in merged.items() if header is not None}}


class TestMaps(unittest.TestCase):
    def test_the_whole_map(self):
        mapping = maps.check(GOOD)
        self.assertEqual((mapping.time_limit, mapping.time_limit_unit), (30, "Calendar Days"))
        self.assertEqual(mapping.headers[-1], "borough")

    def test_the_smallest_map(self):
        small = {key: GOOD[key] for key in ("source", "date_format")}
        small["columns"] = {
            field: GOOD["columns"][field] for field in ("external_id", "reported_on", "unit", "category")
        }
        mapping = maps.check(small)
        self.assertEqual((mapping.time_limit, mapping.track, mapping.unit_parent_column), (0, None, None))

    def test_refuses_what_makes_no_sense_and_says_why(self):
        for raw, reason in (
            ([], "object"),
            ({**GOOD, "sheet": "1"}, "unknown key: sheet"),
            (without("source"), "lacks the key source"),
            (without("columns"), "lacks the key columns"),
            (without("date_format"), "lacks the key date_format"),
            ({**GOOD, "source": "  "}, "source must be a text"),
            ({**GOOD, "source": "x" * 141}, "longer than 140"),
            ({**GOOD, "track": None}, "track must be a text"),
            ({**GOOD, "track": "<b>"}, "track: .*special characters"),
            ({**GOOD, "category_parent": "a > b"}, "category_parent: .*special characters"),
            ({**GOOD, "columns": ["a"]}, "columns must be an object"),
            (columns(colour="c"), "unknown field: colour"),
            (columns(unit=None), "lacks the field unit"),
            (columns(category=3), "category must be a text"),
            (columns(unit="descriptor"), "both mapped to the column descriptor"),
            ({**GOOD, "unit_parent_column": "community_board"}, "mapped already"),
            ({**GOOD, "date_format": "%d.%m.%y"}, "%y"),
            (without("time_limit_unit"), "needs time_limit_unit"),
            (without("time_limit"), "without time_limit"),
            ({**GOOD, "time_limit": -1}, "whole number"),
            ({**GOOD, "time_limit": 0}, "whole number"),
            ({**GOOD, "time_limit": True}, "whole number"),
            ({**GOOD, "time_limit": "30"}, "whole number"),
            ({**GOOD, "time_limit": 1e9}, "whole number"),
            ({**GOOD, "time_limit_unit": "Hours"}, "must be one of"),
        ):
            with self.subTest(reason=reason), self.assertRaisesRegex(ImportRefused, reason):
                maps.check(raw)

    def test_refuses_a_file_that_is_no_map(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "map.json")
            with self.assertRaisesRegex(ImportRefused, "cannot be read"):
                maps.load(path)
            for content, reason in (
                (b"{", "not JSON"),
                (b"\xff\xfe{}", "not JSON"),
                (b'{"source": "a", "source": "b"}', "twice"),
            ):
                with open(path, "wb") as file:
                    file.write(content)
                with self.subTest(reason=reason), self.assertRaisesRegex(ImportRefused, reason):
                    maps.load(path)
            with open(path, "w", encoding="utf-8-sig") as file:
                json.dump(GOOD, file)
            self.assertEqual(maps.load(path).source, "NYC 311")
