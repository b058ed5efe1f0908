/** The version of the package, put in at build time. */
declare const __VERSION__: string;
/** Name and contact of the operating unit, put in at build time; "" if none is named. */
declare const __CONTACT__: string;
