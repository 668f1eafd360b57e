"""Numbers as Frappe reads, rounds and writes them."""

import math

import frappe

number_format_info = {
    "#,###.##": (".", ",", 2),
    "#.###,##": (",", ".", 2),
    "# ###.##": (".", " ", 2),
    "# ###,##": (",", " ", 2),
    "#'###.##": (".", "'", 2),
    "#, ###.##": (".", ", ", 2),
    "#,##,###.##": (".", ",", 2),
    "#,###.###": (".", ",", 3),
    "#.###": ("", ".", 0),
    "#,###": ("", ",", 0),
    "#.########": (".", "", 8),
}


def flt(s, precision: int | None = None, rounding_method: str | None = None) -> float:
    """A float, rounded to `precision` by the site's method; 0.0 if it is none. Commas are ignored."""
    if isinstance(s, str):
        s = s.replace(",", "")
    try:
        number = float(s)
        if precision is not None:
            number = rounded(number, precision, rounding_method)
    except frappe.InvalidRoundingMethod:
        raise
    except Exception:
        return 0.0
    return number


def cint(s, default: int = 0) -> int:
    """An int (cut, not rounded), or `default`."""
    try:
        return int(s)
    except Exception:
        try:
            return int(float(s))
        except Exception:
            return default


def floor(s) -> int:
    try:
        return cint(math.floor(flt(s)))
    except Exception:
        return 0


def ceil(s) -> int:
    try:
        return cint(math.ceil(flt(s)))
    except Exception:
        return 0


def cstr(s, encoding: str = "utf-8") -> str:
    return frappe.as_unicode(s, encoding)


def sbool(x):
    """`"true"`/`"1"` and `"false"`/`"0"` as a bool; anything else as it is."""
    try:
        text = x.lower()
    except Exception:
        return x
    return True if text in ("true", "1") else False if text in ("false", "0") else x


def rounded(num, precision=0, rounding_method: str | None = None):
    """Round by the given method, else that of System Settings, else `Banker's Rounding (legacy)`."""
    precision = cint(precision)
    method = rounding_method or frappe.get_system_settings("rounding_method") or "Banker's Rounding (legacy)"
    if method not in _ROUNDING:
        frappe.throw(
            frappe._("Unknown Rounding Method: {}").format(method),
            exc=frappe.InvalidRoundingMethod,
        )
    return _ROUNDING[method](num, precision)


def _least_step(num) -> float:
    """Distance between neighbouring floats at `num`: what representation may have taken from a five."""
    return 2.0 ** (math.log(abs(num), 2) - 52.0)


def _bankers_rounding_legacy(num, precision):
    # To the even neighbour only without decimals; with decimals a half goes up.
    scale = 10**precision
    num = round(num * scale if precision else num, 8)
    below = math.floor(num)
    if num - below != 0.5:
        num = round(num)
    elif precision:
        num = below + 1
    else:
        num = below + below % 2
    return num / scale if precision else num


def _bankers_rounding(num, precision):
    scale = 10**precision
    num = round(num * scale, 12)
    if num == 0:
        return 0.0
    below = math.floor(num)
    if abs(num - below - 0.5) < _least_step(num):
        num = below if below % 2 == 0 else below + 1
    else:
        num = round(num)
    return num / scale


def _round_away_from_zero(num, precision):
    if num == 0:
        return 0.0
    return round(num + math.copysign(_least_step(num), num), precision)


_ROUNDING = {
    "Banker's Rounding (legacy)": _bankers_rounding_legacy,
    "Banker's Rounding": _bankers_rounding,
    "Commercial Rounding": _round_away_from_zero,
}


def remainder(numerator, denominator, precision: int = 2):
    precision = cint(precision)
    scale = 10**precision
    rest = (numerator * scale) % (denominator * scale) / scale if precision else numerator % denominator
    return flt(rest, precision)


def safe_div(numerator, denominator, precision: int = 2) -> float:
    """The quotient, rounded; 0.0 where the denominator is 0."""
    return flt(0.0 if denominator == 0 else float(numerator) / denominator, cint(precision))


def get_number_format_info(format: str) -> tuple[str, str, int]:
    """Decimal sign, thousands sign and decimals of a number format."""
    return number_format_info.get(format) or (".", ",", 2)


def fmt_money(amount, precision: int | None = None, currency: str | None = None, format: str | None = None):
    """An amount with thousands signs by the site's number format. Currencies are not answered here."""
    if currency:
        raise NotImplementedError("frappe.utils.fmt_money(currency=…)")
    number_format = format or frappe.db.get_default("number_format") or "#,###.##"
    decimal_sign, comma, format_precision = get_number_format_info(number_format)
    if precision is None:
        precision = cint(frappe.db.get_default("currency_precision")) or format_precision
    if isinstance(amount, str):
        amount = flt(amount, precision)
    amount = amount or 0

    if decimal_sign and precision > 2:
        # Decimals that are not there are not shown: a long precision falls back to what the amount has.
        text = str(round(amount % 1, precision))
        decimals = text.split(".")[1] if "." in text else text
        if len(decimals) < 3:
            precision = format_precision
        elif len(decimals) < precision:
            precision = len(decimals)

    text = f"{round(flt(amount), precision):.{precision}f}"
    negative = flt(text) < 0
    whole, _dot, decimals = text.lstrip("-").partition(".")
    group = 2 if number_format == "#,##,###.##" else 3
    groups = [whole[-3:]]
    whole = whole[:-3]
    while whole:
        groups.insert(0, whole[-group:])
        whole = whole[:-group]
    out = comma.join(groups) + (decimal_sign + decimals if precision and decimal_sign else "")
    return f"-{out}" if negative and out != "0" else out
