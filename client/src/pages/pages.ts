/** What the pages of Intake run (docs/decisions/0013): which form there is says which page this is. */
import { askPage } from "./ask.ts";
import { prepare } from "./device.ts";
import { practisePage } from "./practise.ts";
import { returnPage } from "./return.ts";

const form = document.querySelector<HTMLFormElement>("form[data-form]");
switch (form?.dataset.form) {
  case "ask":
    prepare();
    askPage(form);
    break;
  case "return":
    prepare();
    returnPage(form);
    break;
  case "practise":
    practisePage(form);
}
