// Small helps on every page. Each works on markup that is complete without it.
import { autosave } from "./autosave.js";
import { countAnswers } from "./counts.js";
import { focusErrorSummary } from "./errors.js";
import { closeMenus } from "./menu.js";
import { guardForms } from "./guard.js";
import { keepTyped } from "./keep.js";
import { answerByKeys } from "./keys.js";
import { watchSession } from "./session.js";

focusErrorSummary(document);
closeMenus(document);
autosave(document);
countAnswers(document);
guardForms(document);
keepTyped(document);
watchSession(document);
answerByKeys(document);
