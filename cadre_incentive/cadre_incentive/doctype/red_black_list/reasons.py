"""One sentence for each entry: rule, numbers, threshold. Written once, in the site's language."""

from collections.abc import Callable

import frappe
from frappe import _

from cadre_incentive.readings.rates import ON_TIME, RESOLUTION, SATISFACTION
from cadre_incentive.scoring import Judged, Rules, Verdict


def sentence_maker(metric: str, rules: Rules) -> Callable[[Judged], str]:
    """A function from an entry to its reason; templates are translated once for a whole list."""
    lang = frappe.db.get_single_value("System Settings", "language") or "en"
    counted = _counted(metric, lang)
    templates = _templates(lang)

    def sentence(entry: Judged) -> str:
        return templates[entry.verdict].format(
            counted.format(entry.k, entry.n, f"{100 * entry.rate:.1f}"),
            low=_percent(entry.low, rules.red_line),
            high=_percent(entry.high, rules.black_line),
            red=f"{rules.red_line:g}",
            black=f"{rules.black_line:g}",
            place=entry.place,
            red_limit=rules.red_limit,
            black_limit=rules.black_limit,
            minimum=rules.minimum_sample,
        )

    return sentence


def _counted(metric: str, lang: str) -> str:
    return {
        ON_TIME: _("{0} of {1} on time ({2} %)", lang),
        RESOLUTION: _("{0} of {1} resolved ({2} %)", lang),
        SATISFACTION: _("{0} of {1} satisfied ({2} %)", lang),
    }[metric]


def _templates(lang: str) -> dict[Verdict, str]:
    return {
        Verdict.RED: _(
            "Red: {0}, lower bound {low} % reaches the red line {red} %, "
            "place {place} from the top of its track",
            lang,
        ),
        Verdict.BLACK: _(
            "Black: {0}, upper bound {high} % is under the black line {black} %, "
            "place {place} from the bottom of its track",
            lang,
        ),
        Verdict.BEYOND_RED_LIMIT: _(
            "Not listed: {0}, lower bound {low} % reaches the red line {red} %, "
            "but at place {place} it is not among the best {red_limit} of its track",
            lang,
        ),
        Verdict.BEYOND_BLACK_LIMIT: _(
            "Not listed: {0}, upper bound {high} % is under the black line {black} %, "
            "but at place {place} it is not among the lowest {black_limit} of its track",
            lang,
        ),
        Verdict.NOT_SIGNIFICANT: _(
            "Not significant: {0}, the interval {low} % to {high} % neither reaches the red line {red} % "
            "nor stays under the black line {black} %",
            lang,
        ),
        Verdict.TOO_SMALL: _("Sample too small, not ranked: {0}, fewer than {minimum} cases", lang),
    }


def _percent(share: float, line: float) -> str:
    """One decimal, or as many as it takes not to round a bound onto the line that it misses."""
    value = 100 * share
    for digits in (1, 2, 3, 4):
        text = f"{value:.{digits}f}"
        if float(text) != line or value == line:
            return text
    return f"{value:.9f}"
