// Sends the new password with the key of the mailed link, then goes on to sign-in.
document.getElementById("update-password").addEventListener("submit", async (event) => {
	event.preventDefault();
	const form = event.target;
	const error = document.getElementById("error");
	error.textContent = "";
	const body = new URLSearchParams(new FormData(form));
	body.set("key", new URLSearchParams(location.search).get("key") || "");
	const answer = await fetch(form.action, {
		method: "POST",
		headers: { Accept: "application/json" },
		body,
	});
	if (answer.ok) {
		location.assign("/login");
	} else {
		error.textContent = error.dataset.text;
	}
});
