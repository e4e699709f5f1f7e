/**
 * What makes the Desk's pages nicer and nothing works without it for: a notice when something changed, keys, drafts. It keeps
 * nothing in the browser and asks nobody but the Desk.
 */
import { draftAreas } from "./drafts.ts";
import { keys } from "./keys.ts";
import { live } from "./live.ts";
import { page } from "./page.ts";

page();
live();
keys();
draftAreas();
