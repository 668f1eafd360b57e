// The state of a list, a draft's too: the desk would call it by the words of any submittable document.
const COLOURS = { Draft: "orange", Published: "green", Superseded: "gray" };

frappe.listview_settings["Red Black List"] = {
    add_fields: ["status"],
    has_indicator_for_draft: true,
    get_indicator: (doc) => [
        __(doc.status, null, "Red Black List"),
        COLOURS[doc.status],
        `status,=,${doc.status}`,
    ],
};
