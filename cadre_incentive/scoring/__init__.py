"""Pure rules over small tables: no frappe, no database, no clock (policy E1, D3, A4)."""

from cadre_incentive.scoring.intervals import wilson
from cadre_incentive.scoring.lists import BLACK, RED, Judged, Rules, Sample, Verdict, judge

__all__ = ["BLACK", "RED", "Judged", "Rules", "Sample", "Verdict", "judge", "wilson"]
