import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { read } from "../../api/client";
import type { NamedAgency } from "../../api/shapes";
import { useActingFor } from "../../app/acting";
import { useWords } from "../../words/use";

/** The way up from the authority that is shown to the own agency. */
const MOST_LEVELS = 8;

async function levelsUp(from: string, own: NamedAgency, acting: string): Promise<NamedAgency[]> {
  const levels: NamedAgency[] = [];
  let code: string | null = from;
  while (code && levels.length < MOST_LEVELS) {
    if (code === own.agency) break;
    const found: string = code;
    const answer = await read("/api/v1/agencies", { query: { agency: found }, acting });
    const agency = answer.agencies[0];
    levels.unshift({ agency: found, name: agency?.name ?? found });
    code = agency?.supervising_agency ?? null;
  }
  return [own, ...levels];
}

export function Levels(props: { authority: string; to: (code: string) => string }) {
  const { authority, to } = props;
  const { t } = useWords();
  const { agency: own } = useActingFor();
  const { data } = useQuery({
    queryKey: [own.agency, "levels", authority],
    queryFn: () => levelsUp(authority, own, own.agency),
  });
  const levels = data ?? [own];
  return (
    <nav className="crumbs" aria-label={t.rates.levels}>
      <ol>
        {levels.map(({ agency, name }, at) => (
          <li key={agency}>
            {at === levels.length - 1 ? (
              <span aria-current="page">{name}</span>
            ) : (
              <Link to={to(agency)}>{name}</Link>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
