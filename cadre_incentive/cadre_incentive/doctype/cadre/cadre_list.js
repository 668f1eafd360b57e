// Whether a cadre is in service, in the words of the DocType.
frappe.listview_settings["Cadre"] = {
    add_fields: ["status"],
    get_indicator: (doc) => [
        __(doc.status, null, "Cadre"),
        doc.status === "Active" ? "green" : "gray",
        `status,=,${doc.status}`,
    ],
};
