// Small helps on every page. Each works on markup that is complete without it.
import { focusErrorSummary } from "./errors.js";
import { closeMenus } from "./menu.js";
import { guardForms } from "./guard.js";

focusErrorSummary(document);
closeMenus(document);
guardForms(document);
