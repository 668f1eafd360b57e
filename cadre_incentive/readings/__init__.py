"""Set-wise readings: records in, one small table per metric and period out (policy A4, E1)."""

from cadre_incentive.readings.period import Period
from cadre_incentive.readings.rates import METRICS, Reading, read

__all__ = ["METRICS", "Period", "Reading", "read"]
