// Filters of the report; the button rebuilds the period's lists for those who may.
frappe.query_reports["Satisfaction Score"] = {
    filters: [
        { fieldname: "period", label: __("Period", null, "Red Black List"), fieldtype: "Data", description: "YYYY-MM" },
        { fieldname: "board", label: __("Board"), fieldtype: "Link", options: "List Board" },
        { fieldname: "track", label: __("Track"), fieldtype: "Link", options: "Assessment Track" },
    ],

    onload: (report) => cadre_incentive.lists.add_rebuild_button(report),
};
