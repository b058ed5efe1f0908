import { send } from "../api/client";
import { sameTabs } from "./tabs";

/** What the person has to be told about the time that is left. */
export type Warning = "none" | "idle" | "end" | "over" | "other_person";

export const logInAddress = (returnTo: string) =>
  `/auth/login?return_to=${encodeURIComponent(returnTo)}`;

/** Says that the person is there, and asks how much time that gives. */
export async function stay(ask: () => Promise<void>) {
  await send("POST", "/api/v1/session", { acting: null });
  sameTabs.tell("stayed");
  await ask();
}
