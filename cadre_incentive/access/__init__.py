"""Who sees what. User Permission assigns people to units; this package decides, also where a link is empty.

One condition for each DocType serves the lists (`permission_query_conditions`) and the documents
(`has_permission`) alike, so that the two cannot differ.
"""

from cadre_incentive.access.hooks import has_permission, permission_query_conditions
from cadre_incentive.access.units import visible_units

__all__ = ["has_permission", "permission_query_conditions", "visible_units"]
