// Rebuild and Publish: both ask the server, which decides who may and whether anything changes.
frappe.ui.form.on("Red Black List", {
    refresh(frm) {
        if (frm.is_new()) return;
        const may = (roles) => roles.some((role) => frappe.user.has_role(role));

        if (frm.doc.status !== "Superseded" && cadre_incentive.lists.may_rebuild()) {
            frm.add_custom_button(__("Rebuild", null, "Red Black List"), () => rebuild(frm));
        }
        if (frm.doc.docstatus === 0 && may(["System Manager", "Incentive Administrator"])) {
            frm.add_custom_button(__("Publish"), () => publish(frm)).addClass("btn-primary");
        }
        if (frm.doc.calendar_note) frm.set_intro(frappe.utils.escape_html(frm.doc.calendar_note), "yellow");
    },
});

function rebuild(frm) {
    frappe.call({
        method: "cadre_incentive.api.lists.rebuild",
        type: "POST",
        args: { period: frm.doc.period, board: frm.doc.board },
        freeze: true,
        freeze_message: __("Rebuilding …"),
        callback({ message }) {
            const { name } = message[0];
            if (name === frm.doc.name) {
                frm.reload_doc();
            } else {
                frappe.set_route("Form", "Red Black List", name);
            }
        },
    });
}

function publish(frm) {
    const question = __("Publish {0}? It cannot be changed afterwards, and its black entries post strikes.", [
        frm.doc.name,
    ]);
    frappe.confirm(question, () =>
        frappe.call({
            method: "cadre_incentive.api.lists.publish",
            type: "POST",
            args: { name: frm.doc.name },
            freeze: true,
            callback: () => frm.reload_doc(),
        })
    );
}
