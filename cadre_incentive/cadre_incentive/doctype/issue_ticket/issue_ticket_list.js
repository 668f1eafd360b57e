// The colour of a ticket in the list: overdue before everything else.
const COLOURS = {
  Reported: "orange",
  "In Progress": "blue",
  Resolved: "green",
  Closed: "gray",
  Cancelled: "gray",
};

const state = (value) => __(value, null, "Issue Ticket");

frappe.listview_settings["Issue Ticket"] = {
  add_fields: ["state", "due_on"],
  get_indicator(doc) {
    const today = frappe.datetime.get_today();
    const open = ["Reported", "In Progress"].includes(doc.state);
    if (open && doc.due_on && doc.due_on < today) {
      return [__("Overdue"), "red", `due_on,<,${today}|resolved_on,is,not set`];
    }
    return [state(doc.state), COLOURS[doc.state], `state,=,${doc.state}`];
  },
  formatters: { state },
};
