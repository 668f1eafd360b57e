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
