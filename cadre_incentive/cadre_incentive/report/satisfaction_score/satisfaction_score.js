// Filters of the report; the button rebuilds the period's lists for those who may.
frappe.query_reports["Satisfaction Score"] = {
    filters: [
        { fieldname: "period", label: __("Period"), fieldtype: "Data", description: "YYYY-MM" },
        { fieldname: "board", label: __("Board"), fieldtype: "Link", options: "List Board" },
        { fieldname: "track", label: __("Track"), fieldtype: "Link", options: "Assessment Track" },
    ],

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
