// What several of the app's desk pages share.
frappe.provide("cadre_incentive.lists");

const REBUILDERS = ["System Manager", "Incentive Administrator", "Assessment Officer"];

cadre_incentive.lists.may_rebuild = () => REBUILDERS.some((role) => frappe.user.has_role(role));

// A button on a report with the filters period and board: rebuilds these lists, for those who may.
cadre_incentive.lists.add_rebuild_button = (report) => {
    if (!cadre_incentive.lists.may_rebuild()) return;
    report.page.add_inner_button(__("Rebuild", null, "Red Black List"), () => {
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
                const escape = frappe.utils.escape_html;
                (message || [])
                    .filter((outcome) => outcome.error)
                    .forEach(({ board, error }) => frappe.msgprint(`${escape(board)}: ${escape(error)}`));
                report.refresh();
            },
        });
    });
};

// A field of a document is labelled in the words of its DocType, but the desk shows a stored option in the
// words of anybody: "Red" is a list here and a colour elsewhere. An option that has no words of its own
// DocType reads as before.
frappe.form.formatters.Select = (value, df) =>
    __(frappe.form.formatters.Data(value, df), null, df && df.parent);
