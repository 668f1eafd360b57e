// Filters and colours of the report; the button rebuilds the period's lists for those who may.
frappe.query_reports["Red Black List"] = {
    filters: [
        { fieldname: "period", label: __("Period"), fieldtype: "Data", description: "YYYY-MM" },
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

    onload(report) {
        const rebuilders = ["System Manager", "Incentive Administrator", "Assessment Officer"];
        if (!rebuilders.some((role) => frappe.user.has_role(role))) return;
        report.page.add_inner_button(__("Rebuild"), () => {
            const { period, board } = report.get_values();
            if (!period) {
                frappe.msgprint(__("Choose the period to rebuild (YYYY-MM)."));
                return;
            }
            frappe.call({
                method: "cadre_incentive.api.lists.rebuild",
                type: "POST",
                args: { period, board },
                freeze: true,
                freeze_message: __("Rebuilding …"),
                callback({ message }) {
                    const failed = (message || []).filter((outcome) => outcome.error);
                    failed.forEach(({ board, error }) => {
                        const escape = frappe.utils.escape_html;
                        frappe.msgprint(`${escape(board)}: ${escape(error)}`);
                    });
                    report.refresh();
                },
            });
        });
    },
};
