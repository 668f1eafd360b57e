// Signs in without leaving the page, so that a wrong password is said beside the form.
document.getElementById("login").addEventListener("submit", async (event) => {
	event.preventDefault();
	const form = event.target;
	const error = document.getElementById("error");
	error.textContent = "";
	const answer = await fetch(form.action, {
		method: "POST",
		headers: { Accept: "application/json" },
		body: new URLSearchParams(new FormData(form)),
	});
	if (answer.ok) {
		location.assign("/");
	} else {
		error.textContent = error.dataset.text;
	}
});

// The answer is the same for every name, so that nobody learns who has an account.
document.getElementById("forgot").addEventListener("click", async (event) => {
	const user = document.getElementById("usr");
	if (!user.reportValidity()) return;
	await fetch("/api/method/frappe.core.doctype.user.user.reset_password", {
		method: "POST",
		headers: { Accept: "application/json" },
		body: new URLSearchParams({ user: user.value }),
	});
	document.getElementById("error").textContent = event.target.dataset.text;
});
