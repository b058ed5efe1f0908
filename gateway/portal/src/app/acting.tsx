import { createContext, useContext } from "react";
import type { NamedAgency, Role } from "../api/shapes";

/** The agency that the address names, and what the person may do for it. */
export interface Acting {
  agency: NamedAgency;
  delegated: boolean;
  roles: Role[];
}

const ActingContext = createContext<Acting | null>(null);
export const ActingProvider = ActingContext.Provider;

/** Code of the agency acted for; null on pages without one. */
export const useActing = () => useContext(ActingContext)?.agency.agency ?? null;

/** For pages under `/a/CODE`, which are shown only to who may act for the agency. */
export function useActingFor(): Acting {
  const acting = useContext(ActingContext);
  if (!acting) throw new Error("this page stands outside /a/CODE");
  return acting;
}

export const useMay = (...roles: Role[]) => {
  const acting = useContext(ActingContext);
  return roles.some((role) => acting?.roles.includes(role));
};

/** A path of the portal under the agency acted for. */
export const pathFor = (agency: string, page = "") => `/a/${encodeURIComponent(agency)}${page}`;
