// A form with data-passkey takes along what the browser's passkey says: 'get' shows one, 'create' makes one.
// The options stand on the page (data-options: id of the JSON), or are asked at the form's own address.
async function options(form) {
  const onPage = document.getElementById(form.dataset.options);
  if (onPage) return JSON.parse(onPage.textContent).publicKey;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`No options: ${answer.status}`);
  return (await answer.json()).request_options.publicKey;
}

async function ask(form) {
  const publicKey = await options(form);
  if (form.dataset.passkey === "get") {
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
  }
  const alone = form.elements.passwordless?.checked;
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: Boolean(alone),
    ...(alone && { userVerification: "required" }),
  };
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
}

function prepare(form) {
  const field = form.elements.credential;
  const problem = form.querySelector("[data-passkey-error]");
  field.value = ""; // an empty field of this kind says 'null'
  form.hidden = false;
  form.closest("[data-other-ways]")?.removeAttribute("hidden");
  form.addEventListener("submit", async (event) => {
    if (field.value) return;
    event.preventDefault();
    problem.hidden = true;
    try {
      field.value = JSON.stringify(await ask(form));
    } catch {
      // Also when the person closed the question of the browser.
      problem.hidden = false;
      return;
    }
    form.requestSubmit();
  });
}

const isKnown = typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON === "function";
if (isKnown) document.querySelectorAll("form[data-passkey]").forEach(prepare);
else document.querySelector("[data-passkey-unsupported]")?.removeAttribute("hidden");
