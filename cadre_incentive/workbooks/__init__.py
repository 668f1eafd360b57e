"""Excel for leaders (policy E7)."""

from cadre_incentive.workbooks.leaders import write as write_workbook

__all__ = ["write_workbook"]
