// Filters and colours of the report; the button rebuilds the period's lists for those who may.
frappe.query_reports["Red Black List"] = {
    filters: [
        { fieldname: "period", label: __("Period", null, "Red Black List"), fieldtype: "Data", description: "YYYY-MM" },
        { fieldname: "board", label: __("Board"), fieldtype: "Link", options: "List Board" },
        { fieldname: "track", label: __("Track"), fieldtype: "Link", options: "Assessment Track" },
    ],

    formatter(value, row, column, data, default_formatter) {
        const shown = default_formatter(value, row, column, data);
        if (column.fieldname !== "colour" || !data) return shown;
        if (data.is_red) return `<span class="indicator-pill red">${shown}</span>`;
        if (data.is_black) return `<span class="indicator-pill darkgrey">${shown}</span>`;
        return shown;
    },

    onload: (report) => cadre_incentive.lists.add_rebuild_button(report),
};
