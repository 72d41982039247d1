// Tells some minutes before the session ends, and offers to stay. Other tabs may have gone on: the server knows.
const WARN = 5 * 60;
const AGAIN = 20;

async function ask(box, method) {
  const headers = { Accept: "application/json" };
  if (method === "POST") headers["X-CSRFToken"] = box.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(box.dataset.session, { method, headers, redirect: "manual" });
  return answer.ok ? (await answer.json()).seconds_left : 0;
}

export function watchSession(root) {
  const box = root.querySelector("[data-session]");
  if (!box) return;
  const words = box.querySelector("[data-session-words]");
  const stay = box.querySelector("button");
  const signIn = box.querySelector("a");
  const whole = Number(box.dataset.seconds);
  const warn = Math.min(WARN, whole / 3);
  let timer;

  const plan = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(check, seconds * 1000);
  };

  async function check(method = "GET") {
    let left;
    try {
      left = await ask(box, method);
    } catch {
      plan(AGAIN); // no network now
      return;
    }
    show(left);
    if (left > 0) plan(left > warn ? left - warn : Math.min(AGAIN, left + 1));
  }

  function show(left) {
    box.hidden = left > warn;
    const minutes = Math.max(1, Math.round(left / 60));
    words.textContent = left
      ? `U wordt over ${minutes} ${minutes === 1 ? "minuut" : "minuten"} uitgelogd, omdat u een tijd niets deed.`
      : "U bent uitgelogd. Wat u typte, staat er nog als u op deze pagina opnieuw inlogt.";
    stay.hidden = left === 0;
    signIn.hidden = left > 0;
  }

  box.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    check("POST");
  });
  plan(whole - warn);
}
