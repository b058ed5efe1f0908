import { oneOf, text, wholeNumber } from "./address";

/** How lists say their page in the address. */
export const tokenPages = { page_token: text(), n: wholeNumber(1) };
export const countedPages = {
  page: wholeNumber(1),
  page_size: oneOf([20, 50, 100] as const, 20),
};
export const firstPage = { page_token: "", n: 1 };
