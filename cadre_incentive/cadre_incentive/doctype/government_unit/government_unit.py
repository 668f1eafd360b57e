from frappe.utils.nestedset import NestedSet


class GovernmentUnit(NestedSet):
    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from cadre_incentive.cadre_incentive.doctype.government_unit_principal.government_unit_principal import GovernmentUnitPrincipal
        from frappe.types import DF

        enabled: DF.Check
        is_group: DF.Check
        lft: DF.Int
        old_parent: DF.Link | None
        parent_government_unit: DF.Link | None
        principals: DF.Table[GovernmentUnitPrincipal]
        rgt: DF.Int
        succeeded_by: DF.Link | None
        track: DF.Link | None
        unit_code: DF.Data
        unit_name: DF.Data
    # end: auto-generated types

    pass
